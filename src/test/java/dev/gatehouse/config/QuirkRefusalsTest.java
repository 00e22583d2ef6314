package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.Rule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of OPs that depart from the standards, which the gateway does not start with. */
class QuirkRefusalsTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("SECRET", "0123456789abcdef-0123456789abcdef");
  private static final String OAUTH =
      "scopes: [profile], authorization-endpoint: 'https://op.example/a', token-endpoint:"
          + " 'https://op.example/t', userinfo-endpoint: 'https://op.example/u', userinfo-claims:"
          + " {sub: /id}";

  private static LoadedConfig load(String provider, String rest) throws ConfigException {
    String yaml =
        """
        public-url: https://app.example
        listen: 127.0.0.1:0
        upstream: http://127.0.0.1:8080
        provider: {issuer: 'https://op.example', client-id: gw%s}
        %s
        """
            .formatted(provider.isEmpty() ? "" : ", " + provider, rest);
    return ConfigReader.read(yaml, Path.of("/nowhere"), ENVIRONMENT, Door.STANDALONE);
  }

  private static LoadedConfig load(String provider) throws ConfigException {
    return load("client-secret: '${env:SECRET}', " + provider, "");
  }

  private static List<ConfigProblem> problems(String provider, String rest) {
    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> load(provider, rest));
    assertThat(refused).as(provider).isNotNull();
    return refused.problems();
  }

  private static void isRefused(String provider, String code, String key) {
    assertThat(problems("client-secret: '${env:SECRET}', " + provider, ""))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(code);
              assertThat(problem.key()).isEqualTo("provider." + key);
              assertThat(problem.message()).hasSizeGreaterThan(20);
            });
  }

  @Test
  void anOpOfOAuthAloneIsDescribedWithoutAWarning() throws ConfigException {
    assertThat(load(OAUTH).warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "?access_token=x",
    "?fields=id&access_token=",
    "?oauth_token=x",
    "?token=x",
    "?Access-Token=x"
  })
  @Rule("TH-QUIRK-8")
  void aUserinfoUrlWithATokenIsRefused(String query) throws ConfigException {
    load(OAUTH.replace("/u'", "/u?fields=id,name'"));
    isRefused(OAUTH.replace("/u'", "/u" + query + "'"), "userinfo-query", "userinfo-endpoint");
  }

  @ParameterizedTest
  @ValueSource(strings = {"userinfo-query", "access-token-in-query", "userinfo-token"})
  @Rule("TH-QUIRK-8")
  void thereIsNoSwitchForATokenInAUrl(String key) {
    isRefused(OAUTH + ", " + key + ": true", "userinfo-query", key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?client_secret=x", "?appKey=x", "?code=x", "?a=1&secret="})
  @Rule("TH-QUIRK-13")
  void aTokenUrlWithASecretIsRefused(String query) throws ConfigException {
    load(OAUTH.replace("/t'", "/t?tenant=1'"));
    isRefused(OAUTH.replace("/t'", "/t" + query + "'"), "secret-in-url", "token-endpoint");
  }

  @ParameterizedTest
  @CsvSource({"token-method, get", "secret-in-url, true", "client-secret-in-query, true"})
  @Rule("TH-QUIRK-13")
  void thereIsNoSwitchForASecretInAUrl(String key, String value) {
    isRefused(key + ": " + value, "secret-in-url", key);
    isRefused(
        "client-authentication: client-secret-query", "secret-in-url", "client-authentication");
  }

  @Test
  @Rule("TH-QUIRK-14")
  @Rule("TH-CFG-11")
  void aPublicClientIsWarnedOfAndRefusedByStrict() throws ConfigException {
    String open = "client-authentication: none, public-client: true";

    assertThat(load(open, "").warnings()).extracting(ConfigProblem::code).contains("public-client");
    assertThat(problems(open, "strict: true"))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo("public-client");
              assertThat(problem.severity()).isEqualTo(ConfigProblem.Severity.ERROR);
            });
    assertThat(problems(open + ", pkce: 'off'", ""))
        .extracting(ConfigProblem::severity)
        .contains(ConfigProblem.Severity.ERROR);
  }

  @Test
  @Rule("TH-QUIRK-18")
  void withoutPkceThereHasToBeANonceAndASecret() throws ConfigException {
    assertThat(load("pkce: 'off'").warnings())
        .singleElement()
        .satisfies(problem -> assertThat(problem.code()).isEqualTo("pkce-off"));
    isRefused(OAUTH + ", pkce: 'off'", "pkce-off", "pkce");
    assertThat(problems("client-secret: '${env:SECRET}', pkce: 'off'", "strict: true"))
        .singleElement()
        .satisfies(problem -> assertThat(problem.code()).isEqualTo("pkce-off"));
  }

  @Test
  @Rule("TH-QUIRK-11")
  void aMissingTokenTypeIsWarnedOfWhereItIsAccepted() throws ConfigException {
    assertThat(load("missing-token-type: accept").warnings())
        .singleElement()
        .satisfies(problem -> assertThat(problem.code()).isEqualTo("missing-token-type"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "userinfo-claims: {sub: /id} | userinfo-claims: {name: /n} | userinfo-claims"
            + " | userinfo-claims",
        "{sub: /id} | {sub: id} | json-pointer | userinfo-claims",
        "userinfo-claims | userinfo-success: {code: 200}, userinfo-claims | json-pointer"
            + " | userinfo-success",
        "userinfo-endpoint: 'https://op.example/u', | '' | missing-key | userinfo-endpoint",
        "token-endpoint: 'https://op.example/t', | '' | missing-key | token-endpoint",
        "authorization-endpoint: 'https://op.example/a', | '' | missing-key"
            + " | authorization-endpoint",
        "[profile] | [openid] | userinfo-claims | userinfo-claims",
        "scopes | userinfo: never, scopes | userinfo-claims | userinfo",
        "https://op.example/u | http://op.example/u | insecure-endpoint | userinfo-endpoint"
      })
  @Rule("TH-IDT-15")
  void whatAnOpOfOAuthAloneNeedsHasToBeThere(String good, String broken, String code, String key) {
    assertThat(OAUTH).contains(good);
    assertThat(problems("client-secret: '${env:SECRET}', " + OAUTH.replace(good, broken), ""))
        .anySatisfy(
            problem -> {
              assertThat(problem.code()).isEqualTo(code);
              assertThat(problem.key()).isEqualTo("provider." + key);
            });
  }

  @Test
  void anOpenIdProviderWithoutMetadataNeedsItsKeys() throws ConfigException {
    String endpoints =
        "authorization-endpoint: 'https://op.example/a', token-endpoint: 'https://op.example/t'";

    isRefused(endpoints, "missing-key", "jwks-uri");
    load(endpoints + ", jwks-uri: 'https://op.example/k'");
    load(endpoints + ", signing-algorithms: [HS256]");
  }

  @Test
  @Rule("TH-IDT-2")
  void hmacNeedsALongSecretAndIsNoDefault() throws ConfigException {
    assertThat(load("pkce: s256").config().provider().tokens().signingAlgorithms())
        .doesNotContain("HS256");
    load("signing-algorithms: [HS256]");
    for (String other : List.of("HS384", "HS512", "none", "hs256")) {
      isRefused("signing-algorithms: [" + other + "]", "weak-algorithm", "signing-algorithms[0]");
    }
  }
}
