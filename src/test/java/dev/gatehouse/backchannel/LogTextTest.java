package dev.gatehouse.backchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.seal.Secret;
import org.junit.jupiter.api.Test;

/** What the OP's text looks like in a log. */
class LogTextTest {

  @Test
  @Rule("TH-SEC-7")
  @Rule("TH-TOK-9")
  void whatBreaksOrTurnsALineIsTakenOut() {
    assertThat(LogText.clean("a\r\nb\tc\u0000d\u001b[31me\u007ff\u0085g\u2028h\u202ei\u2066j"))
        .isEqualTo("abcd[31mefghij");
    assertThat(LogText.clean("山田 ü 😀")).isEqualTo("山田 ü 😀");
    assertThat(LogText.clean("\ud800x")).isEqualTo("x");
    assertThat(LogText.clean(null)).isEqualTo("null");
  }

  @Test
  @Rule("TH-TOK-9")
  void textIsCutAfter200Characters() {
    assertThat(LogText.clean("a".repeat(200))).hasSize(200);
    assertThat(LogText.clean("a".repeat(201))).hasSize(200);
  }

  @Test
  @Rule("TH-SEC-6")
  void echoedSecretsAreBlottedOut() {
    assertThat(LogText.clean("code c0de of c0de", Secret.of("c0de"), Secret.of("")))
        .isEqualTo("code [redacted] of [redacted]");
  }
}
