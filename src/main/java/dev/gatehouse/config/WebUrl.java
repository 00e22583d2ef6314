package dev.gatehouse.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** Tells what is wrong with a URL that has to be absolute, http(s), and plain. */
final class WebUrl {
  private WebUrl() {}

  /** The URL, where it is absolute with scheme http or https and a host. */
  static Optional<URI> parse(String text) {
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      boolean web = scheme.equals("https") || scheme.equals("http");
      boolean port = uri.getPort() >= -1 && uri.getPort() <= 65_535 && uri.getPort() != 0;
      return web && uri.getHost() != null && port ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** What {@code uri} has that it must not have; empty where all is well. */
  static Optional<String> excess(URI uri) {
    if (uri.getRawUserInfo() != null) {
      return Optional.of("has a user name before the host; remove it");
    }
    if (uri.getRawFragment() != null) {
      return Optional.of("has a fragment (#…); remove it");
    }
    if (uri.getRawQuery() != null) {
      return Optional.of("has a query (?…); remove it");
    }
    return Optional.empty();
  }

  /** Whether it travels in the clear. */
  static boolean isPlain(URI uri) {
    return uri.getScheme().equalsIgnoreCase("http");
  }
}
