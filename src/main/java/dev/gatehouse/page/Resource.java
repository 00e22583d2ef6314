package dev.gatehouse.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A text file that stands beside a class. */
final class Resource {
  private Resource() {}

  /** The whole file, UTF-8, without the newline at its end. */
  static String text(String name) {
    return text(Resource.class, name);
  }

  /** The same of a file beside that class. */
  static String text(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks the resource " + name);
      }
      return new String(in.readAllBytes(), UTF_8).stripTrailing();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource " + name, e);
    }
  }
}
