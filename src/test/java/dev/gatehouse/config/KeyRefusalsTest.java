package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that are no settings: nothing that an operator wrote is silently left out. */
class KeyRefusalsTest {

  @ParameterizedTest
  @Rule("TH-CFG-10")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          backchannel: {               | token-hygeine: {            | token-hygeine            | token-hygiene
          insecure-allow-http: false   | insecure_allow_http: false  | insecure_allow_http      | insecure-allow-http
          trusted-proxies: [           | trusted-proxy: [            | trusted-proxy            | trusted-proxies
          idle-timeout: 30m            | idle-timout: 30m            | session.idle-timout      | idle-timeout
          idle-timeout: 30m            | IdleTimeout: 30m            | session.IdleTimeout      | idle-timeout
          client-secret: ${            | client_secret: ${           | provider.client_secret   | client-secret
          max-pending: 8               | max-pendings: 8             | login.max-pendings       | max-pending
          access: anonymous            | acces: anonymous            | rules[0].acces           | access
          require: {                   | requires: {                 | rules[1].requires        | require
          app-cookies: [               | app-cookie: [               | logout.app-cookie        | app-cookies
          max-head: 32KiB              | max-heads: 32KiB            | limits.max-heads         | max-head
          headers: {                   | header: {                   | identity.header          | headers
          login: {                     | logn: {                     | logn                     | login
          """)
  void misspeltKeyIsRefusedWithTheNearestOne(String good, String bad, String key, String nearest) {
    List<ConfigProblem> problems = OneFlaw.problems(OneFlaw.changed(good, bad));

    assertThat(problems)
        .filteredOn(problem -> problem.code().equals("unknown-key"))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo(key);
              assertThat(problem.message()).contains("did you mean " + nearest + "?");
            });
    assertThat(problems).noneMatch(problem -> problem.code().equals("missing-key"));
    assertThat(problems).noneMatch(problem -> problem.code().equals("client-auth-missing"));
  }

  @Test
  @Rule("TH-CFG-10")
  void keyInTheWrongSectionIsToldWhereItBelongs() {
    String yaml = OneFlaw.changed("backchannel: {deadline: 10s}", "max-lifetime: 8h");

    assertThat(OneFlaw.problems(yaml))
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message()).contains("did you mean session.max-lifetime?"));
  }

  @Test
  @Rule("TH-CFG-10")
  void dottedKeyDoesNotReachAnotherSection() throws ConfigException {
    OneFlaw.isRefused(
        "backchannel: {deadline: 10s}",
        "session.max-lifetime: 8h",
        "backchannel: {deadline: 9s}",
        "unknown-key",
        "session.max-lifetime");
  }

  @ParameterizedTest
  @Rule("TH-CFG-9")
  @ValueSource(
      strings = {
        "response_type: token",
        "response-type: id_token token",
        "response-types: [code, token]",
        "response_mode: fragment",
        "grant: implicit",
        "grant_type: password",
        "grant-types: [implicit]",
        "implicit: true",
        "password: true",
        "hybrid: true"
      })
  void otherFlowsCannotBeAskedFor(String line) throws ConfigException {
    for (String section : List.of("provider", "")) {
      String good = section.isEmpty() ? "listen: 127.0.0.1:8443\n" : "  client-id: gw\n";
      String indent = section.isEmpty() ? "" : "  ";
      String key = (section.isEmpty() ? "" : section + ".") + line.split(":")[0];
      OneFlaw.isRefused(good, good + indent + line + "\n", good, "implicit-refused", key);
    }
  }

  @Test
  @Rule("TH-CFG-9")
  void responseTypeIsNoExtraParameterEither() throws ConfigException {
    OneFlaw.isRefused(
        "{ui_locales: ko}",
        "{response_type: token}",
        "{ui_locales: ja}",
        "implicit-refused",
        "provider.authorization-parameters.response_type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state",
        "nonce",
        "client_id",
        "redirect_uri",
        "scope",
        "code_challenge",
        "code_challenge_method",
        "request",
        "request_uri",
        "response_mode"
      })
  void parametersOfTheGatewayItselfAreRefused(String name) throws ConfigException {
    OneFlaw.isRefused(
        "{ui_locales: ko}",
        "{" + name + ": x}",
        "{kc_idp_hint: x}",
        "reserved-parameter",
        "provider.authorization-parameters." + name);
  }

  @ParameterizedTest
  @Rule("TH-AUTHZ-14")
  @ValueSource(strings = {"https://a/#x", "/a", "a"})
  void resourceThatIsNoAbsoluteUrlIsRefused(String resource) throws ConfigException {
    OneFlaw.isRefused(
        "{ui_locales: ko}",
        "{resource: '" + resource + "'}",
        "{resource: https://a/}",
        "resource",
        "provider.authorization-parameters.resource");
  }

  @Test
  void keyThatStandsTwiceIsRefused() throws ConfigException {
    OneFlaw.isRefused(
        "  idle-timeout: 30m\n",
        "  idle-timeout: 30m\n  idle-timeout: 20m\n",
        "  idle-timeout: 20m\n",
        "duplicate-key",
        "session.idle-timeout");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          store: memory           | store: [memory]             | store: cookie            | session.store
          idle-timeout: 30m       | idle-timeout: {a: 1}        | idle-timeout: 10m        | session.idle-timeout
          scopes: [openid, profile] | scopes: {openid: true}    | scopes: openid           | provider.scopes
          scopes: [openid, profile] | scopes: [openid, [email]] | scopes: [openid]         | provider.scopes
          headers: {X-User: sub, X-Mail: email} | headers: [X-User] | headers: {X-User: sub} | identity.headers
          {X-User: sub, X-Mail: email} | {X-User: sub, X-Mail: [email]} | {X-User: sub}    | identity.headers.X-Mail
          login: {transaction-lifetime: 10m, max-pending: 8} | login: 10m | login: {}      | login
          {path: /static/**, access: anonymous} | /static/**        | {path: /s, access: deny} | rules[0]
          """)
  void valueOfTheWrongShapeIsRefused(String good, String broken, String mended, String key)
      throws ConfigException {
    OneFlaw.isRefused(good, broken, mended, "wrong-kind", key);
  }

  @ParameterizedTest
  @CsvSource({
    "public-url: https://app.example, public-url:, public-url",
    "store: memory, store:, session.store",
    "client-id: gw, client-id: ~, provider.client-id"
  })
  void keyWithoutValueIsRefused(String good, String broken, String key) throws ConfigException {
    OneFlaw.isRefused(good, broken, good, "empty", key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "public-url: https://app.example\n",
        "listen: 127.0.0.1:8443\n",
        "upstream: http://127.0.0.1:8080\n",
        "  issuer: https://op.example\n",
        "  client-id: gw\n"
      })
  void missingKeyIsRefused(String line) {
    String key = line.strip().split(":")[0];

    assertThat(OneFlaw.problems(OneFlaw.changed(line, "")))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo("missing-key");
              assertThat(problem.key()).endsWith(key);
            });
  }

  @Test
  void allProblemsAreListedAtOnceInTheOrderOfTheFile() {
    String yaml =
        OneFlaw.changed("idle-timeout: 30m", "idle-timout: 30m")
            .replace("https://app.example", "http://app.example")
            .replace("/static/**", "/gatehouse/**")
            .replace("10.0.0.0/8", "10.0.0.1/8")
            .replace("[openid, profile]", "[profile]");

    List<ConfigProblem> problems = OneFlaw.problems(yaml);

    assertThat(problems)
        .extracting(ConfigProblem::code)
        .containsExactly(
            "insecure-redirect", "scope-openid", "unknown-key", "reserved-prefix", "cidr");
    assertThat(problems).extracting(ConfigProblem::line).isSorted().doesNotContain(0);
  }
}
