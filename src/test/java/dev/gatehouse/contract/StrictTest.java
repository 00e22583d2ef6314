package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.config.ConfigProblem;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an OP offers that makes it weak is reported at start, and refused by strict. */
@ExtendWith(LeakWatch.class)
class StrictTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  static Stream<Arguments> weaknesses() {
    return Stream.of(
        weak("op-weak:no-s256", op -> op.metadata("code_challenge_methods_supported", null)),
        weak(
            "op-weak:no-iss",
            op -> op.metadata("authorization_response_iss_parameter_supported", null)),
        weak(
            "op-weak:alg-none",
            op -> op.metadata("id_token_signing_alg_values_supported", List.of("RS256", "none"))),
        weak(
            "op-weak:implicit",
            op -> op.metadata("response_types_supported", List.of("code", "token"))),
        weak(
            "op-weak:implicit",
            op -> op.metadata("response_types_supported", List.of("code id_token"))),
        weak("op-weak:no-scope", op -> op.metadata("scopes_supported", null)));
  }

  private static Arguments weak(String word, Consumer<StubOp> change) {
    return Arguments.of(word, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("weaknesses")
  @Rule("TH-CFG-13")
  void aWeaknessIsReportedAndRefusedByStrict(String word, Consumer<StubOp> change) {
    Consumer<StubOp> provider =
        op -> {
          op.promiseIssuer();
          change.accept(op);
        };
    try (Scene lenient = Scene.open(DoorKind.PROXY, "", provider)) {
      assertThat(LeakWatch.lines())
          .filteredOn(line -> line.startsWith("WARN"))
          .filteredOn(line -> line.contains(word))
          .hasSize(1);
      assertThat(lenient.gate().awaitProviders(PATIENCE)).isEmpty();
      assertThat(lenient.gate().weaknesses()).extracting(ConfigProblem::code).contains(word);
    }
    try (Scene strict = Scene.openUnready(DoorKind.PROXY, "strict: true", provider)) {
      assertThat(strict.gate().awaitProviders(PATIENCE))
          .singleElement()
          .satisfies(
              problem -> {
                assertThat(problem.code()).isEqualTo(word);
                assertThat(problem.key()).isEqualTo("provider.issuer");
                assertThat(problem.severity()).isEqualTo(ConfigProblem.Severity.ERROR);
              });
      assertThat(strict.gate().notReadyReason()).isPresent();
    }
  }

  @Test
  @Rule("TH-CFG-13")
  void aGoodOpPassesAStrictGate() {
    try (Scene strict = Scene.open(DoorKind.PROXY, "strict: true", op -> op.promiseIssuer())) {
      assertThat(strict.gate().awaitProviders(PATIENCE)).isEmpty();
      assertThat(strict.gate().weaknesses()).isEmpty();
      strict.signedIn();
    }
  }

  @Test
  @Rule("TH-CFG-13")
  @Rule("TH-QUIRK-4")
  void anOpOfOAuthAloneIsNotForAStrictGate() {
    String oauth =
        """
        strict: true
        provider:
          scopes: [profile]
          authorization-endpoint: "{op}/authorize"
          token-endpoint: "{op}/token"
          userinfo-endpoint: "{op}/userinfo"
          userinfo-claims: {sub: /sub}
        """;
    try (Scene strict = Scene.openUnready(DoorKind.PROXY, oauth, op -> {})) {
      assertThat(strict.gate().awaitProviders(PATIENCE))
          .singleElement()
          .satisfies(problem -> assertThat(problem.message()).contains("op-weak:no-id-token"));
    }
  }
}
