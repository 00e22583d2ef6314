package dev.gatehouse.packaged;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** One of the files that {@code mvn package} makes. */
final class Artefact {
  private final Path file;

  private Artefact(Path file) {
    this.file = file;
  }

  /** The runnable gateway. */
  static Artefact gateway() {
    return of("gatehouse.jar");
  }

  /** The jar for WEB-INF/lib. */
  static Artefact filter() {
    return of("gatehouse.filter.jar");
  }

  /** The runnable demo. */
  static Artefact demo() {
    return of("gatehouse.demo.jar");
  }

  /** The jar for Maven users. */
  static Artefact thin() {
    return of("gatehouse.thin.jar");
  }

  /** The distribution. */
  static Artefact distribution() {
    return of("gatehouse.tar");
  }

  /** The build tells where each is, in a system property. */
  private static Artefact of(String property) {
    Path file = Path.of(System.getProperty(property, "not told: run mvn verify"));
    if (!Files.isRegularFile(file)) {
      throw new AssertionError(property + " is not there: " + file);
    }
    return new Artefact(file);
  }

  Path file() {
    return file;
  }

  /** The names of its files. */
  List<String> names() {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text in it. */
  String text(String name) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return new String(read(zip, zip.getEntry(name)), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes of each class, one char a byte, in which names of other classes can be found. */
  Map<String, String> classes() {
    Map<String, String> classes = new TreeMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        if (entry.getName().endsWith(".class")) {
          classes.put(entry.getName(), new String(read(zip, entry), ISO_8859_1));
        }
      }
      return classes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }
}
