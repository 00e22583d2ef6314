package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.config.Provider.ClientAuthentication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Presets: complete, true to the settings there are, and under what the file says. */
class PresetsTest {
  private static final Path FOLDER = Path.of("conf", "presets");
  private static final Map<String, String> ISSUERS =
      Map.of(
          "keycloak", "https://op.example/realms/main",
          "entra", "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
          "okta", "https://op.example/oauth2/default",
          "auth0", "https://tenant.eu.auth0.com/",
          "adfs", "https://op.example/adfs");

  @TempDir Path base;

  static List<String> names() {
    return Presets.SHIPPED;
  }

  private LoadedConfig load(String provider) throws ConfigException {
    return load(provider, Map.of());
  }

  private LoadedConfig load(String provider, Map<String, String> variables) throws ConfigException {
    String yaml =
        """
        public-url: https://app.example
        listen: 127.0.0.1:0
        upstream: http://127.0.0.1:8080
        provider: {%s}
        """
            .formatted(provider);
    Map<String, String> environment = new LinkedHashMap<>(variables);
    environment.put("SECRET", "0123456789abcdef-0123456789abcdef");
    return ConfigReader.read(yaml, base, environment, Door.STANDALONE);
  }

  private static String client(String preset) {
    String issuer = ISSUERS.containsKey(preset) ? ", issuer: " + ISSUERS.get(preset) : "";
    return "preset: " + preset + issuer + ", client-id: gw, client-secret: '${env:SECRET}'";
  }

  private Provider provider(String preset) throws ConfigException {
    LoadedConfig loaded = load(client(preset));
    assertThat(loaded.warnings()).isEmpty();
    return loaded.config().provider();
  }

