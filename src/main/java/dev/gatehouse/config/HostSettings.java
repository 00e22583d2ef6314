package dev.gatehouse.config;

import dev.gatehouse.config.Node.Scalar;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads which further host names are served, and whose users come there. */
final class HostSettings {
  private static final Pattern HOST =
      Pattern.compile(
          "(?=.{1,253}\\z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  private final Values values;
  private final Set<String> providers;

  /**
   * @param providers the names that a host may name
   */
  HostSettings(Values values, Set<String> providers) {
    this.values = values;
    this.providers = providers;
  }

  /**
   * Host names and the names of their providers, in the order of the file.
   *
   * @param own the host of the public URL, which is served in any case
   */
  Map<String, String> read(Optional<String> own) {
    Map<String, String> hosts = new LinkedHashMap<>();
    values
        .map("hosts")
        .forEach(
            (host, node) -> {
              if (node instanceof Scalar name && values.isSound("hosts." + host)) {
                check(host, name, own);
                hosts.put(host, name.text());
              }
            });
    return hosts;
  }

  private void check(String host, Scalar name, Optional<String> own) {
    String key = "hosts." + host;
    if (!HOST.matcher(host).matches()) {
      values.error(
          "host-name",
          key,
          "is no host name; write it in lower case, without scheme and port, as shop.example");
    } else if (own.filter(host::equals).isPresent()) {
      values.error(
          "host-name", key, "is the host of public-url; write default-provider for its users");
    }
    if (!providers.contains(name.text()) && !providers.isEmpty()) {
      values.error(
          "unknown-provider",
          key,
          "is " + name.shown() + "; there are: " + String.join(", ", providers));
    }
  }
}
