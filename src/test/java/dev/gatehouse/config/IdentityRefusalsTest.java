package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import dev.gatehouse.Rule;
import dev.gatehouse.config.ConfigProblem.Severity;
import dev.gatehouse.config.IdentityMapping.AppAuthorization;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.TlsIdentity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong combinations of what the app is told, and what would be right. */
class IdentityRefusalsTest {
  private static final String GOOD =
      """
      public-url: https://app.example
      listen: 127.0.0.1:8443
      upstream: %s
      provider:
        issuer: https://op.example
        client-id: gw
        client-secret: ${env:SECRET}
      %s
      """;
  private static final Map<String, String> SECRETS =
      Map.of(
          "SECRET", "Jx7-marker-of-the-secret", "SHORT", "Jx7-short", "SPACE", "Jx7 marker of it");

  @TempDir Path folder;

  private LoadedConfig load(String more) throws ConfigException {
    return load("http://127.0.0.1:8080", more);
  }

  private LoadedConfig load(String upstream, String more) throws ConfigException {
    return ConfigReader.read(GOOD.formatted(upstream, more), folder, SECRETS, Door.STANDALONE);
  }

  private List<ConfigProblem> problems(String upstream, String more) {
    try {
      return load(upstream, more).warnings();
    } catch (ConfigException refused) {
      return refused.problems();
    }
  }

