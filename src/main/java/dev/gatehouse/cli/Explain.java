package dev.gatehouse.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says which rule holds for a request, why, and what the app would receive. Asks nobody. */
@Command(
    name = "explain",
    description = "Says which rule holds for a request, why, and what the app would receive.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:explained", "2:no such claims", "78:configuration refused"})
final class Explain implements Callable<Integer> {
  private static final TypeReference<Map<String, Object>> CLAIMS = new TypeReference<>() {};

  @Mixin private ConfigFile file;

  @Parameters(index = "0", paramLabel = "METHOD", description = "Such as GET.")
  private String method;

  @Parameters(
      index = "1",
      paramLabel = "URL",
      description = "As a browser would ask for it: absolute, or from the first slash.")
  private String url;

  @Option(
      names = "--claims",
      paramLabel = "FILE",
      description = "JSON object with the claims of a user, sub among them.")
  private Path claims;

  @Spec private CommandSpec spec;

  private final Map<String, String> environment;

  Explain(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      Explanation explanation = new Explanation(file.read(environment).config());
      explanation.of(method, url, user()).forEach(out::println);
      return ExitCode.OK;
    } catch (ConfigException e) {
      e.problems().forEach(problem -> out.println(file.line(problem)));
      out.println(file + ": refused");
      return Gatehouse.REFUSED;
    }
  }

  private Optional<Map<String, Object>> user() {
    if (claims == null) {
      return Optional.empty();
    }
    try {
      Map<String, Object> user = new ObjectMapper().readValue(Files.readString(claims), CLAIMS);
      if (user != null && user.get("sub") instanceof String subject && !subject.isEmpty()) {
        return Optional.of(user);
      }
      throw new ParameterException(spec.commandLine(), claims + " has no text \"sub\".");
    } catch (JacksonException e) {
      throw new ParameterException(spec.commandLine(), claims + " is no JSON object.");
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), claims + " cannot be read.");
    }
  }
}
