package dev.gatehouse.proxy;

import dev.gatehouse.config.PublicUrl;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The origins under which an app knows itself: its addresses, and the Host that it was asked for
 * with its own schemes. Immutable.
 */
final class AppOrigins {
  private final String publicOrigin;
  private final List<String> internal;

  AppOrigins(List<URI> apps, PublicUrl publicUrl) {
    this.publicOrigin = publicUrl.origin();
    List<String> origins = new ArrayList<>();
    for (URI app : apps) {
      String scheme = app.getScheme().toLowerCase(Locale.ROOT);
      origins.add(origin(scheme, app.getRawAuthority()));
      origins.add(origin(scheme, publicUrl.authority()));
    }
    this.internal = origins.stream().distinct().toList();
  }

  String publicOrigin() {
    return publicOrigin;
  }

  /** Where the path begins behind an origin of the app; negative for any other reference. */
  int pathAfterOrigin(String reference) {
    int authority = reference.indexOf("//");
    if (authority < 0) {
      return -1;
    }
    int path = end(reference, authority + 2);
    return isInternal(reference.substring(0, path)) ? path : -1;
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

  private static String origin(String scheme, String authority) {
    return explicitPort(scheme + ":", authority);
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
