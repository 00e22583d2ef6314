package dev.gatehouse.config;

import dev.gatehouse.config.UpstreamRoute.Ejection;
import dev.gatehouse.config.UpstreamRoute.HealthCheck;
import dev.gatehouse.config.UpstreamRoute.Statuses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how it is found out which targets of an upstream are well. */
final class HealthSettings {
  private static final Pattern TARGET =
      Pattern.compile("/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*(?:\\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?");
  private static final Pattern STATUSES = Pattern.compile("([1-5]\\d\\d)(?:-([1-5]\\d\\d))?");

  private final Values values;

  HealthSettings(Values values) {
    this.values = values;
  }

  /** The questions of {@code section}; empty where none are asked. */
  Optional<HealthCheck> check(String section) {
    if (!values.hasSection(section)) {
      return Optional.empty();
    }
    String path = section + ".path";
    Optional<String> target = values.required(path);
    if (target.isPresent() && !TARGET.matcher(target.get()).matches()) {
      values.error(
          "bad-value", path, "is " + values.shown(path) + "; write a path at the app: /health");
    }
    HealthCheck check =
        new HealthCheck(
            target.orElse("/"),
            values.duration(section + ".interval"),
            values.duration(section + ".timeout"),
            statuses(section + ".status"),
            values.number(section + ".rise"),
            values.number(section + ".fall"));
    return target.map(found -> check);
  }

  private List<Statuses> statuses(String key) {
    List<Statuses> statuses = new ArrayList<>();
    values
        .items(key)
        .forEach(
            (place, item) -> {
              Matcher range = STATUSES.matcher(item.text());
              if (range.matches()) {
                int least = Integer.parseInt(range.group(1));
                int most = range.group(2) == null ? least : Integer.parseInt(range.group(2));
                statuses.add(new Statuses(least, most));
              }
              if (!range.matches()
                  || statuses.get(statuses.size() - 1).most()
                      < statuses.get(statuses.size() - 1).least()) {
                values.error(
                    "bad-value",
                    place,
                    "is " + item.shown() + "; write a status such as 200, or a range: 200-399");
              }
            });
    if (values.items(key).isEmpty()) {
      values.error("empty", key, "names no status, so that no target would ever be well");
    }
    return statuses;
  }

  /** When a target that fails is left out; never where there is no other. */
  Ejection ejection(String section, int targets) {
    Ejection ejection =
        new Ejection(
            values.number(section + ".after"),
            values.duration(section + ".for"),
            values.duration(section + ".at-most"),
            values.flag(section + ".on-status"));
    if (ejection.mostTime().compareTo(ejection.time()) < 0) {
      values.error("bad-value", section + ".at-most", "is shorter than for; lengthen it");
    }
    if (targets == 1 && values.hasSection(section)) {
      values.warn("idle-setting", section, "has no effect with one target; remove it");
    }
    return targets > 1 ? ejection : Ejection.NEVER;
  }
}
