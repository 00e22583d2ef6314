package dev.gatehouse.gate;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Scheme, host and port of an http(s) URL, compared as a whole (RFC 6454 §4, §5).
 *
 * @param scheme {@code http} or {@code https}
 * @param host in lower case
 * @param port never -1
 */
record WebOrigin(String scheme, String host, int port) {
  // Two slashes at once, no userinfo, no escapes and nothing outside ASCII in the host: of all the
  // spellings that browsers mend, this is the one that needs no mending.
  private static final Pattern URL =
      Pattern.compile(
          "(https?)://([a-z0-9.-]+|\\[[0-9a-f:.]+])(?::([0-9]{1,5}))?([/?#].*)?",
          Pattern.CASE_INSENSITIVE);

  /** The origin of an absolute URL; empty when the two parsers do not agree on it (TH-REDIR-2). */
  static Optional<WebOrigin> ofUrl(String url) {
    Matcher matcher = URL.matcher(url);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String scheme = matcher.group(1).toLowerCase(Locale.ROOT);
    String host = matcher.group(2).toLowerCase(Locale.ROOT);
    int port = matcher.group(3) == null ? -1 : Integer.parseInt(matcher.group(3));
    try {
      URI uri = new URI(url.substring(0, matcher.end(matcher.group(3) == null ? 2 : 3)));
      if (!host.equalsIgnoreCase(uri.getHost())
          || port != uri.getPort()
          || uri.getRawUserInfo() != null
          || port > 65535) {
        return Optional.empty();
      }
    } catch (URISyntaxException notAUri) {
      return Optional.empty();
    }
    return Optional.of(new WebOrigin(scheme, host, port == -1 ? defaultPort(scheme) : port));
  }

  /**
   * What stands in an Origin field (RFC 6454 §7.1); empty for {@code null}, and for anything that
   * has more than an origin has.
   */
  static Optional<WebOrigin> ofOrigin(String origin) {
    return origin.isEmpty() || afterOrigin(origin) != null ? Optional.empty() : ofUrl(origin);
  }

  private static String afterOrigin(String url) {
    Matcher matcher = URL.matcher(url);
    return matcher.matches() ? matcher.group(4) : null;
  }

  /** What follows scheme and authority in a URL that {@link #ofUrl} took: at least a slash. */
  static String afterAuthority(String url) {
    Matcher matcher = URL.matcher(url);
    String rest = matcher.matches() && matcher.group(4) != null ? matcher.group(4) : "";
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  /** As it stands in {@code Location}, without a default port. */
  @Override
  public String toString() {
    return scheme + "://" + host + (port == defaultPort(scheme) ? "" : ":" + port);
  }
}
