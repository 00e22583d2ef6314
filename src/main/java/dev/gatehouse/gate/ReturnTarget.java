package dev.gatehouse.gate;

import dev.gatehouse.config.PublicUrl;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/**
 * Where a browser is sent after a login or a logout: to a page of this app or to nowhere else
 * (TH-REDIR-1 to TH-REDIR-6). What cannot be proven harmless ends at the app's root.
 *
 * <p>Every answer is either a path with an optional query that begins with the base path and can
 * stand in {@code Location} as it is, or an absolute URL of an allowed origin. It holds visible
 * ASCII only and never a fragment. All methods are pure.
 */
public final class ReturnTarget {
  /** The longest target; a longer one ends at the root. */
  public static final int MAX_CHARS = 2048;

  private static final String RESERVED_PREFIX = "/gatehouse";

  private ReturnTarget() {}

  /**
   * The target that somebody asked for with a parameter, such as {@code rd}.
   *
   * @param candidate the parameter's value, decoded once; may be null
   * @param allowedOrigins web origins such as {@code https://other.example} that an absolute URL
   *     may name; compared as parsed origins
   */
  public static String safe(String candidate, PublicUrl publicUrl, List<String> allowedOrigins) {
    return checked(candidate, publicUrl, allowedOrigins)
        .filter(target -> target.length() <= MAX_CHARS)
        .orElse(home(publicUrl));
  }

  /** As the other one, where the parameter may have come any number of times: only one counts. */
  public static String safe(
      List<String> candidates, PublicUrl publicUrl, List<String> allowedOrigins) {
    return candidates.size() == 1
        ? safe(candidates.get(0), publicUrl, allowedOrigins)
        : home(publicUrl);
  }

  /**
   * The page that an intercepted request asked for; its query comes back byte for byte.
   *
   * <p>Takes every path that {@link RequestPath} took, so also {@code /a%25b}, which {@link #safe}
   * refuses: the request would have reached the app with that path, had there been a session.
   *
   * @param rawQuery the query as it came; null where there is none
   */
  public static String intercepted(RequestPath path, String rawQuery, PublicUrl publicUrl) {
    String target = rawQuery == null ? path.forwarded() : path.forwarded() + '?' + rawQuery;
    return target.length() <= MAX_CHARS
            && path.forwarded().startsWith("/")
            && !isReserved(path.canonical())
            && (rawQuery == null || isVisibleAscii(rawQuery) && rawQuery.indexOf('#') < 0)
        ? target
        : home(publicUrl);
  }

  /** The app's root. */
  private static String home(PublicUrl publicUrl) {
    return publicUrl.basePath() + "/";
  }

  private static Optional<String> checked(
      String candidate, PublicUrl publicUrl, List<String> allowedOrigins) {
    if (candidate == null
        || candidate.isEmpty()
        || candidate.length() > MAX_CHARS
        || !isVisibleAscii(candidate)
        || candidate.indexOf('\\') >= 0) {
      return Optional.empty();
    }
    if (candidate.charAt(0) == '/') {
      return ReturnReference.read(candidate)
          .flatMap(reference -> below(publicUrl.basePath(), reference));
    }
    return WebOrigin.ofUrl(candidate)
        .filter(origin -> isAllowed(origin, allowedOrigins))
        .flatMap(origin -> onAllowedOrigin(candidate, origin, publicUrl));
  }

  private static Optional<String> onAllowedOrigin(
      String url, WebOrigin origin, PublicUrl publicUrl) {
    boolean own = WebOrigin.ofUrl(publicUrl.origin()).filter(origin::equals).isPresent();
    return ReturnReference.read(WebOrigin.afterAuthority(url))
        .flatMap(reference -> below(own ? publicUrl.basePath() : "", reference))
        .map(target -> origin + target);
  }

  private static boolean isAllowed(WebOrigin origin, List<String> allowedOrigins) {
    return allowedOrigins.stream()
        .anyMatch(allowed -> WebOrigin.ofUrl(allowed).filter(origin::equals).isPresent());
  }

  /** Judges the path as the path of a request is judged, so that no target ends in a 400. */
  private static Optional<String> below(String basePath, ReturnReference reference) {
    if (RequestPath.parse(reference.path(), basePath, Optional.empty())
            instanceof RequestPath.Parsed.Ok ok
        && !isReserved(ok.path().canonical())) {
      return Optional.of(ok.path().forwarded() + reference.query())
          .filter(ReturnTarget::secondParserAgrees);
    }
    return Optional.empty();
  }

  private static boolean secondParserAgrees(String target) {
    try {
      URI uri = new URI(target);
      return !uri.isAbsolute()
          && uri.getRawAuthority() == null
          && uri.getRawFragment() == null
          && uri.getRawPath().startsWith("/");
    } catch (URISyntaxException notAUri) {
      return false;
    }
  }

  /** Logout, redirection endpoint and the rest are no place to come back to (TH-REDIR-5). */
  private static boolean isReserved(String canonical) {
    int end = RESERVED_PREFIX.length();
    return canonical.regionMatches(true, 0, RESERVED_PREFIX, 0, end)
        && (canonical.length() == end || canonical.charAt(end) == '/');
  }

  private static boolean isVisibleAscii(String text) {
    return text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }
}
