package dev.gatehouse.gate;

import dev.gatehouse.identity.FieldNames;
import dev.gatehouse.identity.HeaderField;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which fields may come behind a body (RFC 9110 §6.5.1), in either direction and through either
 * door. A recipient that merges them into the head takes them for fields that were judged with it:
 * so none passes that would not have passed there (TH-HDR-2, TH-HTTP-1), and none on which it
 * depends where a message goes, what becomes of it, or who sent it.
 */
public final class TrailerFields {
  /** Its definition lets it be one (RFC 9530 §2), though others that begin so may not. */
  private static final FieldNames DIGESTS =
      new FieldNames(List.of("content-digest", "repr-digest"), List.of());

  private static final FieldNames NEVER =
      new FieldNames(
          Stream.of(
                  framing(),
                  routing(),
                  modifiers(),
                  authentication(),
                  responseControl(),
                  policies())
              .flatMap(List::stream)
              .toList(),
          List.of(
              "content-",
              "proxy-",
              "if-",
              "accept-",
              "x-forwarded-",
              "x-original-",
              "x-accel-",
              "x-sendfile-",
              "access-control-",
              "cross-origin-",
              "sec-",
              "surrogate-"));

  private TrailerFields() {}

  /** Whether a trailer field of a client request may reach the app. Allocates nothing. */
  public static boolean reachesApp(Forward forward, String name) {
    return allowed(name) && !forward.removes(name) && !isIn(forward.added(), name);
  }

  /** Whether a trailer field of the app's answer may reach the client. */
  public static boolean reachesClient(AnswerPolicy policy, String name, String value) {
    return allowed(name)
        && !isIn(policy.defaults(), name)
        && !isIn(policy.added(), name)
        && !policy.refuses(name, value)
        && value.equals(policy.field(name, value));
  }

  private static boolean allowed(String name) {
    return FieldNames.isToken(name) && (!NEVER.contains(name) || DIGESTS.contains(name));
  }

  private static boolean isIn(List<HeaderField> fields, String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> framing() {
    return List.of(
        "transfer-encoding",
        "trailer",
        "te",
        "connection",
        "keep-alive",
        "upgrade",
        "http2-settings",
        "expect",
        "mime-version");
  }

  private static List<String> routing() {
    return List.of(
        "host",
        "via",
        "forwarded",
        "x-forwarded",
        "max-forwards",
        "destination",
        "origin",
        "referer",
        "alt-used",
        "alt-svc",
        "x-sendfile");
  }

  private static List<String> modifiers() {
    return List.of(
        "if",
        "range",
        "cache-control",
        "pragma",
        "accept",
        "prefer",
        "priority",
        "depth",
        "overwrite",
        "lock-token",
        "timeout",
        "early-data",
        "user-agent",
        "from",
        "x-requested-with",
        "x-http-method",
        "x-http-method-override",
        "x-method-override");
  }

  private static List<String> authentication() {
    return List.of(
        "authorization",
        "authentication-info",
        "www-authenticate",
        "cookie",
        "cookie2",
        "set-cookie",
        "set-cookie2",
        "dpop",
        "dpop-nonce",
        "x-api-key",
        "x-auth-token",
        "x-access-token",
        "x-csrf-token",
        "x-xsrf-token");
  }

  private static List<String> responseControl() {
    return List.of(
        "location",
        "refresh",
        "link",
        "date",
        "age",
        "expires",
        "vary",
        "retry-after",
        "warning",
        "allow",
        "last-modified",
        "cdn-cache-control",
        "cloudflare-cdn-cache-control",
        "no-vary-search",
        "sourcemap",
        "x-sourcemap",
        "server",
        "status");
  }

  /** What browsers hold a page to. */
  private static List<String> policies() {
    return List.of(
        "clear-site-data",
        "document-policy",
        "feature-policy",
        "permissions-policy",
        "referrer-policy",
        "strict-transport-security",
        "expect-ct",
        "nel",
        "report-to",
        "reporting-endpoints",
        "origin-agent-cluster",
        "service-worker-allowed",
        "timing-allow-origin",
        "x-content-type-options",
        "x-dns-prefetch-control",
        "x-download-options",
        "x-frame-options",
        "x-permitted-cross-domain-policies",
        "x-robots-tag",
        "x-xss-protection");
  }
}
