package dev.gatehouse.config;

import dev.gatehouse.access.Cidr;
import dev.gatehouse.config.Node.Scalar;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads where the gateway is, where the app is, and whom it believes. */
final class AddressSettings {
  private static final Pattern SCHEME = Pattern.compile("(?i)([a-z][a-z0-9+.-]*):.*");
  private static final Pattern BASE_PATH = Pattern.compile("(?:/[A-Za-z0-9._~!$&'()+,=@-]+)*/?");

  private final Values values;
  private final Door door;

  AddressSettings(Values values, Door door) {
    this.values = values;
    this.door = door;
  }

  /** The public URL (TH-CFG-6, TH-CFG-7, TH-CFG-8). */
  Optional<PublicUrl> publicUrl(boolean allowHttp) {
    String key = "public-url";
    Optional<String> text = values.required(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (isForeignScheme(text.get())) {
      values.error(
          "redirect-scheme",
          key,
          "makes a redirect URI whose scheme is not https; write https://HOST");
      return Optional.empty();
    }
    Optional<URI> uri = WebUrl.parse(text.get());
    Optional<String> wrong =
        uri.isEmpty()
            ? Optional.of("is no absolute URL; write https://HOST, with a path if the app has one")
            : WebUrl.excess(uri.get()).or(() -> basePathProblem(uri.get()));
    wrong.ifPresent(message -> values.error("public-url", key, message));
    boolean safe = uri.isEmpty() || isSafe(uri.get(), allowHttp);
    return wrong.isEmpty() && safe ? uri.map(PublicUrl::of) : Optional.empty();
  }

  private static boolean isForeignScheme(String text) {
    var matcher = SCHEME.matcher(text);
    return text.equalsIgnoreCase("oob")
        || matcher.matches() && !matcher.group(1).matches("(?i)https?");
  }

  private static Optional<String> basePathProblem(URI uri) {
    return isPlainPath(uri.getRawPath() == null ? "" : uri.getRawPath())
        ? Optional.empty()
        : Optional.of(
            "has a path with empty or dot segments, escapes, wildcards or a semicolon; write it"
                + " plainly, such as /shop");
  }

  /** Whether {@code path} has one reading only: no dots, no escapes, nothing empty. */
  static boolean isPlainPath(String path) {
    boolean dots = List.of(path.split("/")).stream().anyMatch(part -> part.matches("\\.{1,2}"));
    return !dots && BASE_PATH.matcher(path).matches();
  }

  private boolean isSafe(URI uri, boolean allowHttp) {
    if (!WebUrl.isPlain(uri)) {
      return true;
    }
    boolean loopback = Loopback.isHost(uri.getHost());
    if (loopback && allowHttp) {
      values.warn(
          "insecure-redirect",
          "public-url",
          "is http: codes and cookies travel in the clear. For development on this machine only");
      return true;
    }
    values.error(
        "insecure-redirect",
        "public-url",
        loopback
            ? "is http; write https, or insecure-allow-http: true for development on this machine"
            : "is http: anybody on the way could take the authorization code; write https");
    return false;
  }

  /** Where the standalone gateway listens. */
  Optional<HostPort> listen() {
    if (door == Door.STANDALONE && values.required("listen").isEmpty()) {
      return Optional.empty();
    }
    return hostPort("listen");
  }

  /** Where health is served. */
  Optional<HostPort> management(Optional<HostPort> listen) {
    Optional<HostPort> management = hostPort("management.listen");
    if (management.isEmpty()) {
      return management;
    }
    HostPort own = management.get();
    if (own.port() != 0 && listen.filter(other -> other.port() == own.port()).isPresent()) {
      values.error(
          "port-conflict", "management.listen", "has the same port as listen; give it its own");
    }
    if (!Loopback.isHost(own.host())) {
      values.warn(
          "management-exposed",
          "management.listen",
          "is not a loopback address: whoever reaches it reads what is meant for operators");
    }
    return management;
  }

  /** An address to listen on; tells where the text is none. */
  Optional<HostPort> hostPort(String key) {
    Optional<String> text = values.text(key);
    Optional<HostPort> address = text.flatMap(HostPort::parse);
    if (text.isPresent() && address.isEmpty()) {
      values.error(
          "listen",
          key,
          "is " + values.shown(key) + "; write ADDRESS:PORT, such as 0.0.0.0:8443 or [::1]:8443");
    }
    return address;
  }

  /** Peers whose forwarding fields are believed. */
  List<Cidr> trustedProxies() {
    String key = "trusted-proxies";
    List<Cidr> blocks = new ArrayList<>();
    values.items(key).forEach((place, item) -> block(place, item).ifPresent(blocks::add));
    return blocks;
  }

  private Optional<Cidr> block(String place, Scalar item) {
    Optional<Cidr> block = Cidr.parse(item.text());
    if (block.isEmpty() && values.isSound(place)) {
      values.error(
          "cidr",
          place,
          "is "
              + item.shown()
              + "; write the first address of a block and its length, such as 10.0.0.0/8");
    } else if (block.isPresent() && block.get().prefixLength() == 0) {
      values.error(
          "cidr", place, "is " + item.shown() + ", which is everybody; name the proxies alone");
    }
    return block;
  }
}
