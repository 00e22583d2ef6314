package dev.gatehouse.config;

import dev.gatehouse.config.ForbiddenKeys.Refusal;
import dev.gatehouse.config.Node.Empty;
import dev.gatehouse.config.Node.Mapping;
import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.config.Node.Sequence;
import dev.gatehouse.config.Setting.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Walks the file along the known settings: finds keys that are none (TH-CFG-10) and values of the
 * wrong shape, and replaces references. What comes out is flat: full key to value.
 */
final class SettingsTree {
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final Set<String> misspelt = new HashSet<>();
  private final References references;
  private final Problems problems;

  private SettingsTree(References references, Problems problems) {
    this.references = references;
    this.problems = problems;
  }

  /** The values of {@code root} by full key, and the line of each key and section. */
  static Flat flatten(Mapping root, References references, Problems problems) {
    SettingsTree tree = new SettingsTree(references, problems);
    tree.section("", "", root);
    tree.misspelt.removeAll(tree.lines.keySet());
    return new Flat(tree.values, tree.lines, tree.misspelt);
  }

  /**
   * What the file says.
   *
   * @param values by full key, such as {@code rules[0].path}
   * @param lines of keys, sections and list places
   * @param misspelt keys that are missing because an unknown key was meant to be them
   */
  record Flat(Map<String, Node> values, Map<String, Integer> lines, Set<String> misspelt) {}

  private void section(String key, String schema, Mapping mapping) {
    mapping
        .entries()
        .forEach(
            (name, node) -> {
              String separator = key.isEmpty() ? "" : ".";
              entry(key + separator + name, schema + separator + name, schema, name, node);
            });
  }

  private void entry(String key, String schema, String parent, String name, Node node) {
    lines.put(key, node.line());
    // A dot inside a name must not reach a setting of another section.
    Optional<Setting> setting = name.contains(".") ? Optional.empty() : Settings.find(schema);
    if (setting.isPresent()) {
      value(key, setting.get(), node);
    } else if (schema.equals(Settings.PROVIDERS)) {
      providers(key, node);
    } else if (Settings.isSection(schema) && !name.contains(".")) {
      Optional<Setting> shorthand = Settings.shorthand(schema);
      if (node instanceof Mapping mapping) {
        section(key, schema, mapping);
      } else if (shorthand.isPresent() && node instanceof Scalar) {
        value(shorthand.get().key(), shorthand.get(), node);
      } else if (!(node instanceof Empty)) {
        problems.error("wrong-kind", key, node.line(), "holds settings, not a value");
      }
    } else {
      refuse(key, schema, parent, name, node);
    }
  }

  /** Each place below holds what the section of the only provider holds. */
  private void providers(String key, Node node) {
    if (!(node instanceof Mapping mapping)) {
      problems.error(
          "wrong-kind", key, node.line(), "must hold providers: NAME: {issuer: …, client-id: …}");
      return;
    }
    mapping
        .entries()
        .forEach(
            (name, provider) -> {
              String place = key + "." + name;
              lines.put(place, provider.line());
              if (name.contains(".")) {
                problems.error(
                    "provider-name",
                    place,
                    provider.line(),
                    "is no name for a provider: write lower-case letters, digits and hyphens");
              } else if (provider instanceof Mapping settings) {
                section(place, "provider", settings);
              } else {
                problems.error(
                    "wrong-kind",
                    place,
                    provider.line(),
                    "holds settings of a provider, not a value");
              }
            });
  }

  private void refuse(String key, String schema, String parent, String name, Node node) {
    Optional<String> text =
        node instanceof Scalar scalar ? Optional.of(scalar.text()) : Optional.empty();
    Refusal refusal =
        ForbiddenKeys.find(schema, text)
            .orElseGet(() -> new Refusal("unknown-key", "is no setting" + hint(parent, name)));
    problems.error(refusal.code(), key, node.line(), refusal.message());
    NearestName.of(name, Settings.namesIn(parent))
        .map(near -> key.substring(0, key.length() - name.length()) + near)
        .ifPresent(misspelt::add);
  }

