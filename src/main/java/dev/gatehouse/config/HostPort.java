package dev.gatehouse.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An address to listen on; port 0 takes a free one. */
public record HostPort(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9._-]+)):(\\d{1,5})");

  /** Reads {@code HOST:PORT} or {@code [IPv6]:PORT}; empty for anything else. */
  public static Optional<HostPort> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65_535) {
      return Optional.empty();
    }
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return Optional.of(new HostPort(host, Integer.parseInt(matcher.group(3))));
  }

  /** Whether only this machine reaches it. */
  public boolean loopback() {
    return Loopback.isHost(host);
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
