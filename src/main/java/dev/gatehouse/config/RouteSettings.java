package dev.gatehouse.config;

import dev.gatehouse.access.AccessRules;
import dev.gatehouse.access.LetterCase;
import dev.gatehouse.config.UpstreamRoute.Balance;
import dev.gatehouse.config.UpstreamRoute.Ejection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads where the standalone gateway sends requests (design: one app, or several by path). */
final class RouteSettings {
  static final String ONE = "upstream";
  static final String SEVERAL = "upstreams";
  private static final int MOST_TARGETS = 64;

  private final Values values;
  private final Door door;
  private final TargetSettings targets;
  private final HealthSettings health;

  RouteSettings(Values values, Door door, Optional<HostPort> listen) {
    this.values = values;
    this.door = door;
    this.targets = new TargetSettings(values, listen);
    this.health = new HealthSettings(values);
  }

  /**
   * Reads {@code upstream} and {@code upstreams}.
   *
   * @param hosts all host names that are served; empty where they are not known
   */
  Upstreams read(List<String> hosts, LetterCase letterCase) {
    boolean several = values.isWritten(SEVERAL);
    boolean needed = door == Door.STANDALONE && !several;
    Optional<String> one = needed ? values.required(ONE) : values.text(ONE);
    Optional<UpstreamTarget> everything = one.flatMap(text -> targets.target(ONE, text));
    int connections = values.number("limits.upstream-connections");
    Upstreams limits =
        new Upstreams(List.of(), connections, values.duration("limits.upstream-keep-alive"));
    if (door != Door.STANDALONE) {
      return limits;
    }
    List<UpstreamRoute> routes = new ArrayList<>();
    for (int i = 0; i < values.places(SEVERAL); i++) {
      String place = SEVERAL + "[" + i + "]";
      if (values.isSound(place)) {
        route(place, hosts).ifPresent(routes::add);
      }
    }
    boolean complete =
        routes.size() == values.places(SEVERAL) && (one.isEmpty() || everything.isPresent());
    everything
        .map(target -> UpstreamRoute.everythingTo(target, values.line(ONE)))
        .ifPresent(routes::add);
    if (several && values.places(SEVERAL) == 0 && one.isEmpty()) {
      values.error("empty", SEVERAL, "names no upstream; write {path: /**, target: URL}");
    }
    if (several && complete) {
      new RouteFindings(values, hosts.isEmpty() ? List.of("") : hosts, letterCase).tell(routes);
    }
    return limits.with(routes);
  }

  private Optional<UpstreamRoute> route(String place, List<String> hosts) {
    Optional<String> path = path(place + ".path");
    Set<String> names = hosts(place + ".host", hosts);
    List<UpstreamTarget> servers = servers(place);
    Optional<String> prefix = prefix(place + ".replace-prefix", path);
    Balance balance = balance(place, servers.size());
    Optional<UpstreamRoute.HealthCheck> check = health.check(place + ".health-check");
    Ejection ejection = health.ejection(place + ".eject", servers.size());
    if (path.isEmpty() || servers.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new UpstreamRoute(
            names, path.get(), servers, prefix, balance, check, ejection, values.line(place)));
  }

  private Optional<String> path(String key) {
    Optional<String> path = values.required(key);
    values.scalar(key).ifPresent(pattern -> RulePath.check(values, key, pattern));
    return path.filter(text -> AccessRules.problemWith(text).isEmpty());
  }

  private Set<String> hosts(String key, List<String> known) {
    Set<String> hosts = new LinkedHashSet<>();
    values
        .items(key)
        .forEach(
            (place, host) -> {
              String name = host.text().toLowerCase(Locale.ROOT);
              hosts.add(name);
              if (!known.isEmpty() && !known.contains(name)) {
                values.error(
                    "unknown-host",
                    place,
                    "is "
                        + host.shown()
                        + "; the host of public-url and those under hosts are served: "
                        + String.join(", ", known));
              }
            });
    if (values.isWritten(key) && hosts.isEmpty()) {
      values.error("empty", key, "names no host; write one, or remove it for all");
    }
    return hosts;
  }

  private List<UpstreamTarget> servers(String place) {
    String one = place + ".target";
    String several = place + ".targets";
    Optional<String> single = values.text(one);
    Map<String, String> texts = new LinkedHashMap<>();
    single.ifPresent(text -> texts.put(one, text));
    values.items(several).forEach((key, item) -> texts.put(key, item.text()));
    if (single.isPresent() && values.isWritten(several)) {
      values.error("target-twice", one, "stands beside targets; write all of them in targets");
      return List.of();
    }
    if (texts.isEmpty() && values.isSound(one, several) && !values.isMisspelt(one)) {
      values.error(
          "missing-key", one, "is missing; write target: http://127.0.0.1:8080, or targets: [...]");
    }
    if (texts.size() > MOST_TARGETS) {
      values.error("too-many", several, "has more than " + MOST_TARGETS + " places; remove some");
      return List.of();
    }
    List<UpstreamTarget> servers = new ArrayList<>();
    texts.forEach((key, text) -> targets.target(key, text).ifPresent(servers::add));
    if (servers.stream().distinct().count() < servers.size()) {
      values.error("duplicate-target", several, "names a target twice; remove one");
    }
    return servers.size() == texts.size() ? servers : List.of();
  }

  /** What stands before the two stars must be the same for every request. */
  private Optional<String> prefix(String key, Optional<String> path) {
    Optional<String> text = values.text(key);
    if (text.isEmpty() || path.isEmpty()) {
      return Optional.empty();
    }
    String before = path.get().substring(0, path.get().length() - Math.min(2, path.get().length()));
    if (!path.get().endsWith("/**") || before.indexOf('*') >= 0) {
      values.error(
          "replace-prefix",
          key,
          "stands at the path "
              + path.get()
              + "; it replaces what stands before /**, so write a path such as /old/**");
      return Optional.empty();
    }
    if (!AddressSettings.isPlainPath(text.get())) {
      values.error(
          "replace-prefix",
          key,
          "is "
              + values.shown(key)
              + "; write a plain path such as /legacy, without empty or dot segments, escapes or a"
              + " semicolon; / removes the prefix");
      return Optional.empty();
    }
    return text.map(
        prefix -> prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix);
  }

  private Balance balance(String place, int servers) {
    String key = place + ".balance";
    Optional<String> choice = values.choice(key);
    if (values.isWritten(key) && servers == 1) {
      values.warn("idle-setting", key, "has no effect with one target; remove it");
    }
    return choice
        .map(word -> Balance.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_')))
        .orElse(Balance.ROUND_ROBIN);
  }
}
