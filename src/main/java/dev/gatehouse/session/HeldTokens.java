package dev.gatehouse.session;

import dev.gatehouse.seal.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * {@link SessionTokens} as a session keeps them: packed, with what every request asks about at
 * hand. Safe for concurrent use.
 */
final class HeldTokens {
  private static final int ACCESS_TOKEN = 0;
  private static final int REFRESH_TOKEN = 1;
  private static final long NEVER = Long.MAX_VALUE;

  private final byte[] packed;
  private final long expiresAtMillis;
  private final boolean assumed;
  private final boolean renewable;

  /** Unpacked from the first time on that an app is to get it; a race costs one more copy. */
  private volatile Optional<Secret> accessToken;

  HeldTokens(SessionTokens tokens) {
    this.packed =
        PackedTokens.of(
            List.of(
                tokens.accessToken().map(Secret::reveal),
                tokens.refreshToken().map(Secret::reveal)));
    this.expiresAtMillis = tokens.expiresAt().map(Instant::toEpochMilli).orElse(NEVER);
    this.assumed = tokens.assumed();
    this.renewable = tokens.refreshToken().isPresent() || assumed;
  }

  SessionTokens unpacked() {
    return new SessionTokens(
        PackedTokens.secret(packed, ACCESS_TOKEN),
        PackedTokens.secret(packed, REFRESH_TOKEN),
        expiresAtMillis == NEVER
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(expiresAtMillis)),
        assumed);
  }

  Optional<Secret> usable(Instant now) {
    if (expired(now)) {
      return Optional.empty();
    }
    Optional<Secret> known = accessToken;
    if (known == null) {
      known = PackedTokens.secret(packed, ACCESS_TOKEN);
      accessToken = known;
    }
    return known;
  }

  boolean refreshDue(Instant now) {
    return renewable
        && expiresAtMillis != NEVER
        && now.toEpochMilli() >= expiresAtMillis - SessionTokens.EARLY.toMillis();
  }

  boolean expired(Instant now) {
    return now.toEpochMilli() >= expiresAtMillis;
  }
}
