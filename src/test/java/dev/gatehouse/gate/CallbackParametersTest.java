package dev.gatehouse.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackParametersTest {
  @Test
  void anHonestResponseIsReadAsItWasMeant() {
    CallbackParameters parameters =
        CallbackParameters.decode("code=a%2Fb+c&state=%C3%A9&session_state=1").orElseThrow();

    assertThat(parameters.syntaxFault()).isEmpty();
    assertThat(parameters.first("code")).contains("a/b c");
    assertThat(parameters.first("state")).contains("é");
    assertThat(parameters.first("nothing")).isEmpty();
  }

  @ParameterizedTest
  @Rule("TH-CB-3")
  @Rule("TH-CB-5")
  @Rule("TH-CB-11")
  @CsvSource({
    "code=a&code=b&state=s, duplicate-parameter",
    "code=a&state=s&state=t, duplicate-parameter",
    "code=a&state=s&iss=a&iss=b, duplicate-parameter",
    "error=a&error=b&state=s, duplicate-parameter",
    "code=a&error=b&state=s, duplicate-parameter",
    "c%6Fde=a&code=b&state=s, duplicate-parameter",
    "code=&state=s, code-syntax",
    "code&state=s, code-syntax",
    "code=a%00b&state=s, code-syntax",
    "code=a%0d%0ab&state=s, code-syntax",
    "code=%C3%A9&state=s, code-syntax",
    "access_token=t&state=s, token-in-url",
    "code=a&state=s&ID_TOKEN=t, token-in-url",
    "code=a&state=s&refresh%5Ftoken=t, token-in-url",
  })
  void aResponseThatNoHonestOpSendsIsRefused(String query, String reason) {
    assertThat(CallbackParameters.decode(query).orElseThrow().syntaxFault()).contains(reason);
  }

  @Test
  @Rule("TH-CB-5")
  void aCodeMayHave4096CharactersAndNoMore() {
    String longest = "code=" + "c".repeat(4096) + "&state=s";

    assertThat(CallbackParameters.decode(longest).orElseThrow().syntaxFault()).isEmpty();
    assertThat(CallbackParameters.decode("x=&" + "code=c" + longest.substring(5)).orElseThrow())
        .extracting(CallbackParameters::syntaxFault)
        .isEqualTo(java.util.Optional.of("code-syntax"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"code=%ZZ", "%", "a=%4", "a=%C3%28", "a=%c0%ae", "a=\u00e9", "a b=c", "a=\u0001"})
  void brokenEncodingIsSeenAsSuch(String query) {
    assertThat(CallbackParameters.decode("a=%C3%A9")).isPresent();
    assertThat(CallbackParameters.decode(query)).isEmpty();
  }

  @Test
  void aThousandParametersAreEnough() {
    assertThat(CallbackParameters.decode("a=1&".repeat(999) + "a=1")).isPresent();
    assertThat(CallbackParameters.decode("a=1&".repeat(1000) + "a=1")).isEmpty();
  }
}
