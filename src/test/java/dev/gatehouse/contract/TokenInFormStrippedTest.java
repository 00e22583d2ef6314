package dev.gatehouse.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.SeenRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threat catalogue §8: where hygiene strips, the app sees forms without tokens. */
@OverHttp2
class TokenInFormStrippedTest extends ContractTest {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final int PEEK = 64 * 1024;

  @Override
  protected String configuration() {
    return "token-hygiene: strip";
  }

  private Reply post(String body) {
    return scene
        .browser()
        .send(
            Ask.of("POST", "/public/x")
                .site("same-origin")
                .header("Content-Type", FORM)
                .body(body.getBytes(ISO_8859_1)));
  }

  @ParameterizedTest
  @Rule("TH-LEAK-5")
  @CsvSource(
      delimiter = ' ',
      value = {
        "access_token=very-secret&a=1 a=1",
        "a=1&access_token=very-secret a=1",
        "a=%2F&access_token=very-secret&b&c=+%zz a=%2F&b&c=+%zz",
        "a=1&access%5Ftoken=very-secret&id_token=very-secret&b=2 a=1&b=2",
        "a=1;jwt=very-secret;b=2 a=1;b=2"
      })
  void parameterIsTakenOutAndTheRestStays(String form, String rest) {
    assertThat(App.made(post(form))).isTrue();

    SeenRequest seen = scene.app().only();
    assertThat(new String(seen.body(), ISO_8859_1)).isEqualTo(rest);
    assertThat(seen.header("Content-Length")).isEqualTo(Integer.toString(rest.length()));
    assertThat(seen.everything()).doesNotContain("very-secret");
    assertThat(LeakWatch.lines())
        .anyMatch(line -> line.contains("token-leak") && line.contains("stripped"))
        .noneMatch(line -> line.contains("very-secret"));
  }

  @Test
  @Rule("TH-LEAK-5")
  void formOfNothingElseIsEmptyThen() {
    assertThat(App.made(post("access_token=very-secret"))).isTrue();
    assertThat(scene.app().only().body()).isEmpty();
  }

  @Test
  @Rule("TH-LEAK-5")
  void tokenAtTheBeginningOfALargeFormIsTakenOut() {
    String rest = "&a=" + "x".repeat(3 * PEEK);
    assertThat(App.made(post("b=1&access_token=very-secret" + rest))).isTrue();

    SeenRequest seen = scene.app().only();
    assertThat(new String(seen.body(), ISO_8859_1)).isEqualTo("b=1" + rest);
    assertThat(seen.header("Content-Length")).isEqualTo(Integer.toString(seen.body().length));
  }

  @Test
  @Rule("TH-LEAK-5")
  void chunkedFormIsStrippedToo() {
    String head =
        "POST /public/x HTTP/1.1\r\nHost: app.example\r\nSec-Fetch-Site: same-origin\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\n"
            + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    String body = "6\r\na=1&jw\r\n4\r\nt=T&\r\n3\r\nb=2\r\n0\r\n\r\n";

    assertThat(scene.browser().raw(head + body).map(App::made)).contains(true);
    assertThat(new String(scene.app().only().body(), ISO_8859_1)).isEqualTo("a=1&b=2");
  }

  @Test
  @Rule("TH-LEAK-5")
  void tokenThatReachesBehindTheBoundIsRefused() {
    assertRefused(post("access_token=" + "x".repeat(2 * PEEK)), 400);
    assertAppUnreached();
    assertThat(App.made(post("access=" + "x".repeat(2 * PEEK)))).isTrue();
  }

  @Test
  @Rule("TH-LEAK-10")
  void headerAndFormTogetherAreRefused() {
    Ask ask =
        Ask.of("POST", "/public/x")
            .site("same-origin")
            .header("Content-Type", FORM)
            .header("Authorization", "Bearer abc");
    assertThat(App.made(scene.browser().send(ask.body("a=1")))).isTrue();
    scene.app().forget();
    assertRefused(scene.browser().send(ask.body("access_token=abc")), 400);
    assertAppUnreached();
  }

  @Test
  @Rule("TH-LEAK-5")
  void multipartIsRefusedSinceNoPartIsCutOut() {
    String part = "--XX\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\nT\r\n--XX--\r\n";
    Ask ask =
        Ask.of("POST", "/public/x")
            .site("same-origin")
            .header("Content-Type", "multipart/form-data; boundary=XX");
    assertThat(App.made(scene.browser().send(ask.body(part.formatted("a"))))).isTrue();
    scene.app().forget();
    assertRefused(scene.browser().send(ask.body(part.formatted("access_token"))), 400);
    assertAppUnreached();
  }
}
