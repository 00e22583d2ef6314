package dev.gatehouse.config;

import java.util.Locale;
import java.util.Optional;

/** Reads addresses of apps. */
final class TargetSettings {
  private final Values values;
  private final Optional<HostPort> listen;

  TargetSettings(Values values, Optional<HostPort> listen) {
    this.values = values;
    this.listen = listen;
  }

  /** The server that {@code text} at {@code key} names; empty, and told, where it names none. */
  Optional<UpstreamTarget> target(String key, String text) {
    if (!values.isSound(key)) {
      return Optional.empty();
    }
    Optional<UpstreamTarget> target = UpstreamTarget.parse(text);
    if (target.isEmpty()) {
      values.error(RouteSettings.ONE, key, "is " + values.shown(key) + "; " + remedy(key, text));
      return target;
    }
    if (listen.isPresent() && isSame(target.get(), listen.get())) {
      values.error("upstream-loop", key, "is the gateway's own listen address; name the app's");
    }
    return target;
  }

  private static String remedy(String key, String text) {
    if (text.toLowerCase(Locale.ROOT).startsWith("unix:")) {
      return "write unix: and the absolute path of the socket: unix:/run/app.sock";
    }
    boolean path = WebUrl.parse(text).filter(uri -> WebUrl.excess(uri).isEmpty()).isPresent();
    return "write scheme, host and port alone: http://127.0.0.1:8080"
        + (path && !key.equals(RouteSettings.ONE)
            ? ", and the path at the app in replace-prefix"
            : "");
  }

  private static boolean isSame(UpstreamTarget target, HostPort listen) {
    if (target.socket().isPresent()) {
      return false;
    }
    String host = target.origin().getHost();
    int implied = target.isTls() ? 443 : 80;
    int port = target.origin().getPort() == -1 ? implied : target.origin().getPort();
    return port == listen.port()
        && (host.equalsIgnoreCase(listen.host())
            || Loopback.isHost(host)
                && (Loopback.isHost(listen.host()) || listen.host().matches("0\\.0\\.0\\.0|::")));
  }
}
