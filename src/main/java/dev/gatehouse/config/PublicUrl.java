package dev.gatehouse.config;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;

/**
 * The URL under which browsers know the app. Everything absolute that the gateway writes is made
 * from it and from nothing the client sends (TH-AUTHZ-4). Immutable.
 *
 * @param scheme {@code https}, or {@code http} in loopback development
 * @param authority host, and port where it is not the scheme's default, in lower case
 * @param basePath empty, or a path such as {@code /shop} without a slash at its end
 */
public record PublicUrl(String scheme, String authority, String basePath) {
  public PublicUrl {
    Objects.requireNonNull(scheme, "scheme");
    Objects.requireNonNull(authority, "authority");
    Objects.requireNonNull(basePath, "basePath");
  }

  /** Reads an absolute http(s) URL that has been checked to have no query, fragment or userinfo. */
  public static PublicUrl of(URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    int port = uri.getPort();
    boolean defaultPort = port == -1 || port == (scheme.equals("https") ? 443 : 80);
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    return new PublicUrl(scheme, defaultPort ? host : host + ":" + port, path);
  }

  /** Whether cookies get the {@code Secure} attribute and the {@code __Host-} prefix. */
  public boolean https() {
    return scheme.equals("https");
  }

  /** The host alone, in lower case. */
  public String host() {
    return hasPort() ? authority.substring(0, authority.lastIndexOf(':')) : authority;
  }

  private boolean hasPort() {
    return authority.lastIndexOf(':') > authority.lastIndexOf(']');
  }

  /** The same scheme, port and base path at another host. */
  public PublicUrl at(String otherHost) {
    String port = hasPort() ? authority.substring(authority.lastIndexOf(':')) : "";
    return new PublicUrl(scheme, otherHost + port, basePath);
  }

  /** Scheme, host and port: the app's web origin (RFC 6454 §6.1). */
  public String origin() {
    return scheme + "://" + authority;
  }

  /** The absolute URL of {@code path}, which begins with a slash and is below the base path. */
  public String resolve(String path) {
    return origin() + basePath + path;
  }

  @Override
  public String toString() {
    return origin() + basePath;
  }
}
