package dev.gatehouse.testkit;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of {@code attacks/bearer-credentials.txt}: the values of all Authorization fields of a
 * request that is refused, and of one that passes.
 */
public record CredentialAttack(String line, List<String> bad, List<String> good) {
  private static final Pattern BYTE = Pattern.compile("\\\\x([0-9a-f]{2})");

  /** All of them. */
  public static List<CredentialAttack> all() {
    return AttackList.of("bearer-credentials.txt").stream().map(CredentialAttack::of).toList();
  }

  private static CredentialAttack of(String line) {
    String[] sides = line.split(" => ", -1);
    if (sides.length != 2) {
      throw new IllegalArgumentException("no twin: " + line);
    }
    return new CredentialAttack(line, fields(sides[0]), fields(sides[1]));
  }

  private static List<String> fields(String side) {
    return List.of(side.split(" \\+ ")).stream().map(CredentialAttack::unescaped).toList();
  }

  private static String unescaped(String text) {
    return BYTE.matcher(text.replace("\\s", " "))
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(match.group(1), 16))));
  }

  /** Whether the bad one has a control character, which no field may hold (RFC 9110 §5.5). */
  public boolean isNoField() {
    return bad.stream().anyMatch(f -> f.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f));
  }

  /** The fields with {@code token} for the good token. */
  public static List<String> with(String token, List<String> fields) {
    return fields.stream().map(field -> field.replace("{t}", token)).toList();
  }

  @Override
  public String toString() {
    return line;
  }
}
