package dev.gatehouse.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.ConfigReader;
import dev.gatehouse.config.Door;
import dev.gatehouse.config.LoadedConfig;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** Where the filter's YAML file is. */
sealed interface ConfigSource {
  /** The file that is read when nothing else is said. */
  String DEFAULT = "/WEB-INF/gatehouse.yaml";

  /** What an operator may name instead, for all applications of a container. */
  String VARIABLE = "GATEHOUSE_CONFIG";

  /** How messages name it. */
  String name();

  /** Reads it. */
  LoadedConfig read(Map<String, String> environment) throws ConfigException;

  /**
   * The file that the init parameter {@code config} names, else the environment, else the default.
   * A name that begins with {@code /WEB-INF/} is a file of the application, any other a path.
   *
   * @throws ServletException if there is none
   */
  static ConfigSource find(FilterConfig filter, Map<String, String> environment)
      throws ServletException {
    ServletContext context = filter.getServletContext();
    String named = filter.getInitParameter(Deployment.CONFIG);
    if (named != null) {
      return named.startsWith("/WEB-INF/") ? inApplication(context, named) : file(named);
    }
    String variable = environment.get(VARIABLE);
    return variable != null && !variable.isBlank()
        ? file(variable)
        : inApplication(context, DEFAULT);
  }

  private static ConfigSource file(String name) throws ServletException {
    try {
      return new File(Path.of(name));
    } catch (InvalidPathException e) {
      throw new ServletException("Gatehouse does not start: " + name + " is not a file name", e);
    }
  }

  private static ConfigSource inApplication(ServletContext context, String name)
      throws ServletException {
    String path = context.getRealPath(name);
    if (path != null && Files.exists(Path.of(path))) {
      return new File(Path.of(path));
    }
    try (InputStream resource = context.getResourceAsStream(name)) {
      if (resource != null) {
        return new Packed(name, new String(resource.readAllBytes(), UTF_8));
      }
    } catch (IOException e) {
      throw new ServletException("Gatehouse does not start: " + name + " cannot be read", e);
    }
    throw new ServletException(
        "Gatehouse does not start: there is no "
            + name
            + ". Put the configuration there, or name the file in the init parameter "
            + Deployment.CONFIG
            + " or in "
            + VARIABLE);
  }

  /** A file; paths in it are relative to its directory. */
  record File(Path path) implements ConfigSource {
    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public LoadedConfig read(Map<String, String> environment) throws ConfigException {
      return ConfigReader.read(path, environment, Door.FILTER);
    }
  }

  /** A file in a WAR that is not unpacked; paths in it are relative to the working directory. */
  record Packed(String name, String yaml) implements ConfigSource {
    @Override
    public LoadedConfig read(Map<String, String> environment) throws ConfigException {
      return ConfigReader.read(yaml, Path.of("").toAbsolutePath(), environment, Door.FILTER);
    }
  }
}
