package dev.gatehouse.config;

import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.config.Node.Sequence;
import dev.gatehouse.config.Node.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Environment variables that take the place of values in the file. */
final class EnvironmentOverrides {
  private static final String PREFIX = "GATEHOUSE_";

  /** Read by whatever starts the gateway, not by the configuration. */
  private static final Set<String> STARTERS =
      Set.of(
          "GATEHOUSE_CONFIG",
          "GATEHOUSE_JAR",
          "GATEHOUSE_JAVA",
          "GATEHOUSE_HOME",
          "GATEHOUSE_LOG_LEVEL");

  private final References references;
  private final Problems problems;

  EnvironmentOverrides(References references, Problems problems) {
    this.references = references;
    this.problems = problems;
  }

  /** The values that {@code environment} gives, by key; warns about variables that give none. */
  Map<String, Node> read(Map<String, String> environment) {
    Map<String, Setting> settings =
        Settings.all().stream()
            .filter(Setting::hasVariable)
            .collect(
                Collectors.toMap(Setting::variable, setting -> setting, (a, b) -> a, TreeMap::new));
    settings.putAll(Settings.shorthandVariables());
    Map<String, Node> values = new LinkedHashMap<>();
    new TreeMap<>(environment)
        .forEach(
            (variable, text) -> {
              Setting setting = settings.get(variable);
              if (setting != null) {
                values.put(setting.key(), value(setting, text));
              } else if (isStray(variable)) {
                problems.warn(
                    "unknown-variable", variable, 0, "names no setting" + hint(variable, settings));
              }
            });
    return values;
  }

  private static boolean isStray(String variable) {
    return variable.startsWith(PREFIX)
        && !STARTERS.contains(variable)
        && !variable.startsWith("GATEHOUSE_JAVA_");
  }

  private static String hint(String variable, Map<String, Setting> settings) {
    return NearestName.of(variable, settings.keySet())
        .map(near -> "; did you mean " + near + "?")
        .orElse("; only single values and lists can be set by the environment");
  }

  private Node value(Setting setting, String text) {
    if (!setting.kind().isList()) {
      return scalar(setting.key(), setting, text);
    }
    List<Node> items = new ArrayList<>();
    for (String item : text.split(",")) {
      if (!item.isBlank()) {
        String place = setting.key() + "[" + items.size() + "]";
        items.add(scalar(place, setting, item.strip()));
      }
    }
    return new Sequence(0, items);
  }

  private Scalar scalar(String key, Setting setting, String text) {
    Scalar written = new Scalar(0, text, text, Source.ENVIRONMENT);
    return references.resolve(key, setting.kind().isSecret(), written);
  }
}
