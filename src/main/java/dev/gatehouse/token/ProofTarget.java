package dev.gatehouse.token;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;

/**
 * The URL that a DPoP proof was made for, in the one form by which two spellings of it are equal
 * (RFC 9449 §4.3, RFC 3986 §6.2.2 and §6.2.3).
 */
final class ProofTarget {
  private ProofTarget() {}

  /**
   * The normal form of {@code url}.
   *
   * @return empty where it is no http(s) URL, or has what {@code htu} must not have: a query, a
   *     fragment (§4.2), user information
   */
  static Optional<String> of(String url) {
    try {
      URI uri = new URI(url);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      boolean web = scheme.equals("https") || scheme.equals("http");
      if (!web
          || uri.getHost() == null
          || uri.getRawUserInfo() != null
          || uri.getRawQuery() != null
          || uri.getRawFragment() != null) {
        return Optional.empty();
      }
      int usual = scheme.equals("https") ? 443 : 80;
      String port = uri.getPort() == -1 || uri.getPort() == usual ? "" : ":" + uri.getPort();
      String host = uri.getHost().toLowerCase(Locale.ROOT);
      return Optional.of(scheme + "://" + host + port + path(uri.getRawPath()));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  // §6.2.3: an empty path is "/". §6.2.2.3: dot segments lead nowhere.
  private static String path(String raw) {
    if (raw == null || raw.isEmpty()) {
      return "/";
    }
    String[] segments = escapes(raw).substring(1).split("/", -1);
    Deque<String> kept = new ArrayDeque<>();
    for (int i = 0; i < segments.length; i++) {
      boolean last = i == segments.length - 1;
      boolean up = segments[i].equals("..");
      if (up) {
        kept.pollLast();
      }
      if (!up && !segments[i].equals(".")) {
        kept.addLast(segments[i]);
      } else if (last) {
        kept.addLast("");
      }
    }
    return "/" + String.join("/", kept);
  }

  // §6.2.2.1, §6.2.2.2: hex digits in upper case, and no escape where none is needed. URI has seen
  // to it that two hex digits follow each percent sign.
  private static String escapes(String raw) {
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    StringBuilder normal = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      if (raw.charAt(i) != '%') {
        normal.append(raw.charAt(i));
        continue;
      }
      char c = (char) Integer.parseInt(raw.substring(i + 1, i + 3), 16);
      if (isUnreserved(c)) {
        normal.append(c);
      } else {
        normal.append(raw.substring(i, i + 3).toUpperCase(Locale.ROOT));
      }
      i += 2;
    }
    return normal.toString();
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-._~".indexOf(c) >= 0;
  }
}
