package dev.gatehouse.session;

import java.time.Duration;

/**
 * Writes {@code Set-Cookie} lines: HttpOnly, SameSite=Lax, Path=/, no Domain, and Secure with https
 * (RFC 6265bis §4.1, TH-SES-1, TH-STATE-9). Immutable.
 */
public record SetCookie(boolean https) {
  /** A cookie that lives as long as the browser runs. */
  public String session(String name, String value) {
    return name + "=" + value + attributes();
  }

  /** A cookie that lives at most {@code maxAge}. */
  public String lasting(String name, String value, Duration maxAge) {
    return name + "=" + value + "; Max-Age=" + maxAge.toSeconds() + attributes();
  }

  /**
   * A cookie that lives at most {@code maxAge} and travels with requests from other sites. Browsers
   * take such a one only with Secure, on loopback too (RFC 6265bis §5.7).
   */
  public String crossSite(String name, String value, Duration maxAge) {
    return name
        + "="
        + value
        + "; Max-Age="
        + maxAge.toSeconds()
        + "; Path=/; HttpOnly; SameSite=None; Secure";
  }

  /** Removes a cookie of ours: the same attributes, no value, no life. */
  public String removal(String name) {
    return name + "=; Max-Age=0" + attributes();
  }

  /** Removes a cookie of the app, which may have any of the usual attributes. */
  public String foreignRemoval(String name, String path) {
    return name + "=; Max-Age=0; Path=" + path + (https ? "; Secure" : "");
  }

  private String attributes() {
    return "; Path=/; HttpOnly; SameSite=Lax" + (https ? "; Secure" : "");
  }
}
