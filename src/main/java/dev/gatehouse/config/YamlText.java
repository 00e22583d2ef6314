package dev.gatehouse.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.gatehouse.config.Node.Empty;
import dev.gatehouse.config.Node.Mapping;
import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.config.Node.Sequence;
import dev.gatehouse.config.Node.Source;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Reads YAML into {@link Node}s that know their lines. Stricter than YAML: no aliases, no key
 * twice, one document. Messages never quote the text around an error, because a secret may stand
 * there.
 */
final class YamlText {
  private static final int MAX_CHARACTERS = 1 << 20;
  private static final int MAX_DEPTH = 16;

  // "[${file:key}]" is not YAML: braces and commas end a plain scalar inside brackets. The contract
  // wants references to work in every value, so theirs are written as private-use characters while
  // YAML is read. Each stands for one character, so lines and columns stay right.
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(?:env|file):[^}\\r\\n]*}");
  private static final String STRUCTURE = "{}[],:#";
  private static final char STAND_IN = '\uE000';
  private static final Pattern STAND_INS = Pattern.compile("[\uE000-\uE006]");

  private final Problems problems;

  private YamlText(Problems problems) {
    this.problems = problems;
  }

  /** The whole document; an empty mapping where it cannot be read, which is a problem then. */
  static Mapping read(String text, Problems problems) {
    Mapping nothing = new Mapping(0, Map.of());
    if (text.length() > MAX_CHARACTERS) {
      problems.error("file-too-large", "", 0, "is longer than 1 MiB; that is no configuration");
      return nothing;
    }
    if (STAND_INS.matcher(text).find()) {
      problems.error("yaml", "", 0, "holds private-use characters (U+E000 and up); remove them");
      return nothing;
    }
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(MAX_CHARACTERS);
    limits.setNestingDepthLimit(MAX_DEPTH);
    YAMLFactory yaml = YAMLFactory.builder().loaderOptions(limits).build();
    try (YAMLParser parser = yaml.createParser(new StringReader(hideReferences(text)))) {
      return new YamlText(problems).document(parser, nothing);
    } catch (JacksonException e) {
      problems.error("yaml", "", lineOf(e.getLocation()), explain(e.getOriginalMessage()));
      return nothing;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Mapping document(YAMLParser parser, Mapping nothing) throws IOException {
    if (parser.nextToken() == null) {
      return nothing;
    }
    int line = lineOf(parser.currentTokenLocation());
    Node root = node(parser, "", line);
    if (parser.nextToken() != null) {
      problems.error("yaml", "", lineOf(parser.currentTokenLocation()), "begins a second document");
    }
    if (root instanceof Mapping mapping) {
      return mapping;
    }
    if (!(root instanceof Empty)) {
      problems.error("yaml", "", line, "must be keys with values, such as public-url: https://…");
    }
    return nothing;
  }

  private Node node(YAMLParser parser, String key, int line) throws IOException {
    if (parser.isCurrentAlias()) {
      problems.error(
          "yaml-alias", key, line, "is a YAML alias (*name); write the value itself, or quote it");
      return new Empty(line);
    }
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      return mapping(parser, key, line);
    }
    if (token == JsonToken.START_ARRAY) {
      return sequence(parser, key, line);
    }
    if (token == JsonToken.VALUE_NULL || parser.getText().isEmpty()) {
      return new Empty(line);
    }
    String text = showReferences(parser.getText());
    return new Scalar(line, text, text, Source.LITERAL);
  }

  private Mapping mapping(YAMLParser parser, String key, int line) throws IOException {
    Map<String, Node> entries = new LinkedHashMap<>();
    Map<String, Integer> lines = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = showReferences(parser.currentName());
      int keyLine = lineOf(parser.currentTokenLocation());
      parser.nextToken();
      String full = key.isEmpty() ? name : key + "." + name;
      Node value = node(parser, full, keyLine);
      Integer first = lines.putIfAbsent(name, keyLine);
      if (first == null) {
        entries.put(name, value);
      } else {
        problems.error(
            "duplicate-key", full, keyLine, "stands twice, first on line " + first + "; keep one");
      }
    }
    return new Mapping(line, entries);
  }

  private Sequence sequence(YAMLParser parser, String key, int line) throws IOException {
    List<Node> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String item = key + "[" + items.size() + "]";
      items.add(node(parser, item, lineOf(parser.currentTokenLocation())));
    }
    return new Sequence(line, items);
  }

  private static String hideReferences(String text) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            match -> {
              StringBuilder hidden = new StringBuilder("\\$");
              match.group().substring(1).chars().forEach(c -> hidden.append(hide((char) c)));
              return hidden.toString();
            });
  }

  private static String hide(char c) {
    int index = STRUCTURE.indexOf(c);
    if (index >= 0) {
      return String.valueOf((char) (STAND_IN + index));
    }
    return c == '\\' || c == '$' ? "\\" + c : String.valueOf(c);
  }

  private static String showReferences(String text) {
    return STAND_INS
        .matcher(text)
        .replaceAll(
            match -> {
              char original = STRUCTURE.charAt(match.group().charAt(0) - STAND_IN);
              return String.valueOf(original);
            });
  }

  private static int lineOf(JsonLocation location) {
    return location == null || location.getLineNr() < 0 ? 0 : location.getLineNr();
  }

  private static String explain(String parserMessage) {
    String start = "is no valid YAML: ";
    if (parserMessage.contains("TAB")) {
      return start + "indent with spaces, not with tabs";
    }
    if (parserMessage.contains("mapping values are not allowed")) {
      return start + "a colon where none may be; check the indentation, or quote the value";
    }
    if (parserMessage.contains("Nesting Depth") || parserMessage.contains("nesting")) {
      return start + "nested too deep";
    }
    return start
        + "check indentation, quotes and brackets here and on the line before;"
        + " a value that begins with one of @ ` % & * ! | > { [ needs quotes";
  }
}
