package dev.gatehouse.config;

import dev.gatehouse.access.ClaimPath;
import dev.gatehouse.access.Requirement;
import dev.gatehouse.config.Node.Mapping;
import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.config.Node.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what a rule requires of a user's claims: claims with values, all of which are needed, and
 * among them {@code any}, {@code all} and {@code not}, to a bounded depth.
 */
final class RequirementSettings {
  /** Deeper than anybody can read. */
  private static final int MAX_DEPTH = 5;

  private static final Map<String, String> OTHER_WORDS =
      Map.of("or", "any", "and", "all", "anyOf", "any", "allOf", "all", "none", "not: {any: […]}");

  private final Values values;
  private final String top;

  /**
   * @param top the key of the requirement, such as {@code rules[0].require}
   */
  RequirementSettings(Values values, String top) {
    this.values = values;
    this.top = top;
  }

  /** What is required; nothing where a part is refused. */
  Requirement read() {
    List<Requirement> parts = new ArrayList<>();
    values.map(top).forEach((name, node) -> entry(top, name, node, 0).ifPresent(parts::add));
    return together(parts);
  }

  /** The values of {@code acr}, which is asked of the OP and is no property of the user. */
  Set<String> acr() {
    Node node = values.map(top).get("acr");
    Set<String> contexts = new LinkedHashSet<>();
    for (Node item : node == null ? List.<Node>of() : itemsOf(node)) {
      if (item instanceof Scalar scalar && !scalar.text().isEmpty()) {
        contexts.add(scalar.text());
      }
    }
    return contexts;
  }

  private Optional<Requirement> entry(String key, String name, Node node, int depth) {
    String place = key + "." + name;
    return switch (name) {
      case "any", "all" -> several(place, name, node, depth);
      case "not" -> opposite(place, node, depth);
      default -> claim(place, name, node, depth);
    };
  }

  private Optional<Requirement> several(String place, String word, Node node, int depth) {
    if (!(node instanceof Sequence sequence) || sequence.items().isEmpty()) {
      return refused(
          "wrong-kind",
          place,
          node,
          "must hold a list of conditions, such as " + word + ": [{groups: admins}, {dept: it}]");
    }
    List<Requirement> parts = new ArrayList<>();
    boolean sound = true;
    for (int i = 0; i < sequence.items().size(); i++) {
      Optional<Requirement> part = condition(place + "[" + i + "]", sequence.items().get(i), depth);
      part.ifPresent(parts::add);
      sound &= part.isPresent();
    }
    if (!sound) {
      return Optional.empty();
    }
    return Optional.of(
        parts.size() == 1
            ? parts.get(0)
            : word.equals("any") ? new Requirement.Any(parts) : new Requirement.All(parts));
  }

  private Optional<Requirement> opposite(String place, Node node, int depth) {
    if (node instanceof Sequence) {
      return refused(
          "wrong-kind",
          place,
          node,
          "rules one condition out; for none of several write not: {any: [{…}, {…}]}");
    }
    return condition(place, node, depth).map(Requirement.Not::new);
  }

  /** A mapping: what stands in it is needed together. */
  private Optional<Requirement> condition(String place, Node node, int depth) {
    if (!(node instanceof Mapping mapping) || mapping.entries().isEmpty()) {
      return refused(
          "wrong-kind", place, node, "must be a condition, such as {groups: [admins, ops]}");
    }
    if (depth >= MAX_DEPTH) {
      return refused(
          "too-deep",
          place,
          node,
          "is nested deeper than " + MAX_DEPTH + " times any, all and not; write it flatter");
    }
    List<Requirement> parts = new ArrayList<>();
    mapping
        .entries()
        .forEach((name, below) -> entry(place, name, below, depth + 1).ifPresent(parts::add));
    return parts.size() == mapping.entries().size()
        ? Optional.of(together(parts))
        : Optional.empty();
  }

  private Optional<Requirement> claim(String place, String name, Node node, int depth) {
    if (name.equals("acr")) {
      return depth == 0
          ? acr(place, node)
          : refused(
              "wrong-place",
              place,
              node,
              "is asked of the OP and so cannot be a part of any, all or not; write acr: […] in the"
                  + " rule itself");
    }
    if (name.isBlank()) {
      return refused("empty", place, node, "has no name; write the name of a claim");
    }
    if (node instanceof Mapping) {
      return refused("wrong-kind", place, node, "holds no value" + remedyFor(name));
    }
    return texts(place, name, node).map(wanted -> new Requirement.Claim(path(name), wanted));
  }

  private static ClaimPath path(String name) {
    return new ClaimPath(name);
  }

  private static String remedyFor(String name) {
    return OTHER_WORDS.containsKey(name)
        ? "; the word is " + OTHER_WORDS.get(name)
        : "; for a member of an object write its path, as " + name + ".member: value";
  }

  private Optional<Requirement> acr(String place, Node node) {
    return texts(place, "acr", node).isPresent() ? Optional.of(Requirement.NONE) : Optional.empty();
  }

  private Optional<Set<String>> texts(String place, String name, Node node) {
    Set<String> wanted = new LinkedHashSet<>();
    List<Node> items = itemsOf(node);
    for (Node item : items) {
      if (item instanceof Scalar scalar) {
        wanted.add(scalar.text());
      } else if (!(item instanceof Node.Empty)) {
        boolean word = OTHER_WORDS.containsKey(name);
        refused(
            "wrong-kind",
            place,
            node,
            "must be a text or a list of texts"
                + (word ? "; the word for conditions is " + OTHER_WORDS.get(name) : ""));
        return Optional.empty();
      }
    }
    if (wanted.isEmpty() || wanted.stream().anyMatch(String::isBlank)) {
      refused("empty", place, node, "has an empty value; write what the claim must be");
      return Optional.empty();
    }
    return Optional.of(wanted);
  }

  private static List<Node> itemsOf(Node node) {
    return node instanceof Sequence sequence ? sequence.items() : List.of(node);
  }

  private static Requirement together(List<Requirement> parts) {
    List<Requirement> some = parts.stream().filter(part -> !part.isEmpty()).toList();
    return some.size() == 1 ? some.get(0) : new Requirement.All(some);
  }

  private Optional<Requirement> refused(String code, String place, Node node, String message) {
    values.errorAt(node.line(), code, place, message);
    return Optional.empty();
  }
}
