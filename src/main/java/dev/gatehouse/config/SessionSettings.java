package dev.gatehouse.config;

import dev.gatehouse.config.GatehouseConfig.Login;
import dev.gatehouse.config.GatehouseConfig.Logout;
import dev.gatehouse.config.GatehouseConfig.Session;
import dev.gatehouse.config.GatehouseConfig.SessionStoreKind;
import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.seal.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads how long logins and sessions live, and what ends with them. */
final class SessionSettings {
  // RFC 6265 §4.1.1: cookie-name is a token (RFC 9110 §5.6.2).
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private final Values values;
  private final SecretChecks secrets;

  SessionSettings(Values values, SecretChecks secrets) {
    this.values = values;
    this.secrets = secrets;
  }

  /** Limits of a login attempt. */
  Login login() {
    return new Login(
        values.duration("login.transaction-lifetime"),
        values.number("login.max-pending"),
        values.flag("login.shared-redirect-uri"));
  }

  /** Limits and keys of sessions. */
  Session session() {
    SessionStoreKind store = store();
    checkSameSite();
    Duration idle = values.duration("session.idle-timeout");
    Duration lifetime = values.duration("session.max-lifetime");
    if (values.isSound("session.idle-timeout", "session.max-lifetime")
        && idle.compareTo(lifetime) > 0) {
      values.error(
          "session-lifetimes",
          "session.idle-timeout",
          "is "
              + shown("session.idle-timeout")
              + ", longer than session.max-lifetime ("
              + shown("session.max-lifetime")
              + "); the session would always end first. Lower it or raise the other");
    }
    List<Secret> keys = keys();
    if (store == SessionStoreKind.COOKIE && values.items("session.keys").isEmpty()) {
      values.warn(
          "session-keys-missing",
          "session.keys",
          "is empty: every restart ends all sessions, and a second node could not read them");
    }
    return new Session(
        store,
        idle,
        lifetime,
        keys,
        keyFiles(),
        values.number("session.max-sessions"),
        paths("session.polling-paths"));
  }

  private List<Secret> keys() {
    List<Secret> keys = new ArrayList<>();
    values
        .items("session.keys")
        .forEach(
            (place, key) -> {
              if (values.isSound(place)) {
                secrets.checkKey(place, key).ifPresent(keys::add);
              }
            });
    return keys;
  }

  private List<Optional<Path>> keyFiles() {
    return values.items("session.keys").values().stream().map(values::wholeFile).toList();
  }

  private String shown(String key) {
    return values.shown(key).replace("\"", "");
  }

  private SessionStoreKind store() {
    String key = "session.store";
    if (values.text(key).orElse("").equals("redis")) {
      values.error(
          "not-in-this-version", key, "is redis, not in this version; write memory or cookie");
      return SessionStoreKind.MEMORY;
    }
    return values
        .choice(key)
        .map(choice -> SessionStoreKind.valueOf(choice.toUpperCase(Locale.ROOT)))
        .orElse(SessionStoreKind.MEMORY);
  }

  private void checkSameSite() {
    String key = "session.same-site";
    if (values.text(key).orElse("lax").equals("strict")) {
      values.error(
          "same-site",
          key,
          "is strict: the return from the OP would come without the cookie and loop; write lax");
    } else {
      values.choice(key);
    }
  }

  private List<String> paths(String key) {
    values.items(key).forEach((place, path) -> RulePath.check(values, place, path));
    return values.texts(key);
  }

  /** What happens at a logout beside the gateway's own session. */
  Logout logout() {
    String key = "logout.app-cookies";
    values.items(key).forEach(this::checkCookieName);
    return new Logout(
        values.texts(key),
        paths("logout.app-paths"),
        values.flag("logout.withhold-id-token"),
        values.flag("logout.clear-site-data"));
  }

  private void checkCookieName(String place, Scalar cookie) {
    if (!TOKEN.matcher(cookie.text()).matches()) {
      values.error(
          "cookie-name", place, "is " + cookie.shown() + "; write a cookie name, as JSESSIONID");
    } else if (cookie.text().matches("(?i)(__host-)?gh_[st].*")) {
      values.error(
          "cookie-name",
          place,
          "is the gateway's own cookie, which a logout ends anyway; remove it");
    }
  }
}
