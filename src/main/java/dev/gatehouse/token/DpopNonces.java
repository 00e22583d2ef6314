package dev.gatehouse.token;

import dev.gatehouse.seal.Sealer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Nonces that DPoP proofs have to hold, so that none can be made in advance (RFC 9449 §9, §11.3).
 * Nothing is stored: a nonce is sealed with the time at which it ends, and any node that has the
 * keys knows it as ours. Safe for concurrent use.
 */
public final class DpopNonces {
  /** How long a nonce is good. */
  static final Duration LIFETIME = Duration.ofMinutes(4);

  /** How long the same one is handed out. */
  static final Duration CURRENT = Duration.ofMinutes(1);

  private final Sealer sealer;
  private final Clock clock;
  private volatile Issued latest = new Issued("", Instant.MIN);

  private record Issued(String nonce, Instant until) {}

  /** Nonces that {@code sealer} makes and knows. */
  public DpopNonces(Sealer sealer, Clock clock) {
    this.sealer = sealer;
    this.clock = clock;
  }

  /** The one to hand out now. */
  public String current() {
    Issued now = latest;
    Instant time = clock.instant();
    if (!now.until().isAfter(time) || now.until().isAfter(time.plus(CURRENT))) {
      // Two threads may make one each; both are good.
      now = new Issued(sealer.seal(new byte[0], time.plus(LIFETIME)), time.plus(CURRENT));
      latest = now;
    }
    return now.nonce();
  }

  /** How long {@code nonce} is good from now on; empty where it is not. */
  Optional<Duration> remaining(String nonce) {
    Instant now = clock.instant();
    return sealer
        .open(nonce)
        .map(Sealer.Opened::expiresAt)
        .filter(end -> end.isAfter(now) && !end.isAfter(now.plus(LIFETIME)))
        .map(end -> Duration.between(now, end));
  }

  /** Whether a client that uses a nonce with so much time left should be given another. */
  static boolean isOld(Duration remaining) {
    return remaining.compareTo(LIFETIME.dividedBy(2)) < 0;
  }
}