  private static String hint(String parent, String name) {
    Optional<String> near = NearestName.of(name, Settings.namesIn(parent));
    if (near.isPresent()) {
      return "; did you mean " + near.get() + "?";
    }
    Optional<String> elsewhere =
        Settings.all().stream()
            .filter(setting -> setting.name().equals(name.replace('_', '-')))
            .map(Setting::key)
            .findFirst();
    return elsewhere
        .map(full -> "; did you mean " + full + "?")
        .orElse("; there are: " + String.join(", ", Settings.namesIn(parent)));
  }

  private void value(String key, Setting setting, Node node) {
    Kind kind = setting.kind();
    if (node instanceof Empty) {
      if (kind.isScalar()) {
        problems.error(
            "empty", key, node.line(), "has no value; write a " + words(setting) + " or remove it");
      }
    } else if (kind.isScalar() && node instanceof Scalar scalar) {
      values.put(key, references.resolve(key, kind.isSecret(), scalar));
    } else if (kind.isList() && (node instanceof Sequence || node instanceof Scalar)) {
      values.put(key, list(key, setting, node));
    } else if (kind == Kind.MAP && node instanceof Mapping mapping) {
      map(key, setting, mapping);
    } else if (kind == Kind.REQUIREMENT && node instanceof Mapping mapping) {
      values.put(key, resolved(key, mapping));
    } else if (kind == Kind.RULES && node instanceof Sequence sequence) {
      places(key, sequence, "a rule: {path: …, access: …}");
    } else if (kind == Kind.UPSTREAMS && node instanceof Sequence sequence) {
      places(key, sequence, "an upstream: {path: …, target: …}");
    } else {
      problems.error("wrong-kind", key, node.line(), "must be a " + words(setting));
    }
  }

  private static String words(Setting setting) {
    return setting.kind().words()
        + (setting.kind() == Kind.CHOICE ? " " + String.join(", ", setting.choices()) : "");
  }

  private Sequence list(String key, Setting setting, Node node) {
    List<Node> written = node instanceof Sequence sequence ? sequence.items() : List.of(node);
    List<Node> items = new ArrayList<>();
    for (Node item : written) {
      String place = key + "[" + items.size() + "]";
      lines.put(place, item.line());
      if (item instanceof Scalar scalar) {
        items.add(references.resolve(place, setting.kind().isSecret(), scalar));
      } else {
        problems.error("wrong-kind", key, item.line(), "must be a " + words(setting));
      }
    }
    return new Sequence(node.line(), items);
  }

  /** As it is written, at any depth, but with references replaced. */
  private Node resolved(String key, Node node) {
    lines.putIfAbsent(key, node.line());
    if (node instanceof Scalar scalar) {
      return references.resolve(key, false, scalar);
    }
    if (node instanceof Sequence sequence) {
      List<Node> items = new ArrayList<>();
      sequence.items().forEach(item -> items.add(resolved(key + "[" + items.size() + "]", item)));
      return new Sequence(node.line(), items);
    }
    if (node instanceof Mapping mapping) {
      Map<String, Node> entries = new LinkedHashMap<>();
      mapping
          .entries()
          .forEach((name, value) -> entries.put(name, resolved(key + "." + name, value)));
      return new Mapping(node.line(), entries);
    }
    return node;
  }

  private void map(String key, Setting setting, Mapping mapping) {
    Map<String, Node> entries = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (name, node) -> {
              String full = key + "." + name;
              lines.put(full, node.line());
              if (node instanceof Scalar scalar) {
                entries.put(name, references.resolve(full, false, scalar));
              } else {
                problems.error("wrong-kind", full, node.line(), "must have a text as its value");
              }
            });
    values.put(key, new Mapping(mapping.line(), entries));
  }

  private void places(String key, Sequence sequence, String words) {
    values.put(key, sequence);
    for (int i = 0; i < sequence.items().size(); i++) {
      String place = key + "[" + i + "]";
      Node item = sequence.items().get(i);
      lines.put(place, item.line());
      if (item instanceof Mapping mapping) {
        section(place, key + "[]", mapping);
      } else {
        problems.error("wrong-kind", place, item.line(), "must be " + words);
      }
    }
  }
}
