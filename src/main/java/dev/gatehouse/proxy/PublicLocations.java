package dev.gatehouse.proxy;

import dev.gatehouse.config.PublicUrl;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Turns the app's own internal origin in its answers into the public one (TH-HTTP-12); all other
 * URLs stay as they are. The app knows itself under two origins: its address, and the Host it was
 * asked for with its own scheme. Immutable.
 */
final class PublicLocations {
  private final String publicOrigin;
  private final List<String> internal;

  PublicLocations(URI upstream, PublicUrl publicUrl) {
    this.publicOrigin = publicUrl.origin();
    String scheme = upstream.getScheme().toLowerCase(Locale.ROOT);
    this.internal =
        List.of(
            origin(URI.create(upstream.getScheme() + "://" + upstream.getRawAuthority())),
            origin(URI.create(scheme + "://" + publicUrl.authority())));
  }

  /** The value to send for a field of the app's answer. */
  String rewrite(HttpField field, String value) {
    HttpHeader header = field.getHeader();
    if (header == HttpHeader.LOCATION || header == HttpHeader.CONTENT_LOCATION) {
      return rewrite(value);
    }
    if (header == null && field.is("Refresh")) {
      int url = value.toLowerCase(Locale.ROOT).indexOf("url=");
      if (url >= 0) {
        int begin = url + "url=".length();
        return value.substring(0, begin) + rewrite(value.substring(begin));
      }
    }
    return value;
  }

  private String rewrite(String reference) {
    int authority = reference.indexOf("//");
    if (authority < 0) {
      return reference;
    }
    int path = end(reference, authority + 2);
    String origin = reference.substring(0, path);
    return isInternal(origin) ? publicOrigin + reference.substring(path) : reference;
  }

  private boolean isInternal(String candidate) {
    for (String origin : internal) {
      String scheme = origin.substring(0, origin.indexOf(':') + 1);
      String absolute = candidate.startsWith("//") ? scheme + candidate : candidate;
      if (absolute.regionMatches(true, 0, scheme + "//", 0, scheme.length() + 2)
          && origin.equals(explicitPort(scheme, absolute.substring(scheme.length() + 2)))) {
        return true;
      }
    }
    return false;
  }

  private static int end(String reference, int from) {
    for (int i = from; i < reference.length(); i++) {
      char c = reference.charAt(i);
      if (c == '/' || c == '?' || c == '#') {
        return i;
      }
    }
    return reference.length();
  }

  private static String origin(URI uri) {
    return explicitPort(uri.getScheme().toLowerCase(Locale.ROOT) + ":", uri.getRawAuthority());
  }

  /** Scheme, host in lower case, and the port in any case, so that origins compare as text. */
  private static String explicitPort(String scheme, String authority) {
    String host = authority.toLowerCase(Locale.ROOT);
    int colon = host.lastIndexOf(':');
    boolean port = colon > host.lastIndexOf(']') && colon >= 0;
    if (port && colon < host.length() - 1) {
      return scheme + "//" + host;
    }
    String bare = port ? host.substring(0, colon) : host;
    return scheme + "//" + bare + (scheme.equals("https:") ? ":443" : ":80");
  }
}