  @ParameterizedTest
  @Rule("TH-HDR-13")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          identity: {preset: oauth-proxy}                                     | identity: {preset: oauth2-proxy}                                      | bad-value         | identity.preset
          identity: {encoding: utf8}                                          | identity: {encoding: utf-8}                                           | bad-value         | identity.encoding
          identity: {lists: comma-separated}                                  | identity: {lists: json}                                               | bad-value         | identity.lists
          identity: {header-encodings: {X-None: utf-8}}                       | identity: {header-encodings: {x_gatehouse_email: utf-8}}              | header-name       | identity.header-encodings.X-None
          identity: {header-lists: {X-Gatehouse-Groups: tabs}}                | identity: {header-lists: {X-Gatehouse-Groups: repeat}}                | bad-value         | identity.header-lists.X-Gatehouse-Groups
          identity: {preset: webseal, required: [X-Gatehouse-User]}           | identity: {preset: webseal, required: [iv-user]}                      | header-name       | identity.required[0]
          identity: {assertion: {header: X-A}}                                | identity: {assertion: {header: X-A, audience: a}}                     | missing-key       | identity.assertion.audience
          identity: {assertion: {audience: a, lifetime: 61s}}                 | identity: {assertion: {audience: a, lifetime: 60s}}                   | bad-value         | identity.assertion.lifetime
          identity: {assertion: {audience: a, header: Authorization}}         | identity: {assertion: {audience: a, header: X-Jwt}}                   | header-name       | identity.assertion.header
          identity: {assertion: {audience: a, header: x_gatehouse_user}}      | identity: {assertion: {audience: a, header: X-Who}}                   | header-name       | identity.assertion.header
          identity: {assertion: {audience: a, key: none.pem}}                 | identity: {assertion: {audience: a}}                                  | missing-file      | identity.assertion.key
          identity: {assertion: {audience: a, algorithm: RS256}}              | identity: {assertion: {audience: a, algorithm: ES256}}                | key-algorithm     | identity.assertion.algorithm
          identity: {authorization: bearer}                                   | identity: {authorization: bearer-access-token}                        | bad-value         | identity.authorization
          identity: {authorization: bearer-assertion}                         | identity: {authorization: bearer-assertion, assertion: {audience: a}} | missing-key       | identity.assertion.audience
          identity: {authorization: basic}                                    | identity: {authorization: basic, basic: {password: '${env:SECRET}'}}  | missing-key       | identity.basic.password
          identity: {authorization: basic, basic: {user: 'a:b', password: '${env:SECRET}'}} | identity: {authorization: basic, basic: {user: ab, password: '${env:SECRET}'}} | bad-value | identity.basic.user
          upstream-secret: {header: X-S}                                      | upstream-secret: {header: X-S, value: '${env:SECRET}'}                | missing-key       | upstream-secret.value
          upstream-secret: {value: '${env:SHORT}'}                            | upstream-secret: {value: '${env:SECRET}'}                             | weak-secret       | upstream-secret.value
          upstream-secret: {value: '${env:SPACE}'}                            | upstream-secret: {value: '${env:SECRET}'}                             | bad-value         | upstream-secret.value
          upstream-secret: {header: Host, value: '${env:SECRET}'}             | upstream-secret: {header: X-Host-S, value: '${env:SECRET}'}           | header-name       | upstream-secret.header
          upstream-secret: {header: X.Gatehouse.User, value: '${env:SECRET}'} | upstream-secret: {header: X-Own, value: '${env:SECRET}'}              | header-name       | upstream-secret.header
          """)
  void wrongValueIsRefusedAndTheRightOneHolds(String broken, String mended, String code, String key)
      throws Exception {
    assertThat(load(mended).warnings()).isEmpty();

    assertThat(problems("http://127.0.0.1:8080", broken))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.severity()).isEqualTo(Severity.ERROR);
              assertThat(problem.code()).isEqualTo(code);
              assertThat(problem.key()).isEqualTo(key);
              assertThat(problem.toString()).doesNotContain("Jx7");
            });
  }

  @Test
  @Rule("TH-TOK-11")
  @Rule("TH-BEAR-21")
  void accessTokenForTheAppNeedsAStoreThatKeepsItAndOneThatTheAppCanUse() throws Exception {
    String token = "identity: {authorization: bearer-access-token}\n";

    assertThat(load(token).config().identity().authorization())
        .isEqualTo(new AppAuthorization.BearerAccessToken());
    assertThat(problems("http://127.0.0.1:8080", token + "session: {store: cookie}"))
        .filteredOn(problem -> problem.severity() == Severity.ERROR)
        .extracting(ConfigProblem::code)
        .containsExactly("identity-conflict");
    String bound = token + "providers: {one: {sender-constraint: dpop}}";
    assertThat(problems("http://127.0.0.1:8080", bound)).isNotEmpty();
  }

  @Test
  @Rule("TH-BEAR-21")
  void twoCredentialsForOneFieldAreRefused() throws Exception {
    String rule =
        """
        bearer: {audience: https://api.example}
        rules:
          - {path: /api/**, access: bearer, forward-token: %s}
        identity: {authorization: %s, assertion: {audience: a}}
        """;
    for (String both : List.of("bearer-assertion")) {
      assertThat(problems("http://127.0.0.1:8080", rule.formatted("true", both)))
          .singleElement()
          .satisfies(
              problem -> {
                assertThat(problem.code()).isEqualTo("identity-conflict");
                assertThat(problem.line()).isEqualTo(10);
              });
      assertThat(load(rule.formatted("false", both)).warnings()).isEmpty();
    }
    assertThat(load(rule.formatted("true", "none")).warnings()).isEmpty();
    assertThat(load(rule.formatted("true", "bearer-access-token")).warnings()).isEmpty();
  }

  @Test
  @Rule("TH-HDR-13")
  void oneKeyForTheOpAndForTheAppIsRefused() throws Exception {
    Path key =
        KeyFiles.write(folder.resolve("a.jwk"), KeyFiles.ec(Curve.P_256, "a").toJSONString());
    Path other =
        KeyFiles.write(folder.resolve("b.jwk"), KeyFiles.ec(Curve.P_256, "a").toJSONString());
    String yaml =
        """
        public-url: https://app.example
        listen: 127.0.0.1:8443
        upstream: http://127.0.0.1:8080
        provider:
          issuer: https://op.example
          client-id: gw
          client-authentication: private-key-jwt
          client-key: %s
        identity: {assertion: {audience: a, key: %s}}
        """;
    assertThat(
            ConfigReader.read(yaml.formatted(key, other), folder, SECRETS, Door.FILTER).warnings())
        .isEmpty();
    try {
      ConfigReader.read(yaml.formatted(key, key), folder, SECRETS, Door.FILTER);
      throw new AssertionError("was taken");
    } catch (ConfigException refused) {
      assertThat(refused.problems()).extracting(ConfigProblem::code).containsExactly("key-shared");
    }
  }

  @Test
  @Rule("TH-SEC-9")
  void severalNodesWithoutACommonKeyAreWarnedOf() throws Exception {
    String yaml = "session: {keys: ['${env:KEY}']}\nidentity: {assertion: {audience: a}}\n";
    LoadedConfig loaded =
        ConfigReader.read(
            GOOD.formatted("http://127.0.0.1:8080", yaml),
            folder,
            Map.of("SECRET", "Jx7-marker-of-the-secret", "KEY", OneFlaw.SESSION_KEY),
            Door.STANDALONE);

    assertThat(loaded.warnings()).extracting(ConfigProblem::code).containsExactly("assertion-key");
  }

  @Test
  @Rule("TH-HDR-12")
  void userByAClaimThatMayChangeIsWarnedOf() throws Exception {
    assertThat(load("identity: {remote-user: email}").warnings())
        .extracting(ConfigProblem::code)
        .containsExactly("unstable-user");
    assertThat(load("identity: {remote-user: employee_number}").warnings()).isEmpty();
  }

  @Test
  @Rule("TH-HDR-10")
  void fieldsThatAnAskingProxyMightDropAreWarnedOf() throws Exception {
    String asking =
        """
        identity: {lists: %s}
        trusted-proxies: [10.0.0.5/32]
        forward-auth: {enabled: true, request: x-original}
        """;

    assertThat(load(asking.formatted("repeat")).warnings())
        .extracting(ConfigProblem::code)
        .contains("list-repeat");
    assertThat(load(asking.formatted("json")).warnings())
        .extracting(ConfigProblem::code)
        .doesNotContain("list-repeat");
  }

  @Test
  @Rule("TH-HDR-14")
  void certificatesNeedAnUpstreamWithTls() throws Exception {
    TlsIdentity pair = TlsIdentity.selfSigned("gw", "EC");
    KeyFiles.write(folder.resolve("gw.crt"), pair.chainPem());
    KeyFiles.write(folder.resolve("gw.key"), pair.keyPem());
    String tls = "upstream-tls: {certificate: gw.crt, private-key: gw.key, ca-bundle: gw.crt}";

    assertThat(load("https://127.0.0.1:8444", tls).warnings()).isEmpty();
    assertThat(problems("http://127.0.0.1:8080", tls))
        .extracting(ConfigProblem::code)
        .containsExactly("tls-mismatch");
    assertThat(problems("https://127.0.0.1:8444", "upstream-tls: {certificate: gw.crt}"))
        .extracting(ConfigProblem::code)
        .containsExactly("missing-key");
    KeyFiles.write(folder.resolve("gw.key"), TlsIdentity.selfSigned("x", "EC").keyPem());
    assertThat(problems("https://127.0.0.1:8444", tls))
        .extracting(ConfigProblem::code)
        .containsExactly("certificate-mismatch");
  }
}
