package dev.gatehouse.hygiene;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What looks like a token in an app's text, and what does not. */
class TextScannerTest {
  private static final String OWN = "0123456789abcdef0123456789abcdef";

  private static List<String> found(String text, int cut) {
    List<String> names = new ArrayList<>();
    TextScanner scanner =
        new TextScanner(WatchedNames.BY_DEFAULT, List.of(OWN), hit -> names.add(hit.name()));
    byte[] bytes = text.getBytes(UTF_8);
    int at = Math.min(cut, bytes.length);
    scanner.scan(ByteBuffer.wrap(bytes, 0, at));
    scanner.scan(ByteBuffer.wrap(bytes, at, bytes.length - at));
    scanner.end();
    return names;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"access_token\":\"2YotnFZFEjr1zCsicMWpAA\"}",
        "{\"access_token\" : \"2YotnFZFEjr1zCsicMWpAA\", \"expires_in\": 3600}",
        "{'access_token': '2YotnFZFEjr1zCsicMWpAA'}",
        "{access_token: \"2YotnFZFEjr1zCsicMWpAA\"}",
        "{\\\"access_token\\\":\\\"2YotnFZFEjr1zCsicMWpAA\\\"}",
        "var access_token = '2YotnFZFEjr1zCsicMWpAA';",
        "<a href=\"/p?access_token=2YotnFZFEjr1zCsicMWpAA\">",
        "<a href='/p?a=1&amp;access_token=2YotnFZFEjr1zCsicMWpAA'>",
        "<input name=\"access_token\" value=\"2YotnFZFEjr1zCsicMWpAA\">",
        "<access_token>x</access_token> access_token=2YotnFZFEjr1zCsicMWpAA",
        "&quot;access_token&quot;:&quot;2YotnFZFEjr1zCsicMWpAA&quot;",
        "access_token=2YotnFZFEjr1zCsicMWpAA"
      })
  void tokenIsFoundWhereverTheTextIsCut(String text) {
    for (int cut = 0; cut <= text.length(); cut++) {
      assertThat(found(text, cut)).as("cut at %s", cut).containsExactly("access_token");
    }
  }

  @Test
  void shapesAreFoundUnderAnyName() {
    assertThat(found("x eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln y", 9))
        .containsExactly(TokenScanner.JWT_VALUE);
    assertThat(found("<b>" + OWN + "</b>", 9)).containsExactly(TokenScanner.OWN_VALUE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"access_token\":null}",
        "{\"access_token\":\"\"}",
        "The access_token parameter is described in section 5.",
        "headers.access_token = getTheAccessTokenFrom(window.localStorage)",
        "{\"token_type\":\"Bearer\",\"expires_in\":3600}",
        "eyJ",
        "<p>Nothing to see here.</p>"
      })
  void proseIsNoToken(String text) {
    assertThat(found(text, 5)).isEmpty();
  }

  @Test
  void hitsOfOneAnswerAreBounded() {
    assertThat(found("access_token=2YotnFZFEjr1zCsicMWpAA ".repeat(1000), 5)).hasSize(16);
  }
}
