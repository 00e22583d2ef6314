package dev.gatehouse.config;

import dev.gatehouse.config.Node.Mapping;
import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.config.Node.Sequence;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Typed access to the values by full key. A value that is none of its type is a problem, and the
 * default is returned so that reading goes on; {@link #isSound} tells before values are compared.
 */
final class Values {
  private final Map<String, Node> nodes;
  private final Map<String, Integer> lines;
  private final Set<String> misspelt;
  private final Path base;
  private final Problems problems;

  /**
   * Reads {@code file}, of which {@code overrides} take precedence.
   *
   * @param base the directory that paths are relative to
   */
  Values(SettingsTree.Flat file, Map<String, Node> overrides, Path base, Problems problems) {
    this.nodes = new LinkedHashMap<>(file.values());
    this.nodes.putAll(overrides);
    this.lines = file.lines();
    this.misspelt = file.misspelt();
    this.base = base;
    this.problems = problems;
  }

  /** Refuses the value at {@code key}. */
  void error(String code, String key, String message) {
    problems.error(code, key, line(key), message);
  }

  /** Refuses what is missing at {@code key} because of what stands on {@code line}. */
  void errorAt(int line, String code, String key, String message) {
    problems.error(code, key, line, message);
  }

  /** Doubts the value at {@code key}. */
  void warn(String code, String key, String message) {
    problems.warn(code, key, line(key), message);
  }

  /** Doubts {@code key} because of what stands on {@code line}. */
  void warnAt(int line, String code, String key, String message) {
    problems.warn(code, key, line, message);
  }

  /** Whether all these keys have values that may be compared. */
  boolean isSound(String... keys) {
    for (String key : keys) {
      if (problems.isBroken(key)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a misspelt key was meant to be this one, so that it is not missing as well. */
  boolean isMisspelt(String key) {
    return misspelt.contains(key);
  }

  /** Whether that section or list place stands in the file, or a value below it is given. */
  boolean hasSection(String key) {
    return lines.containsKey(key)
        || nodes.keySet().stream().anyMatch(other -> other.startsWith(key + "."));
  }

  /** Whether something is written at exactly that key. */
  boolean isWritten(String key) {
    return nodes.containsKey(key);
  }

  /** The line of the key, else of the nearest section around it, else 0. */
  int line(String key) {
    if (nodes.containsKey(key)) {
      return nodes.get(key).line();
    }
    Node list = nodes.get(key.replaceFirst("\\[\\d+]$", ""));
    if (list != null && list.line() == 0) {
      return 0;
    }
    for (String at = key; !at.isEmpty(); at = at.substring(0, Math.max(0, at.lastIndexOf('.')))) {
      Integer line = lines.get(at);
      if (line != null) {
        return line;
      }
    }
    return 0;
  }

  /** What is written at {@code key}, references replaced. */
  Optional<Scalar> scalar(String key) {
    return nodes.get(key) instanceof Scalar scalar ? Optional.of(scalar) : Optional.empty();
  }

  /** A text that is not blank; the default where nothing is written or it is known as broken. */
  Optional<String> text(String key) {
    Optional<Scalar> scalar = scalar(key);
    if (scalar.isEmpty() || !isSound(key)) {
      return Optional.of(setting(key).defaultText()).filter(text -> !text.isEmpty());
    }
    String text = scalar.get().text();
    if (text.isBlank()) {
      error("empty", key, "is empty; write a value or remove it");
      return Optional.empty();
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      error("bad-value", key, "holds a line end or another control character; remove it");
      return Optional.empty();
    }
    return Optional.of(text);
  }

  /** A text that has to be there. */
  Optional<String> required(String key) {
    Optional<String> text = text(key);
    if (text.isEmpty() && isSound(key) && !misspelt.contains(key)) {
      error("missing-key", key, "is missing. " + setting(key).meaning());
    }
    return text;
  }

  /** True or false. */
  boolean flag(String key) {
    String text = text(key).orElse("false");
    if (!text.equals("true") && !text.equals("false")) {
      error("bad-value", key, "is " + shown(key) + "; write true or false");
    }
    return text.equals("true");
  }

  /** A whole number within its range. */
  int number(String key) {
    Setting setting = setting(key);
    String text = text(key).orElse(setting.defaultText());
    if (text.matches("\\d{1,9}")
        && Integer.parseInt(text) >= Integer.parseInt(setting.least())
        && Integer.parseInt(text) <= Integer.parseInt(setting.most())) {
      return Integer.parseInt(text);
    }
    error("bad-value", key, "is " + shown(key) + "; write a number " + range(setting));
    return Integer.parseInt(setting.defaultText());
  }

  /** A duration within its range. */
  Duration duration(String key) {
    Setting setting = setting(key);
    Optional<Duration> parsed = text(key).flatMap(Durations::parse);
    if (parsed.isPresent()
        && parsed.get().compareTo(Durations.parse(setting.least()).orElseThrow()) >= 0
        && parsed.get().compareTo(Durations.parse(setting.most()).orElseThrow()) <= 0) {
      return parsed.get();
    }
    if (isSound(key)) {
      error(
          "bad-value",
          key,
          "is " + shown(key) + "; write a number with ms, s, m, h or d, " + range(setting));
    }
    return Durations.parse(setting.defaultText()).orElseThrow();
  }

  /** A duration within its range; empty where nothing is written. */
  Optional<Duration> optionalDuration(String key) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Setting setting = setting(key);
    Optional<Duration> parsed =
        text.flatMap(Durations::parse)
            .filter(d -> d.compareTo(Durations.parse(setting.least()).orElseThrow()) >= 0)
            .filter(d -> d.compareTo(Durations.parse(setting.most()).orElseThrow()) <= 0);
    if (parsed.isEmpty()) {
      error(
          "bad-value",
          key,
          "is " + shown(key) + "; write a number with ms, s, m, h or d, " + range(setting));
    }
    return parsed;
  }

  /** A size in bytes within its range. */
  long size(String key) {
    Setting setting = setting(key);
    OptionalLong parsed = Sizes.parse(text(key).orElse(""));
    if (parsed.isPresent()
        && parsed.getAsLong() >= Sizes.parse(setting.least()).orElseThrow()
        && parsed.getAsLong() <= Sizes.parse(setting.most()).orElseThrow()) {
      return parsed.getAsLong();
    }
    if (isSound(key)) {
      error(
          "bad-value",
          key,
          "is " + shown(key) + "; write a number with B, KiB, MiB or GiB, " + range(setting));
    }
    return Sizes.parse(setting.defaultText()).orElseThrow();
  }

  /** One of the setting's choices; empty when it is none of them or nothing is written. */
  Optional<String> choice(String key) {
    Setting setting = setting(key);
    Optional<String> text = text(key);
    if (text.isPresent() && !setting.choices().contains(text.get())) {
      error(
          "bad-value",
          key,
          "is " + shown(key) + "; write one of " + String.join(", ", setting.choices()));
      return Optional.empty();
    }
    return text;
  }

  /** The items of a list by their keys, such as {@code rules[0]}; else those of the default. */
  Map<String, Scalar> items(String key) {
    Node node = nodes.getOrDefault(key, defaultOf(key));
    Map<String, Scalar> items = new LinkedHashMap<>();
    if (node instanceof Sequence sequence) {
      sequence.items().forEach(item -> items.put(key + "[" + items.size() + "]", (Scalar) item));
    }
    return items;
  }

  /** The texts of a list; those of the default where nothing is written. */
  List<String> texts(String key) {
    return items(key).values().stream().map(Scalar::text).toList();
  }

  /** Names with values, in the order of the file; the default where nothing is written. */
  Map<String, Node> map(String key) {
    if (nodes.get(key) instanceof Mapping mapping) {
      return mapping.entries();
    }
    return defaultOf(key) instanceof Mapping mapping ? mapping.entries() : Map.of();
  }

  /** How many places a list of sections has. */
  int places(String key) {
    return nodes.get(key) instanceof Sequence sequence ? sequence.items().size() : 0;
  }

  /** The names of the sections directly below {@code key}, in the order of the file. */
  Set<String> namesBelow(String key) {
    String prefix = key + ".";
    return lines.keySet().stream()
        .filter(other -> other.startsWith(prefix))
        .map(other -> other.substring(prefix.length()).split("\\.", 2)[0])
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** A path, relative to the configuration file. */
  Optional<Path> path(String key) {
    return text(key)
        .flatMap(
            text -> {
              try {
                return Optional.of(base.resolve(text));
              } catch (InvalidPathException e) {
                error("bad-value", key, "is no path; remove the special characters");
                return Optional.empty();
              }
            });
  }

  /** The file that holds the whole of that value; empty where it comes from elsewhere. */
  Optional<Path> wholeFile(String key) {
    return scalar(key).flatMap(this::wholeFile);
  }

  /** The file that holds the whole of {@code scalar}; empty where it comes from elsewhere. */
  Optional<Path> wholeFile(Scalar scalar) {
    return References.onlyFile(scalar.raw()).map(base::resolve);
  }

  /** For a message: what is written at {@code key}; never the text of a secret. */
  String shown(String key) {
    if (setting(key).kind().isSecret()) {
      return "a secret";
    }
    return scalar(key).map(Scalar::shown).orElse("\"" + setting(key).defaultText() + "\"");
  }

  private static Node defaultOf(String key) {
    String yaml = "default: " + setting(key).defaultText();
    return YamlText.read(yaml, new Problems()).entries().get("default");
  }

  private static String range(Setting setting) {
    return "from " + setting.least() + " to " + setting.most();
  }

  private static Setting setting(String key) {
    return Settings.find(Settings.schemaKey(key))
        .orElseThrow(() -> new IllegalArgumentException(key));
  }
}
