package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The attack lists of {@code src/test/resources/attacks}: one case a line, lines that begin with
 * {@code #} and a space are comments, empty lines are none, and a backslash, u and four hex digits
 * are a character that a file should not hold.
 */
public final class AttackList {
  private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-fA-F]{4})");

  private AttackList() {}

  /** The cases of one file; each has one column. */
  public static List<String> of(String name) {
    return lines(name).map(AttackList::unescaped).toList();
  }

  /** The cases of one file; columns stand apart by white space. */
  public static List<List<String>> columnsOf(String name) {
    return lines(name)
        .map(line -> List.of(line.strip().split("[ \t]+")))
        .map(columns -> columns.stream().map(AttackList::unescaped).toList())
        .toList();
  }

  private static java.util.stream.Stream<String> lines(String name) {
    try (InputStream in = AttackList.class.getResourceAsStream("/attacks/" + name)) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.isEmpty() && !line.startsWith("# "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String unescaped(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    Character.toString((char) Integer.parseInt(match.group(1), 16))));
  }
}
