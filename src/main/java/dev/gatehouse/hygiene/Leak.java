package dev.gatehouse.hygiene;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/**
 * A token where it does not belong, as it may be told: what, where and whose, never the value
 * (TH-LEAK-6). Every text is either fixed by the configuration or by the code, or a host name.
 *
 * @param at when
 * @param route the pattern of the rule that holds for the request; {@link #NO_ROUTE} where none was
 *     looked for
 * @param name as it is watched, or {@link TokenScanner#JWT_VALUE}, {@link TokenScanner#OWN_VALUE}
 *     or {@link #SESSION_ID}
 * @param place where it stood
 * @param fingerprint 8 hex digits of an HMAC of the value, to tell one token from another
 * @param outcome what became of it
 * @param secondDecoding whether the name came out only when it was decoded a second time
 * @param referringHost the host of the page that led here; empty where it is not known
 * @param agentFamily what kind of client it was, as {@link AgentFamily#of} says
 */
public record Leak(
    Instant at,
    String route,
    String name,
    Place place,
    String fingerprint,
    Outcome outcome,
    boolean secondDecoding,
    String referringHost,
    String agentFamily) {
  /** The name of an app's session id in a path, which is counted and never refused (TH-PATH-4). */
  public static final String SESSION_ID = ";jsessionid";

  /** In place of a pattern: the gateway's own paths, and paths that are no path. */
  public static final String NO_ROUTE = "(none)";

  public Leak {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(route, "route");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(fingerprint, "fingerprint");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(referringHost, "referringHost");
    Objects.requireNonNull(agentFamily, "agentFamily");
  }

  /** Where a token stood: in the request up to {@link #HEADER}, then in the app's answer. */
  public enum Place {
    QUERY,
    FORM,
    MULTIPART,
    PATH,
    REFERER,
    HEADER,
    LOCATION,
    REFRESH,
    LINK,
    CONTENT_LOCATION,
    BODY;

    /** The word for logs and reports, such as {@code content-location}. */
    public String word() {
      return Leak.word(this);
    }
  }

  /** What became of a token. */
  public enum Outcome {
    /** The request was refused, or the app's answer was. */
    REFUSED,
    /** The token was taken out. */
    STRIPPED,
    /** It went on as it was. */
    REPORTED;

    /** The word for logs and reports. */
    public String word() {
      return Leak.word(this);
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
