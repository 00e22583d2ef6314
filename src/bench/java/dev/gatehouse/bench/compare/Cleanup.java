package dev.gatehouse.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** What has to be gone when this run ends, however it ends. */
final class Cleanup {
  private static final Deque<AutoCloseable> PARTS = new ArrayDeque<>();

  private Cleanup() {}

  /** Closes what is left at the end of the JVM, also after Ctrl-C; the latest first. */
  static void atEnd() {
    Runtime.getRuntime().addShutdownHook(new Thread(Cleanup::closeAll));
  }

  static synchronized void add(AutoCloseable part) {
    PARTS.push(part);
  }

  static synchronized void remove(AutoCloseable part) {
    PARTS.remove(part);
  }

  /** A new directory that is deleted at the end. */
  static Path directory() throws IOException {
    Path directory = Files.createTempDirectory("gatehouse-compare-");
    add(() -> delete(directory));
    return directory;
  }

  private static void closeAll() {
    List<AutoCloseable> parts;
    synchronized (Cleanup.class) {
      parts = List.copyOf(PARTS);
    }
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) { // AutoCloseable declares no less, and the others have to end too
        System.err.println("compare: cannot tidy up: " + e);
      }
    }
  }

  /** Deletes a directory with all that is in it. */
  static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
