package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.Rule;
import dev.gatehouse.access.Cidr;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Environment variables in the place of values of the file. */
class EnvironmentOverridesTest {

  private static Map<String, String> with(String... variables) {
    Map<String, String> environment = new HashMap<>(OneFlaw.ENVIRONMENT);
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return environment;
  }

  private static LoadedConfig load(String... variables) throws ConfigException {
    return ConfigReader.read(OneFlaw.GOOD, Path.of("/nowhere"), with(variables), Door.STANDALONE);
  }

  @Test
  void variableTakesThePlaceOfTheFile() throws ConfigException {
    GatehouseConfig config =
        load(
                "GATEHOUSE_SESSION_IDLE_TIMEOUT", "7m",
                "GATEHOUSE_PUBLIC_URL", "https://other.example",
                "GATEHOUSE_LOGIN_MAX_PENDING", "3",
                "GATEHOUSE_LOGOUT_CLEAR_SITE_DATA", "true",
                "GATEHOUSE_LIMITS_MAX_HEAD", "64KiB",
                "GATEHOUSE_SESSION_STORE", "cookie")
            .config();

    assertThat(config.session().idleTimeout()).isEqualTo(Duration.ofMinutes(7));
    assertThat(config.publicUrl()).hasToString("https://other.example");
    assertThat(config.login().maxPending()).isEqualTo(3);
    assertThat(config.logout().clearSiteData()).isTrue();
    assertThat(config.limits().maxHeadBytes()).isEqualTo(65_536);
    assertThat(config.session().store()).isEqualTo(GatehouseConfig.SessionStoreKind.COOKIE);
  }

  @Test
  void listsAreSeparatedByCommas() throws ConfigException {
    GatehouseConfig config =
        load(
                "GATEHOUSE_TRUSTED_PROXIES", "10.1.0.0/16, fd00::/8",
                "GATEHOUSE_PROVIDER_SCOPES", "openid,email",
                "GATEHOUSE_LOGOUT_APP_COOKIES", "")
            .config();

    assertThat(config.trustedProxies())
        .extracting(Cidr::toString)
        .containsExactly("10.1.0.0/16", "fd00:0:0:0:0:0:0:0/8");
    assertThat(config.provider().request().scopes()).containsExactly("openid", "email");
    assertThat(config.logout().appCookies()).isEmpty();
  }

  @Test
  void referenceInAVariableIsReplacedToo() throws ConfigException {
    LoadedConfig loaded =
        load("GATEHOUSE_PROVIDER_CLIENT_SECRET", "${env:OTHER}", "OTHER", "other-4711");

    assertThat(loaded.config().provider().proof().secret().orElseThrow().reveal())
        .isEqualTo("other-4711");
    assertThat(loaded.warnings()).isEmpty();
  }

  @Test
  void variableMayGiveWhatTheFileLacks() throws ConfigException {
    String yaml = OneFlaw.GOOD.replace("public-url: https://app.example\n", "");

    LoadedConfig loaded =
        ConfigReader.read(
            yaml,
            Path.of("/nowhere"),
            with("GATEHOUSE_PUBLIC_URL", "https://x.example", "GATEHOUSE_BEARER_AUDIENCE", "api"),
            Door.STANDALONE);

    assertThat(loaded.config().publicUrl()).hasToString("https://x.example");
    assertThat(loaded.config().bearer().orElseThrow().audience()).isEqualTo("api");
  }

  @ParameterizedTest
  @CsvSource({
    "GATEHOUSE_SESSION_IDLE_TIMEOUT, forever, session.idle-timeout, bad-value",
    "GATEHOUSE_SESSION_IDLE_TIMEOUT, '', session.idle-timeout, empty",
    "GATEHOUSE_PROVIDER_ISSUER, http://op.example, provider.issuer, insecure-endpoint",
    "GATEHOUSE_PROVIDER_SCOPES, email, provider.scopes, scope-openid",
    "GATEHOUSE_TRUSTED_PROXIES, 'fd00::/8,all', trusted-proxies[1], cidr",
    "GATEHOUSE_SESSION_KEYS, short, session.keys[0], weak-session-key",
    "GATEHOUSE_PROVIDER_CLIENT_SECRET, changeme, provider.client-secret, placeholder-secret",
    "GATEHOUSE_PROVIDER_CLIENT_SECRET, '', provider.client-secret, empty",
  })
  void valueOfAVariableIsCheckedAsThatOfTheFileAndHasNoLine(
      String variable, String value, String key, String code) {
    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> load(variable, value));

    assertThat(refused.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo(key);
              assertThat(problem.code()).isEqualTo(code);
              assertThat(problem.line()).isZero();
            });
  }

  @ParameterizedTest
  @Rule("TH-CFG-10")
  @CsvSource({
    "GATEHOUSE_SESION_IDLE_TIMEOUT, GATEHOUSE_SESSION_IDLE_TIMEOUT",
    "GATEHOUSE_TRUSTED_PROXY, GATEHOUSE_TRUSTED_PROXIES",
    "GATEHOUSE_RULES, only single values and lists",
    "GATEHOUSE_IDENTITY_HEADERS, only single values and lists",
  })
  void variableThatNamesNoSettingWarns(String variable, String hint) throws ConfigException {
    assertThat(load(variable, "4711-value").warnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo("unknown-variable");
              assertThat(warning.key()).isEqualTo(variable);
              if (!hint.startsWith("only")) {
                assertThat(warning.message()).contains(hint);
              }
              assertThat(warning.message()).doesNotContain("4711");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GATEHOUSE_CONFIG",
        "GATEHOUSE_JAR",
        "GATEHOUSE_JAVA",
        "GATEHOUSE_JAVA_OPTS",
        "GATEHOUSE_LOG_LEVEL",
        "GATEHOUSES",
        "PATH"
      })
  void variablesOfOthersAreLeftAlone(String variable) throws ConfigException {
    assertThat(load(variable, "x").warnings()).isEmpty();
  }

  @Test
  void everySettingThatHasAVariableReadsIt() {
    Map<String, String> environment = new HashMap<>();
    Settings.all().stream()
        .filter(Setting::hasVariable)
        .forEach(setting -> environment.put(setting.variable(), "x y"));
    Problems problems = new Problems();
    References references =
        new References(Path.of("/"), Map.of(), new SecretFiles(problems), problems);

    Set<String> read = new EnvironmentOverrides(references, problems).read(environment).keySet();

    assertThat(read).hasSameSizeAs(environment.keySet());
    assertThat(problems.inOrder()).isEmpty();
  }
}
