package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where secrets come from, which are none, and that no message ever holds one. */
class SecretRefusalsTest {
  private static final String MARKER = "Zq9marker";

  @TempDir Path folder;

  @Test
  @Rule("TH-CFG-11")
  void clientWithoutSecretIsRefused() throws ConfigException {
    String line = "  client-secret: ${env:CLIENT_SECRET}\n";
    assertThat(OneFlaw.load(OneFlaw.GOOD).warnings()).isEmpty();

    assertThat(OneFlaw.problems(OneFlaw.changed(line, "")))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo("client-auth-missing");
              assertThat(problem.key()).isEqualTo("provider.client-secret");
              assertThat(problem.line()).isEqualTo(4);
            });
  }

  @Test
  @Rule("TH-CFG-11")
  void clientAuthenticationByNothingIsRefused() throws ConfigException {
    OneFlaw.isRefused(
        "client-authentication: client-secret-basic",
        "client-authentication: none",
        "client-authentication: client-secret-post",
        "client-auth-missing",
        "provider.client-authentication");
  }

  @ParameterizedTest
  @Rule("TH-SEC-5")
  @ValueSource(
      strings = {
        "changeme",
        "ChangeMe",
        "change-me",
        "secret",
        "SECRET",
        "client-secret",
        "<secret>",
        "<your client secret>",
        "password",
        "xxxx"
      })
  void placeholderSecretIsRefusedWhereverItComesFrom(String placeholder) throws Exception {
    OneFlaw.isRefused(
        "client-secret: ${env:CLIENT_SECRET}",
        "client-secret: '" + placeholder + "'",
        "client-secret: ${env:CLIENT_SECRET}",
        "placeholder-secret",
        "provider.client-secret");
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                ConfigReader.read(
                    OneFlaw.GOOD,
                    folder,
                    Map.of("CLIENT_SECRET", placeholder, "SESSION_KEY", OneFlaw.SESSION_KEY),
                    Door.STANDALONE));
    assertThat(refused.problems())
        .extracting(ConfigProblem::code)
        .containsExactly("placeholder-secret");
  }

  @Test
  @Rule("TH-SEC-1")
  void literalSecretWorksWithAWarning() throws ConfigException {
    assertThat(OneFlaw.load(OneFlaw.GOOD).warnings()).isEmpty();

    LoadedConfig loaded =
        OneFlaw.load(
            OneFlaw.changed("${env:CLIENT_SECRET}", MARKER)
                .replace("${env:SESSION_KEY}", OneFlaw.SESSION_KEY));

    assertThat(loaded.config().provider().proof().secret().orElseThrow().reveal())
        .isEqualTo(MARKER);
    assertThat(loaded.warnings())
        .extracting(problem -> problem.code() + " " + problem.key())
        .containsExactly("secret-inline provider.client-secret", "secret-inline session.keys[0]");
  }

  @Test
  @Rule("TH-SEC-1")
  void secretFromTheEnvironmentIsNotInline() throws ConfigException {
    Map<String, String> environment =
        Map.of("GATEHOUSE_PROVIDER_CLIENT_SECRET", MARKER, "SESSION_KEY", OneFlaw.SESSION_KEY);
    String yaml = OneFlaw.GOOD.replace("  client-secret: ${env:CLIENT_SECRET}\n", "");

    LoadedConfig loaded = ConfigReader.read(yaml, folder, environment, Door.STANDALONE);

    assertThat(loaded.config().provider().proof().secret().orElseThrow().reveal())
        .isEqualTo(MARKER);
    assertThat(loaded.warnings()).isEmpty();
  }

  @Test
  @Rule("TH-SEC-2")
  void secretFileThatOthersCanReadWarns() throws Exception {
    Path file = Files.writeString(folder.resolve("client-secret"), MARKER + "\n");
    String yaml = OneFlaw.GOOD.replace("${env:CLIENT_SECRET}", "${file:client-secret}");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(load(yaml).warnings()).isEmpty();
    for (String mode : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-----w-")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      assertThat(load(yaml).warnings())
          .as(mode)
          .extracting(problem -> problem.code() + " " + problem.key() + " " + problem.line())
          .containsExactly("secret-file-mode provider.client-secret 7");
    }
  }

  private LoadedConfig load(String yaml) throws ConfigException {
    return ConfigReader.read(yaml, folder, OneFlaw.ENVIRONMENT, Door.STANDALONE);
  }

  @ParameterizedTest
  @Rule("TH-SEC-9")
  @ValueSource(
      strings = {
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "q0XyJ8mV3nB5tZ7wE1rK9pL2sD4fG6hU8iO0aQcYxT",
        "q0XyJ8mV3nB5tZ7wE1rK9g",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "a passphrase that somebody made up by himself",
        "q0XyJ8mV3nB5tZ7wE1rK9pL2sD4fG6hU8iO0aQcYxT!"
      })
  void sessionKeyOfFewerThan256RandomBitsIsRefused(String key) {
    List<ConfigProblem> problems =
        OneFlaw.problems(OneFlaw.changed("${env:SESSION_KEY}", "'" + key + "'"));

    assertThat(problems)
        .filteredOn(problem -> problem.severity() == ConfigProblem.Severity.ERROR)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo("weak-session-key");
              assertThat(problem.key()).isEqualTo("session.keys[0]");
              assertThat(problem.line()).isEqualTo(18);
            });
  }

  @Test
  void paddingOfASessionKeyMayBeWritten() throws ConfigException {
    LoadedConfig loaded =
        OneFlaw.load(OneFlaw.changed("${env:SESSION_KEY}", "${env:SESSION_KEY}="));

    assertThat(loaded.config().session().keys().get(0).reveal()).isEqualTo(OneFlaw.SESSION_KEY);
  }

  @Test
  void cookieStoreWithoutKeysWarns() throws ConfigException {
    String yaml =
        OneFlaw.GOOD
            .replace("store: memory", "store: cookie")
            .replace("  keys:\n    - ${env:SESSION_KEY}\n", "");

    assertThat(OneFlaw.load(yaml).warnings())
        .extracting(ConfigProblem::code)
        .containsExactly("session-keys-missing");
  }

  static Stream<String> waysToWriteSecretsWrong() {
    String good = OneFlaw.GOOD.replace("${env:CLIENT_SECRET}", MARKER);
    return Stream.of(
        good.replace(MARKER, '"' + MARKER),
        good.replace(MARKER, MARKER + ": x"),
        good.replace(MARKER, "*" + MARKER),
        good.replace(MARKER, "!" + MARKER + "!x y"),
        good.replace(MARKER, "&" + MARKER),
        good.replace(MARKER, "@" + MARKER),
        good.replace(MARKER, "%" + MARKER),
        good.replace(MARKER, "|" + MARKER),
        good.replace(MARKER, "{" + MARKER),
        good.replace(MARKER, "[" + MARKER + "]"),
        good.replace(MARKER, "{" + MARKER + ": 1}"),
        good.replace(MARKER, "\"\\q" + MARKER + '"'),
        good.replace(MARKER, MARKER + "\u0001"),
        good.replace(MARKER, "\"" + MARKER + "\\n\""),
        good.replace(MARKER, "${env:CLIENT_SECRET}${nope}"),
        good.replace(MARKER, "${env:MISSING}"),
        good.replace("client-secret: ", "client_secret: "),
        good.replace("client-secret: ", "client-secret:"),
        good.replace("client-secret: ", "password: "),
        good.replace("client-secret: ", "\tclient-secret: "),
        good.replace("${env:SESSION_KEY}", MARKER),
        good.replace("${env:SESSION_KEY}", "{" + MARKER + ": 1}"),
        good.replace("store: memory", "store: ${env:CLIENT_SECRET}"),
        good.replace("idle-timeout: 30m", "idle-timeout: ${env:CLIENT_SECRET}"),
        good.replace("max-pending: 8", "max-pending: '${env:CLIENT_SECRET}'"),
        good.replace("https://op.example", "${env:CLIENT_SECRET}"),
        good.replace("https://op.example", "http://u:" + MARKER + "@op.example"),
        good.replace("http://127.0.0.1:8080", "http://u:" + MARKER + "@127.0.0.1:8080/x"),
        good.replace("[10.0.0.0/8]", "['${env:CLIENT_SECRET}']"),
        good.replace("127.0.0.1:8443", "${env:CLIENT_SECRET}"),
        good.replace("/static/**", "${env:CLIENT_SECRET}"),
        good.replace("app-cookies: [JSESSIONID]", "app-cookies: ['${env:CLIENT_SECRET} x']"));
  }

  @ParameterizedTest
  @Rule("TH-SEC-3")
  @MethodSource("waysToWriteSecretsWrong")
  void noMessageHoldsASecret(String yaml) throws IOException {
    Map<String, String> environment =
        Map.of("CLIENT_SECRET", MARKER + "2", "SESSION_KEY", OneFlaw.SESSION_KEY);

    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class,
            () -> ConfigReader.read(yaml, folder, environment, Door.STANDALONE));

    assertThat(refused).as("refusal of %s", yaml).isNotNull();
    assertThat(refused.getMessage() + refused.problems())
        .doesNotContain(MARKER)
        .doesNotContain(OneFlaw.SESSION_KEY);
    assertThat(refused).hasNoCause();
  }

  @Test
  @Rule("TH-SEC-3")
  void configurationPrintsNoSecret() throws ConfigException {
    LoadedConfig loaded = OneFlaw.load(OneFlaw.GOOD);

    assertThat(loaded.toString())
        .contains("gw")
        .doesNotContain(OneFlaw.CLIENT_SECRET)
        .doesNotContain(OneFlaw.SESSION_KEY);
  }
}
