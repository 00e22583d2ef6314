package dev.gatehouse.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A directory for this run alone, readable by this user alone; gone afterwards. */
final class WorkDirectory implements Closeable {
  private final Path path;

  private WorkDirectory(Path path) {
    this.path = path;
  }

  /** Makes an empty one among the system's temporary files. */
  static WorkDirectory create() throws IOException {
    return new WorkDirectory(Files.createTempDirectory("gatehouse-demo-"));
  }

  /** The directory itself. */
  Path path() {
    return path;
  }

  /** A new directory in it. */
  Path directory(String name) throws IOException {
    return Files.createDirectory(path.resolve(name));
  }

  /** A file in it with that text. */
  Path file(String name, String text) throws IOException {
    return Files.writeString(path.resolve(name), text, UTF_8);
  }

  /** A new file in it with that text, readable by this user alone. */
  Path secret(String name, String text) throws IOException {
    return Files.writeString(Files.createTempFile(path, name, ""), text, UTF_8);
  }

  /** A copy of a resource of the demo. */
  Path copy(String resource) throws IOException {
    Path file = path.resolve(resource);
    try (InputStream in = open(resource)) {
      Files.copy(in, file);
    }
    return file;
  }

  /** The unpacked content of a WAR that the demo carries. */
  Path unpack(String resource) throws IOException {
    Path root = directory("app");
    try (ZipInputStream war = new ZipInputStream(open(resource))) {
      for (ZipEntry entry = war.getNextEntry(); entry != null; entry = war.getNextEntry()) {
        Path target = root.resolve(entry.getName()).normalize();
        if (!target.startsWith(root)) {
          throw new IOException(resource + " names a file outside itself");
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(war, target);
        }
      }
    }
    return root;
  }

  private static InputStream open(String resource) throws IOException {
    InputStream in = WorkDirectory.class.getResourceAsStream(resource);
    if (in == null) {
      throw new FileNotFoundException(resource + " is missing from the demo's jar");
    }
    return in;
  }

  @Override
  public void close() throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(path)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).collect(Collectors.toList());
    }
    for (Path each : deepestFirst) {
      Files.deleteIfExists(each);
    }
  }
}
