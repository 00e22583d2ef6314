package dev.gatehouse.jose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a token was made for (RFC 7519 §4.1.3). */
class AudiencesTest {
  private static java.util.List<String> of(String aud) {
    return Audiences.of(JsonObject.parse(("{\"aud\":" + aud + "}").getBytes(UTF_8)).orElseThrow());
  }

  @Test
  @Rule("TH-BEAR-7")
  void aTextOrAListOfTextsNamesThem() {
    assertThat(of("\"a\"")).containsExactly("a");
    assertThat(of("[\"a\",\"b\"]")).containsExactly("a", "b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "[7]",
        "[\"7\",7]",
        "true",
        "null",
        "{}",
        "{\"a\":1}",
        "[]",
        "[null]",
        "[[\"a\"]]",
        "[\"a\",null]",
        "[\"a\",true]",
        "1.0"
      })
  @Rule("TH-BEAR-7")
  void anythingElseNamesNobody(String aud) {
    assertThat(of(aud)).isEmpty();
  }

  @Test
  @Rule("TH-BEAR-7")
  void noAudienceIsNobody() {
    assertThat(Audiences.of(JsonObject.EMPTY)).isEmpty();
  }
}
