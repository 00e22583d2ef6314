package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several OPs in one file: nobody may be in doubt whose answer, token or host it is. */
class SeveralProvidersTest {
  private static final String GOOD =
      """
      public-url: https://app.example
      listen: 127.0.0.1:8443
      upstream: http://127.0.0.1:8080
      providers:
        staff:
          issuer: https://staff.example
          client-id: gw
          client-secret: ${env:CLIENT_SECRET}
        partners:
          issuer: https://partners.example
          client-id: gw
          client-secret: ${env:CLIENT_SECRET}
          display-name: Our partners
      default-provider: staff
      hosts: {other.example: partners}
      bearer: {audience: https://api.example, validation: introspection, provider: staff}
      rules:
        - {path: /partners/**, access: login, provider: partners}
      trusted-proxies: [10.0.0.0/8]
      """;

  @Test
  void goodFileIsReadWhole() throws ConfigException {
    GatehouseConfig config = OneFlaw.load(GOOD).config();

    assertThat(config.providers().keySet()).containsExactly("staff", "partners");
    assertThat(config.providers().get("staff").displayName()).isEqualTo("staff");
    assertThat(config.providers().get("partners").displayName()).isEqualTo("Our partners");
    assertThat(config.publicUrls())
        .extracting(PublicUrl::toString)
        .containsExactly("https://app.example", "https://other.example");
    assertThat(config.hosts()).containsEntry("other.example", "partners");
    assertThat(config.bearer().orElseThrow().provider()).contains("staff");
    assertThat(config.login().sharedRedirectUri()).isFalse();
  }

  @ParameterizedTest
  @Rule("TH-CFG-12")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "https://partners.example | https://staff.example | duplicate-issuer"
            + " | providers.partners.issuer",
        "default-provider: staff | default-provider: other | unknown-provider | default-provider",
        "other.example: partners | other.example: others | unknown-provider | hosts.other.example",
        "other.example: partners | app.example: partners | host-name | hosts.app.example",
        "other.example: partners | Other.example: partners | host-name | hosts.Other.example",
        "other.example: partners | ~'other.example:8443'~: partners | host-name"
            + " | hosts.other.example:8443",
        "introspection, provider: staff | introspection | missing-key | bearer.provider",
        "introspection, provider: staff | jwt, provider: other | unknown-provider"
            + " | bearer.provider",
        "login, provider: partners | login, provider: other | unknown-provider"
            + " | rules[0].provider"
      })
  void whatLeavesItInDoubtIsRefused(String good, String bad, String code, String key) {
    String flawed = GOOD.replace(good, bad.replace("~", ""));
    assertThat(flawed).isNotEqualTo(GOOD);

    ConfigException refusal =
        catchThrowableOfType(ConfigException.class, () -> OneFlaw.load(flawed));

    assertThat(refusal.problems())
        .filteredOn(problem -> problem.severity() == ConfigProblem.Severity.ERROR)
        .extracting(problem -> problem.code() + " " + problem.key())
        .containsExactly(code + " " + key);
  }

  @Test
  void theNameOfTheOnlyProviderIsNoneOfSeveral() {
    String flawed = GOOD.replace("  partners:\n", "  provider:\n").replace("partners}", "staff}");

    ConfigException refusal =
        catchThrowableOfType(ConfigException.class, () -> OneFlaw.load(flawed));

    assertThat(refusal.problems()).extracting(ConfigProblem::code).contains("provider-name");
  }
}
