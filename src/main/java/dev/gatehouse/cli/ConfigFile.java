package dev.gatehouse.cli;

import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.ConfigProblem;
import dev.gatehouse.config.ConfigReader;
import dev.gatehouse.config.Door;
import dev.gatehouse.config.LoadedConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The option that names the configuration file. */
final class ConfigFile {
  static final String DEFAULT = "conf/gatehouse.yaml";

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      defaultValue = DEFAULT,
      description = "Configuration file; default: ${DEFAULT-VALUE}.")
  private Path file;

  /** The one that the command line names. */
  ConfigFile() {}

  /** The one at {@code file}. */
  ConfigFile(Path file) {
    this.file = file;
  }

  /**
   * Reads the file as the standalone gateway does.
   *
   * @param strict whether that is wanted though the file does not say so
   */
  LoadedConfig read(Map<String, String> environment, boolean strict) throws ConfigException {
    Map<String, String> stricter = new HashMap<>(environment);
    if (strict) {
      stricter.put("GATEHOUSE_STRICT", "true");
    }
    return read(stricter);
  }

  /** Reads the file as the standalone gateway does. */
  LoadedConfig read(Map<String, String> environment) throws ConfigException {
    return ConfigReader.read(file, environment, Door.STANDALONE);
  }

  /** One line for {@code problem}: where, how bad, which key, what to do. */
  String line(ConfigProblem problem) {
    return file
        + (problem.line() > 0 ? ":" + problem.line() : "")
        + ": "
        + (problem.severity() == ConfigProblem.Severity.ERROR ? "error: " : "warning: ")
        + (problem.key().isEmpty() ? "" : problem.key() + ": ")
        + problem.message()
        + " ["
        + problem.code()
        + "]";
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
