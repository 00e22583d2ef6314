package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Stream;

/**
 * Raw requests from a resource, one case a line: the attack, a tab, and the same with the one thing
 * mended. Written in ASCII with {@code \r \n \t \\} and {@code \xHH}; {@code {N*TEXT}} stands for N
 * times TEXT.
 */
final class AttackList {
  private AttackList() {}

  record Attack(String line, String bad, String good) {
    @Override
    public String toString() {
      return line;
    }
  }

  static Stream<Attack> read(String resource) {
    try (InputStream in = AttackList.class.getResourceAsStream("/attacks/" + resource)) {
      return new String(in.readAllBytes(), US_ASCII)
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .map(AttackList::parse)
              .toList()
              .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Attack parse(String line) {
    String[] parts = line.split("\t");
    if (parts.length != 2) {
      throw new IllegalArgumentException("not an attack and its mended twin: " + line);
    }
    String label = parts[0].length() > 150 ? parts[0].substring(0, 150) + "…" : parts[0];
    return new Attack(label, unescape(parts[0]), unescape(parts[1]));
  }

  private static String unescape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '{' && text.indexOf('*', i) > 0 && Character.isDigit(text.charAt(i + 1))) {
        int star = text.indexOf('*', i);
        int end = text.indexOf('}', star);
        out.append(
            unescape(text.substring(star + 1, end))
                .repeat(Integer.parseInt(text.substring(i + 1, star))));
        i = end;
      } else if (c != '\\') {
        out.append(c);
      } else {
        char kind = text.charAt(++i);
        switch (kind) {
          case 'r' -> out.append('\r');
          case 'n' -> out.append('\n');
          case 't' -> out.append('\t');
          case '\\' -> out.append('\\');
          case 'x' -> {
            out.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
            i += 2;
          }
          default -> throw new IllegalArgumentException("\\" + kind + " in " + text);
        }
      }
    }
    return out.toString();
  }
}
