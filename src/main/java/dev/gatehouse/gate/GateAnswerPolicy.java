package dev.gatehouse.gate;

import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.session.CookieNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/**
 * The app's answers on their way to the browser: no gateway cookie from the app (TH-SES-6), nothing
 * of a known user in shared caches (TH-SES-10, TH-HTTP-14), no referrer that tells too much
 * (TH-LEAK-12), HSTS with https (TH-HTTP-15). Immutable, safe for concurrent use.
 */
final class GateAnswerPolicy implements AnswerPolicy {
  private static final String REFERRER_POLICY = "strict-origin-when-cross-origin";

  /** At least as strict as the default of browsers (Referrer Policy §3). */
  private static final Set<String> STRICT_REFERRER_POLICIES =
      Set.of("no-referrer", "same-origin", "strict-origin", REFERRER_POLICY);

  private final boolean personal;
  private final List<HeaderField> defaults;
  private final List<HeaderField> added;

  /**
   * @param hsts what browsers are told about https; empty where it is not to be spoken of
   * @param personal whether the app is told who the user is
   * @param varies whether the answer could differ by the user, told or not
   * @param setCookies lines that go out with the app's answer
   */
  GateAnswerPolicy(
      Optional<HeaderField> hsts, boolean personal, boolean varies, List<String> setCookies) {
    this.personal = personal;
    List<HeaderField> defaultFields = new ArrayList<>();
    defaultFields.add(new HeaderField("Referrer-Policy", REFERRER_POLICY));
    hsts.ifPresent(defaultFields::add);
    if (personal) {
      defaultFields.add(new HeaderField("Cache-Control", "private, no-store"));
    }
    this.defaults = List.copyOf(defaultFields);
    List<HeaderField> addedFields = new ArrayList<>();
    if (varies) {
      addedFields.add(new HeaderField("Vary", "Cookie, Authorization"));
    }
    setCookies.forEach(line -> addedFields.add(new HeaderField("Set-Cookie", line)));
    this.added = List.copyOf(addedFields);
  }

  @Override
  public String field(String name, String value) {
    switch (name.length()) {
      case 10:
        return name.equalsIgnoreCase("Set-Cookie") && setsOwnCookie(value) ? null : value;
      case 13:
        return personal && name.equalsIgnoreCase("Cache-Control") ? privately(value) : value;
      case 15:
        return name.equalsIgnoreCase("Referrer-Policy") ? strictly(value) : value;
      default:
        return personal && addressesSharedCaches(name) ? null : value;
    }
  }

  @Override
  public List<HeaderField> defaults() {
    return defaults;
  }

  @Override
  public List<HeaderField> added() {
    return added;
  }

  private static boolean setsOwnCookie(String line) {
    int end = line.indexOf(';');
    String pair = (end < 0 ? line : line.substring(0, end)).strip();
    int equals = pair.indexOf('=');
    String name = equals < 0 ? pair : pair.substring(0, equals).strip();
    if (name.isEmpty()) {
      // A nameless cookie comes back as its bare value, which may look like a name and a value.
      String value = pair.substring(equals + 1).strip();
      int inner = value.indexOf('=');
      name = inner < 0 ? value : value.substring(0, inner).strip();
    }
    return CookieNames.reserved(name);
  }

  /** Targeted cache control (RFC 9213) and its forerunner would outdo Cache-Control. */
  static boolean addressesSharedCaches(String name) {
    return name.equalsIgnoreCase("CDN-Cache-Control")
        || name.equalsIgnoreCase("Surrogate-Control")
        || name.equalsIgnoreCase("Cloudflare-CDN-Cache-Control");
  }

  /**
   * The app's directives without those for shared caches, and {@code private} (RFC 9111 §5.2.2).
   */
  private static String privately(String value) {
    StringJoiner kept = new StringJoiner(", ");
    boolean closed = false;
    for (String element : value.split(",")) {
      String directive = element.strip();
      String lower = directive.toLowerCase(Locale.ROOT);
      if (directive.isEmpty()
          || lower.equals("public")
          || lower.startsWith("s-maxage")
          || lower.equals("must-understand") // lets a cache pass over no-store (§5.2.2.3)
          || lower.startsWith("private")) {
        continue;
      }
      closed |= lower.equals("no-store");
      kept.add(directive);
    }
    return closed ? kept.toString() : "private" + (kept.length() == 0 ? "" : ", " + kept);
  }

  private static String strictly(String value) {
    // The last policy that a browser knows is the one that holds (Referrer Policy §8.1).
    String[] policies = value.split(",");
    String last = policies.length == 0 ? "" : policies[policies.length - 1];
    return STRICT_REFERRER_POLICIES.contains(last.strip().toLowerCase(Locale.ROOT))
        ? value
        : REFERRER_POLICY;
  }
}
