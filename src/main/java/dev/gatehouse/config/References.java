package dev.gatehouse.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.config.Node.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${env:NAME}} and {@code ${file:PATH}} by what they name. A path is relative to
 * the configuration file; line ends at the end of a file are not part of the value. What a
 * reference yields is not searched for further references.
 */
final class References {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]*)}");
  private static final int MAX_FILE_BYTES = 64 << 10;

  private final Path base;
  private final Map<String, String> environment;
  private final SecretFiles secretFiles;
  private final Problems problems;

  References(
      Path base, Map<String, String> environment, SecretFiles secretFiles, Problems problems) {
    this.base = base;
    this.environment = environment;
    this.secretFiles = secretFiles;
    this.problems = problems;
  }

  /** The path of {@code raw} where it is one reference to a file and nothing else. */
  static Optional<String> onlyFile(String raw) {
    Matcher matcher = REFERENCE.matcher(raw.strip());
    return matcher.matches() && matcher.group(1).equals("file")
        ? Optional.of(matcher.group(2))
        : Optional.empty();
  }

  /** {@code scalar} with its references replaced; as it is where one cannot be, a problem then. */
  Scalar resolve(String key, boolean secret, Scalar scalar) {
    if (!scalar.text().contains("${")) {
      return scalar;
    }
    Matcher matcher = REFERENCE.matcher(scalar.text());
    StringBuilder resolved = new StringBuilder();
    int end = 0;
    boolean found = false;
    while (matcher.find()) {
      found = true;
      resolved.append(scalar.text(), end, matcher.start());
      Optional<String> value =
          matcher.group(1).equals("env")
              ? variable(key, scalar.line(), matcher.group(2))
              : file(key, secret, scalar.line(), matcher.group(2));
      resolved.append(value.orElse(""));
      end = matcher.end();
    }
    resolved.append(scalar.text(), end, scalar.text().length());
    if (REFERENCE.matcher(scalar.text()).replaceAll("").contains("${")) {
      problems.error(
          "bad-reference",
          key,
          scalar.line(),
          "has a ${…} that is neither ${env:NAME} nor ${file:PATH}; a value that really holds ${"
              + " has to come from a file");
    }
    return found
        ? new Scalar(scalar.line(), scalar.raw(), resolved.toString(), Source.REFERENCE)
        : scalar;
  }

  private Optional<String> variable(String key, int line, String name) {
    String value = environment.get(name);
    if (value == null) {
      problems.error(
          "missing-variable",
          key,
          line,
          "refers to the environment variable " + name + ", which is not set; set it");
    }
    return Optional.ofNullable(value);
  }

  private Optional<String> file(String key, boolean secret, int line, String path) {
    try {
      Path file = base.resolve(path);
      String text = read(file);
      if (text == null) {
        problems.error("file-too-large", key, line, "refers to " + path + ", more than 64 KiB");
        return Optional.empty();
      }
      if (secret) {
        secretFiles.checkMode(key, line, file);
      }
      return Optional.of(SecretText.withoutLineEnd(text));
    } catch (NoSuchFileException e) {
      problems.error(
          "missing-file",
          key,
          line,
          "refers to " + path + ", which does not exist (seen from " + base + "); create it");
    } catch (IOException | InvalidPathException e) {
      problems.error(
          "unreadable-file",
          key,
          line,
          "refers to " + path + ", which this user cannot read; check owner and mode");
    }
    return Optional.empty();
  }

  private static String read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
      return bytes.length > MAX_FILE_BYTES ? null : new String(bytes, UTF_8);
    }
  }
}
