package dev.gatehouse.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.identity.HeaderField;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of an app's trailer fields a client may get. */
class TrailerFieldsTest {
  private static final AnswerPolicy POLICY =
      new GateAnswerPolicy(
          Optional.of(new HeaderField("X-Standing", "1")), true, true, List.of("a=b"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Checksum",
        "Content-Digest",
        "Repr-Digest",
        "ETag",
        "Server-Timing",
        "grpc-status",
        "Signature",
        "Contents",
        "Iffy"
      })
  void fieldsThatTellOfTheBodyPass(String name) {
    assertThat(TrailerFields.reachesClient(POLICY, name, "x")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-standing",
        "vary",
        "Surrogate-Control",
        "Content-Digests",
        "Content_Length",
        "X Y",
        "X:Y",
        "X\r\nY",
        "\u00dcber",
        ""
      })
  @Rule("TH-HTTP-1")
  void fieldsOfTheGatewayAndNamesThatAreNoneDoNot(String name) {
    assertThat(TrailerFields.reachesClient(POLICY, name, "x")).isFalse();
  }
}
