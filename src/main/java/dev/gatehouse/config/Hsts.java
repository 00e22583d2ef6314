package dev.gatehouse.config;

import java.time.Duration;
import java.util.Objects;

/**
 * What browsers are told about https (RFC 6797). Immutable.
 *
 * @param enabled whether they are told anything; default true
 * @param maxAge how long they keep to https; default two years, zero makes them forget
 * @param includeSubdomains whether that holds for all names below the host; default false
 * @param preload whether the owner agrees that browsers are shipped with it; default false
 */
public record Hsts(boolean enabled, Duration maxAge, boolean includeSubdomains, boolean preload) {
  /** The name of the field. */
  public static final String FIELD = "Strict-Transport-Security";

  /** Two years, as the preload lists ask; no subdomains: they are not ours to decide about. */
  public static final Hsts DEFAULT = new Hsts(true, Duration.ofDays(730), false, false);

  public Hsts {
    Objects.requireNonNull(maxAge, "maxAge");
  }

  /** The value of the field (RFC 6797 §6.1). */
  public String value() {
    return "max-age="
        + maxAge.toSeconds()
        + (includeSubdomains ? "; includeSubDomains" : "")
        + (preload ? "; preload" : "");
  }
}
