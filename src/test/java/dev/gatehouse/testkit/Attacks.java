package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Stream;

/** The attack lists among the test resources: one case a line, {@code #} begins a comment. */
public final class Attacks {
  private Attacks() {}

  /** The cases of {@code attacks/file}. */
  public static Stream<String> lines(String file) {
    try (InputStream in = Attacks.class.getResourceAsStream("/attacks/" + file)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no attacks/" + file);
      }
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.isEmpty() && !line.startsWith("#"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
