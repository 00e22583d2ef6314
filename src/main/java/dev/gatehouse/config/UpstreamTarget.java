package dev.gatehouse.config;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * One server that answers for an app: an origin (RFC 6454 §4), or a Unix-domain socket. Immutable.
 *
 * @param origin scheme, host and port; for a socket {@code http://localhost}
 * @param socket an absolute path; empty for TCP
 */
public record UpstreamTarget(URI origin, Optional<Path> socket) {
  private static final URI LOCALHOST = URI.create("http://localhost");
  private static final String UNIX = "unix:";

  public UpstreamTarget {
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(socket, "socket");
  }

  /** A server that is reached by TCP. */
  public static UpstreamTarget at(URI origin) {
    return new UpstreamTarget(origin, Optional.empty());
  }

  /**
   * Reads {@code http://HOST:PORT}, {@code https://HOST:PORT} or {@code unix:/PATH}, the last also
   * as {@code unix:///PATH} and as nginx has it: {@code http://unix:/PATH}.
   */
  static Optional<UpstreamTarget> parse(String text) {
    String plain = text.regionMatches(true, 0, "http://" + UNIX, 0, 12) ? text.substring(7) : text;
    if (plain.regionMatches(true, 0, UNIX, 0, UNIX.length())) {
      return socket(plain.substring(UNIX.length()));
    }
    return WebUrl.parse(text)
        .filter(uri -> WebUrl.excess(uri).isEmpty() && uri.getRawPath().matches("/?"))
        .map(
            uri ->
                at(
                    URI.create(
                        uri.getScheme().toLowerCase(Locale.ROOT) + "://" + uri.getRawAuthority())));
  }

  private static Optional<UpstreamTarget> socket(String text) {
    String file = text.startsWith("///") ? text.substring(2) : text;
    try {
      return file.startsWith("/") && !file.startsWith("//") && file.length() > 1
          ? Optional.of(new UpstreamTarget(LOCALHOST, Optional.of(Path.of(file))))
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Whether it is reached with TLS. */
  public boolean isTls() {
    return origin.getScheme().equals("https");
  }

  /** Whether requests to it cannot leave this machine. */
  public boolean isLocal() {
    return socket.isPresent() || Loopback.isHost(origin.getHost());
  }

  /** As operators know it: the origin, or {@code unix:} and the path. */
  @Override
  public String toString() {
    return socket.map(path -> UNIX + path).orElseGet(origin::toString);
  }
}
