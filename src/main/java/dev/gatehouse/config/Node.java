package dev.gatehouse.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One value of the file with the line it stands on: that of its key, where it has one. */
sealed interface Node {
  /** The line, from 1; 0 for what does not come from the file. */
  int line();

  /** Nothing was written after the key. */
  record Empty(int line) implements Node {}

  /** A list. */
  record Sequence(int line, List<Node> items) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** Keys and values, in the order of the file. */
  record Mapping(int line, Map<String, Node> entries) implements Node {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }
  }

  /**
   * A single value.
   *
   * @param raw as it is written, references unresolved: what a message may show
   * @param text what it stands for; may be a secret
   * @param source where {@code text} comes from
   */
  record Scalar(int line, String raw, String text, Source source) implements Node {
    /** For a message: as written, without userinfo, control characters and excess length. */
    String shown() {
      String visible =
          raw.replaceAll("//[^/@]*@", "//***@").replaceAll("[\\p{C}\\u2028\\u2029]", "?");
      return '"' + (visible.length() > 80 ? visible.substring(0, 80) + "…" : visible) + '"';
    }

    /** Never prints {@code text}. */
    @Override
    public String toString() {
      return "line " + line;
    }
  }

  /** Where the text of a value comes from. */
  enum Source {
    /** It stands in the configuration file itself. */
    LITERAL,
    /** At least a part comes from {@code ${env:…}} or {@code ${file:…}}. */
    REFERENCE,
    /** An environment variable takes the place of the file's value. */
    ENVIRONMENT
  }
}
