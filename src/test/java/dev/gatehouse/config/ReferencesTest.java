package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ${env:NAME}} and {@code ${file:PATH}} in values. */
class ReferencesTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "CLIENT_SECRET", OneFlaw.CLIENT_SECRET,
          "SESSION_KEY", OneFlaw.SESSION_KEY,
          "HOST", "app.example",
          "NESTED", "${env:HOST}",
          "COMMA", "a,b: {c} [d] #e");

  @TempDir Path folder;

  private GatehouseConfig load(String good, String change) throws ConfigException {
    return ConfigReader.read(OneFlaw.changed(good, change), folder, ENVIRONMENT, Door.STANDALONE)
        .config();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://${env:HOST}",
        "'https://${env:HOST}'",
        "\"https://${env:HOST}\"",
        "https://${file:host}",
        "https://${file:sub,folder/ho st{1:x}"
      })
  void referenceIsReplacedInsideAValue(String value) throws Exception {
    write("host", "app.example\n");
    write("sub,folder/ho st{1:x", "app.example\n");

    assertThat(load("https://app.example", value).publicUrl()).hasToString("https://app.example");
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[${env:HOST}, \"${env:COMMA}\"]",
        "[ ${env:HOST},${env:COMMA} ]",
        "\n    - ${env:HOST}\n    - ${env:COMMA}"
      })
  void referenceInAListIsOneItemWhateverItYields(String list) throws ConfigException {
    String yaml =
        OneFlaw.changed("polling-paths: [/poll]", "polling-paths: [/poll]")
            .replace("{ui_locales: ko}", "{a: ${env:COMMA}, b: ${env:HOST}}")
            .replace("required: [X-User]", "required: " + list);

    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class,
            () -> ConfigReader.read(yaml, folder, ENVIRONMENT, Door.STANDALONE));

    assertThat(refused.problems())
        .extracting(ConfigProblem::key)
        .containsExactly("identity.required[0]", "identity.required[1]");
  }

  @Test
  void referenceInAMapIsOneValueWhateverItYields() throws ConfigException {
    assertThat(
            load("{ui_locales: ko}", "{a: ${env:COMMA}, b: x${env:HOST}y}")
                .provider()
                .request()
                .parameters())
        .isEqualTo(Map.of("a", "a,b: {c} [d] #e", "b", "xapp.exampley"));
  }

  @ParameterizedTest
  @CsvSource({"'a\n', a", "'a\r\n', a", "'a\n\n', a", "'a b ', 'a b '", "'\na', ''"})
  void lineEndsAtTheEndOfAFileAreNoPartOfIt(String content, String value) throws Exception {
    write("file", content);
    if (value.isEmpty()) {
      ConfigException refused =
          catchThrowableOfType(ConfigException.class, () -> load("gw", "${file:file}"));
      assertThat(refused.problems()).extracting(ConfigProblem::code).containsExactly("bad-value");
    } else {
      assertThat(load("client-id: gw", "client-id: ${file:file}").provider().clientId())
          .isEqualTo(value);
    }
  }

  @Test
  void whatAReferenceYieldsIsNotSearchedAgain() throws ConfigException {
    assertThat(load("client-id: gw", "client-id: ${env:NESTED}").provider().clientId())
        .isEqualTo("${env:HOST}");
  }

  @ParameterizedTest
  @CsvSource({
    "${env:NOT_SET}, missing-variable",
    "${file:not-there}, missing-file",
    "${file:.}, unreadable-file",
    "${file:big}, file-too-large",
    "${HOST}, bad-reference",
    "${ENV:HOST}, bad-reference",
    "${sys:user.name}, bad-reference",
    "${env:HOST, bad-reference",
    "x${env:HOST}${y}, bad-reference"
  })
  void referenceToNothingIsRefused(String reference, String code) throws Exception {
    write("big", "x".repeat(70_000));
    assertThat(load("client-id: gw", "client-id: ${env:HOST}").provider().clientId())
        .isEqualTo("app.example");

    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class, () -> load("client-id: gw", "client-id: '" + reference + "'"));

    assertThat(refused.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(code);
              assertThat(problem.key()).isEqualTo("provider.client-id");
              assertThat(problem.line()).isEqualTo(6);
            });
  }
}
