package dev.gatehouse.config;

import java.util.List;

/**
 * One setting of the configuration file: what reading, checking, documentation and schema share.
 *
 * @param key the dotted key; {@code []} stands for a place in a list
 * @param kind what its value looks like
 * @param defaultText the default as it would be written; empty for none
 * @param least the smallest value, where the kind has an order
 * @param most the largest value, where the kind has an order
 * @param choices the values there are, for {@link Kind#CHOICE}
 * @param meaning one sentence for whoever writes the file
 */
record Setting(
    String key,
    Kind kind,
    String defaultText,
    String least,
    String most,
    List<String> choices,
    String meaning) {

  /** What a value looks like. */
  enum Kind {
    TEXT("text"),
    SECRET("secret"),
    FLAG("true or false"),
    NUMBER("number"),
    DURATION("duration, such as 30s"),
    SIZE("size, such as 64KiB"),
    CHOICE("one of"),
    LIST("list of texts"),
    SECRETS("list of secrets"),
    MAP("names with texts"),
    REQUIREMENT("claims with values; any, all, not"),
    RULES("list of rules"),
    UPSTREAMS("list of upstreams");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** What a value looks like, for a message. */
    String words() {
      return words;
    }

    /** Whether it is one value, so that an environment variable can hold it. */
    boolean isScalar() {
      return ordinal() <= CHOICE.ordinal();
    }

    /** Whether it is a list of single values. */
    boolean isList() {
      return this == LIST || this == SECRETS;
    }

    /** Whether its values must never be shown. */
    boolean isSecret() {
      return this == SECRET || this == SECRETS;
    }
  }

  static Setting text(String key, String defaultText, String meaning) {
    return of(key, Kind.TEXT, defaultText, meaning);
  }

  static Setting of(String key, Kind kind, String defaultText, String meaning) {
    return new Setting(key, kind, defaultText, "", "", List.of(), meaning);
  }

  static Setting choice(String key, String defaultText, List<String> choices, String meaning) {
    return new Setting(key, Kind.CHOICE, defaultText, "", "", List.copyOf(choices), meaning);
  }

  static Setting duration(
      String key, String defaultText, String least, String most, String meaning) {
    return new Setting(key, Kind.DURATION, defaultText, least, most, List.of(), meaning);
  }

  static Setting size(String key, String defaultText, String least, String most, String meaning) {
    return new Setting(key, Kind.SIZE, defaultText, least, most, List.of(), meaning);
  }

  static Setting number(String key, int defaultValue, int least, int most, String meaning) {
    return new Setting(
        key,
        Kind.NUMBER,
        Integer.toString(defaultValue),
        Integer.toString(least),
        Integer.toString(most),
        List.of(),
        meaning);
  }

  /** The last part of the key. */
  String name() {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /** The environment variable that overrides it; only for single values and lists of them. */
  String variable() {
    return variable(key);
  }

  /** The environment variable for a key. */
  static String variable(String key) {
    return "GATEHOUSE_" + key.toUpperCase(java.util.Locale.ROOT).replaceAll("[.-]", "_");
  }

  /** Whether {@link #variable} may override it. */
  boolean hasVariable() {
    return (kind.isScalar() || kind.isList()) && !key.contains("[]");
  }
}
