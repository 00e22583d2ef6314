package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.identity.Identity;
import java.util.List;
import java.util.Optional;

/**
 * How a request goes on to the app, and how the app's answer goes back. A door copies the client
 * request, leaves out every field that {@link #removes}, passes Cookie through {@link #cookie} and
 * Referer through {@link #referer}, adds {@link #added}, and applies {@link #answer} to the app's
 * answer. Immutable, safe for concurrent use.
 */
public interface Forward {
  /** The public URL that the request came to. */
  PublicUrl publicUrl();

  /** The one path that was judged (TH-PATH-1). */
  RequestPath path();

  /**
   * The path of the upstream request line: the judged one, with {@code ;jsessionid=…} where the
   * rule forwards it (TH-PATH-4).
   *
   * @param rawPath as it came; its parser let at most that parameter pass, at the end
   */
  default String upstreamPath(String rawPath) {
    return path().sessionIdInUrl() && rule().handling().forwardPathParameters()
        ? path().forwarded() + rawPath.substring(rawPath.indexOf(';'))
        : path().forwarded();
  }

  /**
   * The query to send on: as it came, or without a token that was stripped; null where there is
   * none.
   */
  String rawQuery();

  /**
   * The query without tokens, for a URL that a door makes itself: {@link #rawQuery} may hold one
   * that is only reported (TH-LEAK-15); null where there is none.
   */
  default String cleanQuery() {
    return rawQuery();
  }

  /** Who the user is; empty where the app is not told. */
  Optional<Identity> identity();

  /** The rule that let the request pass. */
  AccessRule rule();

  /**
   * Whether the inbound field {@code name} must not reach the app: identity fields in every
   * spelling, fields of untrusted proxies, URL and method overrides, credentials meant for the
   * gateway. Cookie is never removed here. Allocates nothing.
   */
  boolean removes(String name);

  /** The Cookie value without the gateway's own cookies; null when nothing is left. */
  String cookie(String value);

  /** The Referer value without a token (TH-LEAK-11); null when nothing is left. */
  String referer(String value);

  /** What is added after the removal: identity and X-Forwarded-* fields. */
  List<HeaderField> added();

  /**
   * Whether what let this request pass still holds, for a WebSocket that outlives it (TH-HTTP-11).
   *
   * @param used whether this counts as use of the session (TH-SES-5)
   */
  boolean stillHolds(boolean used);

  /** How the app's answer is changed on its way to the browser. */
  AnswerPolicy answer();
}
