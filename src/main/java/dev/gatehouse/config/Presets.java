package dev.gatehouse.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.config.Node.Mapping;
import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.config.Node.Sequence;
import dev.gatehouse.config.SettingsTree.Flat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Lays the settings of well-known OPs under what the file says of a provider: a key that is written
 * wins, as a whole. A preset is a file {@code presets/NAME.yaml} beside the configuration, else one
 * that is shipped.
 */
final class Presets {
  /** The presets that are shipped. */
  static final List<String> SHIPPED =
      List.of(
          "adfs",
          "auth0",
          "entra",
          "facebook",
          "github",
          "gitlab",
          "google",
          "kakao",
          "keycloak",
          "line",
          "mixi",
          "naver",
          "okta",
          "yahoo-japan");

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,40}");
  private static final int MAX_BYTES = 64 << 10;

  private final Path base;
  private final References references;
  private final Problems problems;

  /**
   * @param base the directory of the configuration file
   */
  Presets(Path base, References references, Problems problems) {
    this.base = base;
    this.references = references;
    this.problems = problems;
  }

  /** {@code file} with the presets that it or {@code overrides} name laid under it. */
  Flat under(Flat file, Map<String, Node> overrides) {
    Flat result = file;
    for (String section : sections(file)) {
      String key = section + ".preset";
      Node named = overrides.getOrDefault(key, file.values().get(key));
      if (named instanceof Scalar scalar) {
        Optional<Mapping> preset = read(key, scalar);
        result = preset.isPresent() ? merged(result, section, preset.get()) : result;
      }
    }
    return result;
  }

  private static Set<String> sections(Flat file) {
    Set<String> sections = new HashSet<>(Set.of("provider"));
    file.lines().keySet().stream()
        .filter(key -> key.startsWith(Settings.PROVIDERS + "."))
        .map(key -> key.split("\\.", 3))
        .forEach(parts -> sections.add(parts[0] + "." + parts[1]));
    return sections;
  }

  private Flat merged(Flat file, String section, Mapping preset) {
    Mapping root = preset;
    String[] names = section.split("\\.");
    for (int i = names.length - 1; i >= 0; i--) {
      root = new Mapping(preset.line(), Map.of(names[i], root));
    }
    Flat lowest = SettingsTree.flatten(root, references, problems);
    Map<String, Node> values = new LinkedHashMap<>(lowest.values());
    values.putAll(file.values());
    Map<String, Integer> lines = new LinkedHashMap<>(lowest.lines());
    lines.putAll(file.lines());
    return new Flat(values, lines, file.misspelt());
  }

  private Optional<Mapping> read(String key, Scalar name) {
    String text = name.text();
    Optional<String> yaml = NAME.matcher(text).matches() ? yaml(text) : Optional.empty();
    if (yaml.isEmpty()) {
      problems.error(
          "unknown-preset",
          key,
          name.line(),
          "is "
              + name.shown()
              + ", and there is no presets/NAME.yaml of that name beside the configuration; shipped"
              + " are: "
              + String.join(", ", SHIPPED));
    }
    return yaml.map(content -> (Mapping) onLine(name.line(), YamlText.read(content, problems)));
  }

  private Optional<String> yaml(String name) {
    Path own = base.resolve("presets").resolve(name + ".yaml");
    try (InputStream in =
        Files.isRegularFile(own)
            ? Files.newInputStream(own)
            : Presets.class.getResourceAsStream("presets/" + name + ".yaml")) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readNBytes(MAX_BYTES), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(own + " cannot be read", e);
    }
  }

  // What is wrong with a preset is wrong where it is named: its own lines are not in the file.
  private static Node onLine(int line, Node node) {
    if (node instanceof Mapping mapping) {
      Map<String, Node> entries = new LinkedHashMap<>();
      mapping.entries().forEach((name, value) -> entries.put(name, onLine(line, value)));
      return new Mapping(line, entries);
    }
    if (node instanceof Sequence sequence) {
      List<Node> items = new ArrayList<>();
      sequence.items().forEach(item -> items.add(onLine(line, item)));
      return new Sequence(line, items);
    }
    return node instanceof Scalar scalar
        ? new Scalar(line, scalar.raw(), scalar.text(), scalar.source())
        : new Node.Empty(line);
  }
}
