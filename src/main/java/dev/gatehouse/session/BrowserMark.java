package dev.gatehouse.session;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Tells browsers apart that share an address, from the first code of theirs that the OP rejected
 * (TH-DOS-4): a cookie with a random value. Whoever drops it is a new browser, and is counted by
 * address alone. Immutable, safe for concurrent use.
 */
public final class BrowserMark {
  /** Beside the ids of login attempts; none of these is that short. */
  static final String ID = "browser";

  /** As long as rejected codes are remembered. */
  private static final Duration LIFETIME = Duration.ofMinutes(10);

  private static final int MAX_CHARS = 64;

  private final CookieNames names;
  private final SetCookie setCookie;

  /** Marks under {@code names}. */
  public BrowserMark(CookieNames names, SetCookie setCookie) {
    this.names = Objects.requireNonNull(names, "names");
    this.setCookie = Objects.requireNonNull(setCookie, "setCookie");
  }

  /** The mark that a browser brought; it may have made it up, which helps it to nothing. */
  public Optional<SessionKey> find(CookieJar cookies) {
    return Optional.ofNullable(cookies.transactions().get(ID))
        .filter(value -> value.length() <= MAX_CHARS)
        .map(SessionKey::of);
  }

  /**
   * The {@code Set-Cookie} line that marks a browser with {@code value}, which is random.
   *
   * @param crossSite whether its codes come as forms from the OP's page, and the mark has to come
   *     along
   */
  public String line(String value, boolean crossSite) {
    String name = names.transactionPrefix() + ID;
    return crossSite
        ? setCookie.crossSite(name, value, LIFETIME)
        : setCookie.lasting(name, value, LIFETIME);
  }
}
