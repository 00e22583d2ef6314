package dev.gatehouse.backchannel;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How strictly JSON from outside is read. */
class JsonObjectTest {

  private static boolean reads(String json) {
    return JsonObject.parse(json.getBytes(UTF_8)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "1",
        "\"x\"",
        "[]",
        "{",
        "{}}",
        "{} {}",
        "{}x",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":1}",
        "{\"o\":{\"a\":1,\"a\":2}}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":NaN}",
        "{\"a\":+1}",
        "{\"a\":01}",
        "{\"a\":.5}",
        "{\"a\":Infinity}",
        "{\"a\":0x1}",
        "{\"a\":\"\t\"}",
        "{\"a\":undefined}",
        "{/**/}",
        "{}//",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":[{\"x\\ude00\":1}]}",
        "\ufeff{}"
      })
  @Rule("TH-TOK-7")
  @Rule("TH-IDT-18")
  void whatIsNotOneStrictObjectIsNotRead(String json) {
    assertThat(reads("{\"a\":1}")).isTrue();
    assertThat(reads(json)).isFalse();
  }

  @Test
  void onlyUtf8IsRead() {
    assertThat(reads("{\"a\":\"ü\"}")).isTrue();
    assertThat(JsonObject.parse("{\"a\":\"ü\"}".getBytes(UTF_16))).isEmpty();
    assertThat(
            JsonObject.parse(new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'}))
        .isEmpty();
  }

  @Test
  @Rule("TH-IDT-18")
  void sixteenLevelsAreRead() {
    assertThat(reads("{\"a\":" + "[".repeat(15) + "]".repeat(15) + "}")).isTrue();
    assertThat(reads("{\"a\":" + "[".repeat(16) + "]".repeat(16) + "}")).isFalse();
    assertThat(reads("{\"a\":" + "[".repeat(100_000) + "}")).isFalse();
  }

  @Test
  void longNumbersAreNotRead() {
    assertThat(reads("{\"a\":" + "9".repeat(64) + "}")).isTrue();
    assertThat(reads("{\"a\":" + "9".repeat(65) + "}")).isFalse();
  }

  @Test
  void membersAreTypedAndHidden() {
    JsonObject object =
        JsonObject.parse("{\"t\":\"s3cr3t\",\"n\":null,\"l\":[1],\"f\":1.5}".getBytes(UTF_8))
            .orElseThrow();

    assertThat(object.text("t")).contains("s3cr3t");
    assertThat(object.text("l")).isEmpty();
    assertThat(object.array("l")).contains(List.of(1));
    assertThat(object.has("n")).isTrue();
    assertThat(object.get("n")).isNull();
    assertThat(object.get("f")).isEqualTo(new BigDecimal("1.5"));
    assertThat(object.toString()).contains("t", "n").doesNotContain("s3cr3t");
  }
}
