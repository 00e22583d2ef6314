package dev.gatehouse.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The command {@code run} as nearly everybody writes it. Picocli understands the same and more, but
 * takes its time, and its old classes cannot go into a class-data archive.
 */
record PlainRun(Path file, boolean strict) {
  /** What {@code arguments} say; empty when picocli has to look at them. */
  static Optional<PlainRun> of(String... arguments) {
    if (arguments.length == 0 || !arguments[0].equals("run")) {
      return Optional.empty();
    }
    Path file = null;
    boolean strict = false;
    for (int i = 1; i < arguments.length; i++) {
      if (arguments[i].equals("--strict") && !strict) {
        strict = true;
      } else if (namesFile(arguments, i) && file == null) {
        file = Path.of(arguments[++i]);
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(new PlainRun(file == null ? Path.of(ConfigFile.DEFAULT) : file, strict));
  }

  private static boolean namesFile(String[] arguments, int i) {
    return (arguments[i].equals("-c") || arguments[i].equals("--config"))
        && i + 1 < arguments.length
        && arguments[i + 1].matches("[A-Za-z0-9./_][^\"'$]*");
  }

  Serving serving(Map<String, String> environment, PrintWriter out, PrintWriter err) {
    return new Serving(new ConfigFile(file), strict, environment, out, err);
  }
}
