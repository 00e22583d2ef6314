package dev.gatehouse.proxy;

import dev.gatehouse.config.PathPrefix;
import java.util.List;
import java.util.Locale;

/**
 * Gives the app's cookies the paths that browsers know, and takes away a Domain of the app's
 * internal name, with which no browser would take them (RFC 6265 §5.3). Immutable; throws for
 * nothing that an app sends.
 */
final class AppCookies {
  private final List<String> internalHosts;
  private final String publicHost;
  private final PathPrefix prefix;

  /**
   * @param prefix null where paths are the same
   */
  AppCookies(List<String> internalHosts, String publicHost, PathPrefix prefix) {
    this.internalHosts =
        internalHosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).distinct().toList();
    this.publicHost = publicHost;
    this.prefix = prefix;
  }

  /** The value of Set-Cookie for the browser. */
  String rewrite(String setCookie) {
    int semicolon = setCookie.indexOf(';');
    if (semicolon < 0) {
      return setCookie;
    }
    // A name with that prefix promises the path / (RFC 6265bis §4.1.3.2).
    boolean rooted = setCookie.stripLeading().regionMatches(true, 0, "__Host-", 0, 7);
    StringBuilder to = new StringBuilder(setCookie.length() + 16);
    to.append(setCookie, 0, semicolon);
    int from = semicolon;
    while (from < setCookie.length()) {
      int next = setCookie.indexOf(';', from + 1);
      int end = next < 0 ? setCookie.length() : next;
      attribute(to, setCookie.substring(from + 1, end), rooted);
      from = end;
    }
    return to.toString();
  }

  private void attribute(StringBuilder to, String attribute, boolean rooted) {
    int equals = attribute.indexOf('=');
    String name = (equals < 0 ? attribute : attribute.substring(0, equals)).strip();
    String value = equals < 0 ? "" : attribute.substring(equals + 1).strip();
    if (name.equalsIgnoreCase("Domain") && isInternal(value)) {
      return;
    }
    to.append(';');
    if (prefix != null && !rooted && name.equalsIgnoreCase("Path") && value.startsWith("/")) {
      to.append(attribute, 0, equals + 1).append(prefix.cookiePath(value));
    } else {
      to.append(attribute);
    }
  }

  /** The app's name, or a domain around it, that is not the public host's too. */
  private boolean isInternal(String domain) {
    String name = (domain.startsWith(".") ? domain.substring(1) : domain).toLowerCase(Locale.ROOT);
    return !name.isEmpty()
        && !isIn(publicHost, name)
        && internalHosts.stream().anyMatch(host -> isIn(host, name));
  }

  private static boolean isIn(String host, String domain) {
    return host.equals(domain) || host.endsWith("." + domain);
  }
}
