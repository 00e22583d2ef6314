package dev.gatehouse.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatehouse.access.Cidr;
import dev.gatehouse.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
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
    exitCodeList = {"0:explained", "2:no such claims or address", "78:configuration refused"})
final class Explain implements Callable<Integer> {
  private static final TypeReference<Map<String, Object>> CLAIMS = new TypeReference<>() {};

  /** Of a claim that is there twice nobody knows which one counts. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

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

  @Option(
      names = "--from",
      paramLabel = "ADDRESS",
      description = "IP address of the client, for rules that name networks.")
  private String from;

  @Spec private CommandSpec spec;

  private final Map<String, String> environment;

  Explain(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      Explanation explanation =
          new Explanation(file.read(environment).config(), Clock.systemUTC().instant());
      explanation.of(method, url, user(), client()).forEach(out::println);
      return ExitCode.OK;
    } catch (ConfigException e) {
      e.problems().forEach(problem -> out.println(file.line(problem)));
      out.println(file + ": refused");
      return Gatehouse.REFUSED;
    }
  }

  private Optional<InetAddress> client() {
    if (from == null) {
      return Optional.empty();
    }
    Optional<Cidr> single = from.contains("/") ? Optional.empty() : Cidr.parse(from);
    if (single.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--from takes an IP address, such as 192.0.2.1 or 2001:db8::1.");
    }
    return single.map(Cidr::network);
  }

  private Optional<Map<String, Object>> user() {
    if (claims == null) {
      return Optional.empty();
    }
    try {
      Map<String, Object> user = JSON.readValue(Files.readString(claims), CLAIMS);
      if (user != null && user.get("sub") instanceof String subject && !subject.isEmpty()) {
        return Optional.of(user);
      }
      throw new ParameterException(
          spec.commandLine(),
          claims + " has no text \"sub\"; write {\"sub\": \"…\"} and the other claims.");
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new ParameterException(
          spec.commandLine(), claims + (line > 0 ? ":" + line : "") + ": is no JSON object.");
    } catch (NoSuchFileException e) {
      throw new ParameterException(spec.commandLine(), claims + " does not exist.");
    } catch (CharacterCodingException e) {
      throw new ParameterException(spec.commandLine(), claims + " is not UTF-8.");
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), claims + " cannot be read.");
    }
  }
}
