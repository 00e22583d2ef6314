package dev.gatehouse.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.seal.Sealer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a browser wants to go after the OP has signed it out, sealed into a cookie that only the
 * {@code state} of that very logout opens (TH-OUT-2). Immutable, safe for concurrent use.
 */
public final class LogoutCookie {
  private static final Duration LIFETIME = Duration.ofMinutes(10);

  private final Sealer sealer;
  private final CookieNames names;
  private final SetCookie setCookie;

  /**
   * @param sealer for this purpose alone
   */
  public LogoutCookie(Sealer sealer, CookieNames names, SetCookie setCookie) {
    this.sealer = Objects.requireNonNull(sealer, "sealer");
    this.names = Objects.requireNonNull(names, "names");
    this.setCookie = Objects.requireNonNull(setCookie, "setCookie");
  }

  /**
   * The {@code Set-Cookie} line that remembers {@code target} for the return with {@code state}.
   */
  public String begin(String state, String target, Instant now) {
    String sealed = sealer.seal((state + "\n" + target).getBytes(UTF_8), now.plus(LIFETIME));
    return setCookie.lasting(name(state), sealed, LIFETIME);
  }

  /** The target that was remembered for this state in this browser. */
  public Optional<String> find(String state, CookieJar cookies, Instant now) {
    String value = cookies.transactions().get(id(state));
    if (value == null) {
      return Optional.empty();
    }
    return sealer
        .open(value)
        .filter(opened -> now.isBefore(opened.expiresAt()))
        .map(opened -> new String(opened.plaintext(), UTF_8))
        .filter(text -> text.startsWith(state + "\n"))
        .map(text -> text.substring(state.length() + 1));
  }

  /** The line that removes the cookie. */
  public String removal(String state) {
    return setCookie.removal(name(state));
  }

  private String name(String state) {
    return names.transactionPrefix() + id(state);
  }

  private static String id(String state) {
    return TransactionCookies.id(state);
  }
}
