package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import dev.gatehouse.Rule;
import dev.gatehouse.config.Provider.SenderConstraint;
import dev.gatehouse.testkit.KeyFiles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code profile: fapi2}: one choice is made, and what contradicts it is told at its key. */
class Fapi2SettingsTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void writeKeys() {
    KeyFiles.write(folder.resolve("p256.jwk"), KeyFiles.ec(Curve.P_256, "p256").toJSONString());
    KeyFiles.write(folder.resolve("p384.jwk"), KeyFiles.ec(Curve.P_384, "p384").toJSONString());
  }

  private static String yaml(String more) {
    return """
        public-url: https://app.example
        listen: 127.0.0.1:8443
        upstream: http://127.0.0.1:8080
        provider:
          issuer: https://op.example
          client-id: gw
          profile: fapi2
          client-authentication: private-key-jwt
          client-key: FOLDER/p256.jwk
          sender-constraint: dpop
          MORE
        """
        .replace("FOLDER", folder.toString())
        .replace(
            "  MORE\n",
            more.isEmpty() ? "" : "  " + more.replace("FOLDER", folder.toString()) + "\n");
  }

  @Test
  void whatHasOneChoiceIsOn() throws ConfigException {
    Provider provider = OneFlaw.load(yaml("")).config().provider();

    assertThat(provider.fapi2()).isTrue();
    assertThat(provider.request().alwaysPushed()).isTrue();
    assertThat(provider.tokens().senderConstraint()).isEqualTo(SenderConstraint.DPOP);
    assertThat(provider.tokens().signingAlgorithms())
        .containsExactlyInAnyOrder("PS256", "ES256", "EdDSA", "Ed25519");
  }

  @ParameterizedTest
  @Rule("TH-CFG-10")
  @CsvSource(
      delimiter = '|',
      value = {
        "pushed-authorization: when-required   | pushed-authorization",
        "client-assertion-audience: token-endpoint | client-assertion-audience",
        "response-mode: form_post              | response-mode",
        "client-key-algorithm: RS256           | client-key-algorithm",
        "signing-algorithms: [PS256, RS256]    | signing-algorithms[1]",
        "scope-separator: comma                | scope-separator",
        "missing-token-type: accept            | missing-token-type",
        "token-response-format: form           | token-response-format",
        "revocation-endpoint: https://op.example/revoke | revocation-endpoint",
        "dpop-key: FOLDER/p384.jwk             | dpop-key",
      })
  void whatContradictsIsRefusedAtItsKey(String line, String key) {
    List<ConfigProblem> problems = OneFlaw.problems(yaml(line));

    assertThat(problems)
        .filteredOn(problem -> problem.code().equals("fapi2"))
        .extracting(ConfigProblem::key)
        .contains("provider." + key);
  }

  @ParameterizedTest
  @Rule("TH-CFG-10")
  @CsvSource(
      delimiter = '|',
      value = {
        "client-authentication: private-key-jwt | client-authentication: client-secret-basic",
        "client-key: FOLDER/p256.jwk            | client-key: FOLDER/p384.jwk",
        "sender-constraint: dpop                | sender-constraint: none",
      })
  void choiceThatIsNotMadeIsAskedFor(String good, String bad) {
    String yaml =
        yaml("client-secret: ${env:CLIENT_SECRET}")
            .replace(
                good.replace("FOLDER", folder.toString()),
                bad.replace("FOLDER", folder.toString()));

    assertThat(OneFlaw.problems(yaml))
        .filteredOn(problem -> problem.code().equals("fapi2"))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo("provider." + bad.split(":")[0].strip());
              assertThat(problem.message()).hasSizeGreaterThan(30);
            });
  }

  @Test
  void theSameFileWithoutTheProfileIsFree() throws ConfigException {
    String yaml = yaml("response-mode: form_post").replace("profile: fapi2", "profile: none");

    assertThat(OneFlaw.load(yaml).config().provider().fapi2()).isFalse();
  }

  @Test
  void bindingNeedsWhatItBindsTo() {
    assertThat(OneFlaw.problems(yaml("").replace("constraint: dpop", "constraint: mtls")))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo("client-certificate-missing");
              assertThat(problem.key()).isEqualTo("provider.sender-constraint");
            });
  }

  @Test
  void encryptionThatIsDemandedNeedsAKey() throws ConfigException {
    assertThat(OneFlaw.problems(yaml("require-encrypted-id-token: true")))
        .singleElement()
        .satisfies(problem -> assertThat(problem.code()).isEqualTo("decryption-key-missing"));
    OneFlaw.load(yaml("require-encrypted-id-token: true\n  decryption-key: FOLDER/p256.jwk"));
  }

  @Test
  void nodesThatShareSessionsAreToldToShareTheDpopKey() throws ConfigException {
    String keys = "session: {keys: [\"${env:SESSION_KEY}\"]}\n";

    assertThat(OneFlaw.load(yaml("")).warnings()).isEmpty();
    assertThat(OneFlaw.load(yaml("") + keys).warnings())
        .extracting(ConfigProblem::code)
        .containsExactly("dpop-key-missing");
    assertThat(OneFlaw.load(yaml("dpop-key: FOLDER/p256.jwk") + keys).warnings()).isEmpty();
  }
}