  private List<ConfigProblem> problems(String provider) {
    ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load(provider));
    assertThat(refused).as(provider).isNotNull();
    return refused.problems();
  }

  @ParameterizedTest
  @MethodSource("names")
  void eachLoadsWithAClientAndNothingElse(String name) throws ConfigException {
    Provider provider = provider(name);

    assertThat(provider.issuer()).startsWith("https://");
    assertThat(provider.quirks().withoutPkce()).isFalse();
    boolean openId = provider.request().scopes().contains("openid");
    assertThat(provider.userinfo().claims().containsKey("sub")).isEqualTo(!openId);
    assertThat(provider.endpoints().authorization().isPresent()).isEqualTo(!openId);
  }

  @ParameterizedTest
  @ValueSource(strings = {"keycloak", "entra", "okta", "auth0", "adfs"})
  void anIssuerOfOnesOwnHasToBeWritten(String name) {
    assertThat(problems("preset: " + name + ", client-id: gw, client-secret: '${env:SECRET}'"))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo("issuer-template");
              assertThat(problem.key()).isEqualTo("provider.issuer");
              assertThat(problem.line()).isEqualTo(4);
              assertThat(problem.message()).contains("https://");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"common", "organizations", "consumers", "{tenantid}"})
  void entraForAnyTenantIsRefused(String tenant) {
    String issuer = "https://login.microsoftonline.com/" + tenant + "/v2.0";
    assertThat(
            problems(
                "preset: entra, issuer: '"
                    + issuer
                    + "', client-id: gw, client-secret: '${env:SECRET}'"))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo("issuer-template");
              assertThat(problem.message()).contains("YOUR-TENANT-ID");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"githubb", "../gatehouse", "GitHub", "a/b"})
  void anUnknownPresetIsRefusedWithTheNamesThereAre(String name) {
    assertThat(problems("preset: " + name + ", client-id: gw, client-secret: '${env:SECRET}'"))
        .filteredOn(problem -> problem.code().equals("unknown-preset"))
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message())
                    .contains("github")
                    .contains("kakao")
                    .contains("adfs"));
  }

  @Test
  void whatStandsBesideThePresetWinsAsAWhole() throws ConfigException {
    Provider github =
        load(client("github")
                + ", client-authentication: client-secret-basic, userinfo-claims: {sub: /node_id},"
                + " issuer: https://git.example")
            .config()
            .provider();

    assertThat(github.proof().method()).isEqualTo(ClientAuthentication.CLIENT_SECRET_BASIC);
    assertThat(github.userinfo().claims()).isEqualTo(Map.of("sub", "/node_id"));
    assertThat(github.issuer()).isEqualTo("https://git.example");
    assertThat(github.request().scopes()).containsExactly("read:user");
  }

  @Test
  void aVariableNamesAPresetAndOverridesIt() throws ConfigException {
    Provider google =
        load(
                "client-id: gw, client-secret: '${env:SECRET}'",
                Map.of(
                    "GATEHOUSE_PROVIDER_PRESET", "google",
                    "GATEHOUSE_PROVIDER_SCOPES", "openid,email"))
            .config()
            .provider();

    assertThat(google.issuer()).isEqualTo("https://accounts.google.com");
    assertThat(google.request().scopes()).containsExactly("openid", "email");
  }

  @Test
  void eachOfSeveralProvidersHasItsOwn() throws ConfigException {
    String yaml =
        """
        public-url: https://app.example
        listen: 127.0.0.1:0
        upstream: http://127.0.0.1:8080
        providers:
          one: {preset: google, client-id: a, client-secret: '${env:SECRET}'}
          two: {preset: github, client-id: b, client-secret: '${env:SECRET}'}
        """;
    GatehouseConfig config =
        ConfigReader.read(yaml, base, Map.of("SECRET", "0123456789abcdef-0123"), Door.STANDALONE)
            .config();

    assertThat(config.providers().get("one").endpoints().authorization()).isEmpty();
    assertThat(config.providers().get("two").endpoints().authorization()).isPresent();
  }

  @Test
  void aPresetOfOnesOwnStandsBesideTheConfiguration() throws Exception {
    Files.createDirectory(base.resolve("presets"));
    Files.writeString(
        base.resolve("presets").resolve("ours.yaml"), "issuer: https://ours.example\n");
    Files.writeString(base.resolve("presets").resolve("odd.yaml"), "isuer: https://ours.example\n");

    assertThat(provider("ours").issuer()).isEqualTo("https://ours.example");
    assertThat(problems(client("odd")))
        .anySatisfy(
            problem -> {
              assertThat(problem.code()).isEqualTo("unknown-key");
              assertThat(problem.key()).isEqualTo("provider.isuer");
              assertThat(problem.line()).isEqualTo(4);
            });
  }

  @Test
  void thoseThatAreShippedAreTheFilesThereAre() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")).sorted())
          .isEqualTo(Presets.SHIPPED);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void eachSaysWhatItAdaptsAndReportsAndWhereThatIsFrom(String name) throws IOException {
    String text = Files.readString(FOLDER.resolve(name + ".yaml"));

    assertThat(text)
        .contains("# Write beside it: ")
        .contains("# Adapts: ")
        .contains("# Reports: ")
        .contains("# E-mail: ")
        .contains("# Source: ")
        .doesNotContain("client-secret: ");
  }

  @ParameterizedTest
  @MethodSource("names")
  void eachIsInTheReadme(String name) throws IOException {
    assertThat(Files.readString(Path.of("README.md"))).contains("| `" + name + "` |");
  }

  @ParameterizedTest
  @CsvSource({"0123456789abcdef0123456789abcde, false", "0123456789abcdef0123456789abcdef, true"})
  void lineNeedsASecretThatCanBeAKey(String secret, boolean good) throws ConfigException {
    String yaml =
        """
        public-url: https://app.example
        listen: 127.0.0.1:0
        upstream: http://127.0.0.1:8080
        provider: {preset: line, client-id: gw, client-secret: '${env:SECRET}'}
        """;
    Map<String, String> environment = Map.of("SECRET", secret);
    if (good) {
      assertThat(ConfigReader.read(yaml, base, environment, Door.STANDALONE).warnings()).isEmpty();
      return;
    }
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class,
            () -> ConfigReader.read(yaml, base, environment, Door.STANDALONE));
    assertThat(refused.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.code()).isEqualTo("weak-algorithm"));
  }
}
