package dev.gatehouse.access;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the claims of a user must be like for a rule to let him pass. There are three answers: what
 * the claims do not tell is {@link Answer#UNKNOWN}, and so is its opposite, so that a missing claim
 * opens nothing, not even behind {@code not}. Built once, when the configuration is read; judging
 * allocates next to nothing. Immutable.
 */
public sealed interface Requirement {
  /** Nothing is required. */
  Requirement NONE = new All(List.of());

  /** What the claims say to a requirement. */
  enum Answer {
    /** It is met. */
    YES,
    /** It is not met. */
    NO,
    /** The claims do not tell: counts as no, and its opposite does too. */
    UNKNOWN
  }

  /**
   * Judges {@code claims}.
   *
   * @param claims JSON values: String, Number, Boolean, List, Map
   */
  Answer judge(Map<String, Object> claims);

  /** The names of the claims that are looked at. */
  Set<String> claimNames();

  /** How much is required, to put rules in an order: the claims that have to be right at least. */
  int weight();

  /** Whether nothing is required. */
  default boolean isEmpty() {
    return equals(NONE);
  }

  /** Of each claim at least one of the values. */
  static Requirement of(Map<String, Set<String>> claims) {
    return All.of(
        new TreeMap<>(claims)
            .entrySet().stream()
                .<Requirement>map(
                    entry -> new Claim(new ClaimPath(entry.getKey()), entry.getValue()))
                .toList());
  }

  /**
   * A claim has one of the values: a string, number or boolean that is equal to one in exact case,
   * or a list that has such an item. {@code email} tells something only when {@code email_verified}
   * is the boolean true (OpenID Connect Core §5.7).
   *
   * <p>Unknown where the claim is absent, null or empty (OpenID Connect Core §5.3.2), where it is
   * an object or a number of which a digit may be lost, and where it looks like a value without
   * being equal to it, see {@link Resemblance}: an OP that writes {@code External} for {@code
   * external} must not open what is shut to the externals.
   *
   * @param path the name of the claim
   * @param values what it may be
   */
  record Claim(ClaimPath path, Set<String> values) implements Requirement {
    public Claim {
      values = Set.copyOf(values);
    }

    @Override
    public Answer judge(Map<String, Object> claims) {
      // TH-IDT-16: an address that nobody has proven to be the user's own opens nothing. The string
      // "true" is not the boolean true.
      if (path.name().equals("email") && !Boolean.TRUE.equals(claims.get("email_verified"))) {
        return Answer.UNKNOWN;
      }
      Object value = path.find(claims);
      if (!(value instanceof List<?> items)) {
        return judge(value);
      }
      Answer answer = Answer.NO;
      for (int i = 0; i < items.size(); i++) {
        Answer item = judge(items.get(i));
        if (item == Answer.YES) {
          return item;
        }
        answer = item == Answer.UNKNOWN ? item : answer;
      }
      return answer;
    }

    private Answer judge(Object value) {
      String text = value instanceof String own ? own : ClaimText.of(value).orElse(null);
      if (text == null || text.isBlank()) {
        return Answer.UNKNOWN;
      }
      return values.contains(text) ? Answer.YES : resembles(text) ? Answer.UNKNOWN : Answer.NO;
    }

    private boolean resembles(String text) {
      for (String value : values) {
        if (Resemblance.between(value, text)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public Set<String> claimNames() {
      return path.name().equals("email") ? Set.of("email", "email_verified") : Set.of(path.name());
    }

    @Override
    public int weight() {
      return 1;
    }

    @Override
    public String toString() {
      return path.name() + " " + new TreeSet<>(values);
    }
  }

  /** All of them are met. */
  record All(List<Requirement> parts) implements Requirement {
    public All {
      parts = List.copyOf(parts);
    }

    /** The one of {@code parts}, or all of them. */
    static Requirement of(List<Requirement> parts) {
      return parts.size() == 1 ? parts.get(0) : new All(parts);
    }

    @Override
    public Answer judge(Map<String, Object> claims) {
      Answer answer = Answer.YES;
      for (int i = 0; i < parts.size(); i++) {
        Answer part = parts.get(i).judge(claims);
        if (part == Answer.NO) {
          return part;
        }
        answer = part == Answer.UNKNOWN ? part : answer;
      }
      return answer;
    }

    @Override
    public Set<String> claimNames() {
      return names(parts);
    }

    @Override
    public int weight() {
      return parts.stream().mapToInt(Requirement::weight).sum();
    }

    @Override
    public String toString() {
      return parts.stream().map(Any::bracketed).collect(Collectors.joining(" and "));
    }
  }

  /** One of them is met at least. */
  record Any(List<Requirement> parts) implements Requirement {
    public Any {
      parts = List.copyOf(parts);
    }

    @Override
    public Answer judge(Map<String, Object> claims) {
      Answer answer = Answer.NO;
      for (int i = 0; i < parts.size(); i++) {
        Answer part = parts.get(i).judge(claims);
        if (part == Answer.YES) {
          return part;
        }
        answer = part == Answer.UNKNOWN ? part : answer;
      }
      return answer;
    }

    @Override
    public Set<String> claimNames() {
      return names(parts);
    }

    @Override
    public int weight() {
      return parts.stream().mapToInt(Requirement::weight).min().orElse(0);
    }

    @Override
    public String toString() {
      return parts.stream().map(Any::bracketed).collect(Collectors.joining(" or "));
    }

    private static String bracketed(Requirement part) {
      boolean several =
          part instanceof Any any && any.parts.size() > 1
              || part instanceof All all && all.parts().size() > 1;
      return several ? "(" + part + ")" : part.toString();
    }
  }

  /** It is known not to be met. */
  record Not(Requirement part) implements Requirement {
    @Override
    public Answer judge(Map<String, Object> claims) {
      return switch (part.judge(claims)) {
        case YES -> Answer.NO;
        case NO -> Answer.YES;
        case UNKNOWN -> Answer.UNKNOWN;
      };
    }

    @Override
    public Set<String> claimNames() {
      return part.claimNames();
    }

    @Override
    public int weight() {
      return 1;
    }

    @Override
    public String toString() {
      return "not (" + part + ")";
    }
  }

  private static Set<String> names(List<Requirement> parts) {
    Set<String> names = new LinkedHashSet<>();
    parts.forEach(part -> names.addAll(part.claimNames()));
    return names;
  }
}
