package dev.gatehouse.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.AttackList;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue §8: no form brings a token to the app where hygiene enforces. */
@OverHttp2
class TokenInFormTest extends ContractTest {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String MULTIPART = "multipart/form-data; boundary=XX";
  private static final int PEEK = 64 * 1024;

  @Override
  protected String configuration() {
    return """
        rules:
          - {path: /public/**, access: anonymous}
          - {path: /optional/**, access: optional}
          - {path: /denied/**, access: deny}
          - {path: /api/**, access: bearer}
        bearer: {audience: https://api.example, validation: jwt}
        """;
  }

  /** One line of the list. */
  private record Form(String type, String body) {
    static Form of(String line) {
      String[] words = line.split(" ", 2);
      String rest = words[1];
      return switch (words[0]) {
        case "form" -> new Form(FORM, rest);
        case "part" -> new Form(MULTIPART, part(rest));
        case "body" -> new Form(MULTIPART, rest);
        case "type" -> new Form(rest.split(" \\| ", 2)[0], rest.split(" \\| ", 2)[1]);
        default -> throw new IllegalArgumentException(line);
      };
    }

    static String part(String head) {
      return "--XX\r\n" + head + "\r\n\r\nsecret-value\r\n--XX--\r\n";
    }

    /** The plain form of the same kind. */
    Form plain() {
      return type.toLowerCase(Locale.ROOT).contains("urlencoded")
          ? new Form(FORM, "a=1")
          : new Form(MULTIPART, part("Content-Disposition: form-data; name=\"a\""));
    }

    Ask ask(String path) {
      return Ask.of("POST", path)
          .site("same-origin")
          .header("Content-Type", type)
          .body(body.getBytes(ISO_8859_1));
    }
  }

  static List<String> forms() {
    return AttackList.of("token-forms.txt");
  }

  @ParameterizedTest
  @MethodSource("forms")
  @Rule("TH-LEAK-3")
  @Rule("TH-LEAK-7")
  @Rule("TH-LEAK-16")
  void formWithATokenIsRefused(String line) {
    Form harmless = line.contains("@") ? Form.of(line.replace('@', 'x')) : Form.of(line).plain();
    assertPasses(scene.browser(), harmless);

    Form form = Form.of(line.replace("@", ""));
    scene.app().forget();
    assertFormRefused(scene.browser().send(form.ask("/public/x")));
    assertAppUnreached();
  }

  private void assertPasses(Browser browser, Form form) {
    scene.app().forget();
    Reply reply = browser.send(form.ask("/public/x"));
    assertThat(App.made(reply)).as("%s", reply).isTrue();
    assertThat(new String(scene.app().only().body(), ISO_8859_1)).isEqualTo(form.body());
  }

  private void assertFormRefused(Reply reply) {
    assertRefused(reply, 400);
    assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer ").contains("invalid_request");
  }

  @Test
  @Rule("TH-LEAK-3")
  void partsThatNobodyCanTellApartReachTheAppUnlessTheyCouldHoldAToken() {
    assertPasses(scene.browser(), new Form("multipart/form-data", "a=1"));

    for (String body : List.of("access_token=T", Form.part("x: y"), "a--b")) {
      scene.app().forget();
      assertFormRefused(
          scene.browser().send(new Form("multipart/form-data", body).ask("/public/x")));
      assertAppUnreached();
    }
  }

  @Test
  @Rule("TH-LEAK-1")
  @Rule("TH-LEAK-3")
  void tokenInAFormIsNoCredential() {
    Form form = new Form(FORM, "access_token=" + token());
    assertFormRefused(scene.browser().send(form.ask("/api/x").kind(Ask.Kind.OLD)));
    assertFormRefused(scene.signedIn().send(form.ask("/x")));
    assertAppUnreached();
  }

  @Test
  @Rule("TH-LEAK-10")
  void headerAndFormTogetherAreRefused() {
    Form form = new Form(FORM, "access_token=x");
    Ask ask = form.ask("/api/x").header("Authorization", "Bearer " + token());
    assertFormRefused(scene.browser().send(ask));
    assertAppUnreached();
  }

  @Test
  @Rule("TH-LEAK-6")
  @Rule("TH-LEAK-3")
  void refusalIsToldWithoutTheValue() {
    scene.browser().send(new Form(FORM, "a=1&access_token=very-secret-value").ask("/public/x"));

    assertThat(LeakWatch.lines())
        .anyMatch(line -> line.contains("token-leak") && line.contains("form"))
        .noneMatch(line -> line.contains("very-secret-value"));
  }

  @ParameterizedTest
  @Rule("TH-LEAK-3")
  @ValueSource(strings = {FORM, MULTIPART, "application/octet-stream", "text/plain"})
  void cleanBodyReachesTheAppByteForByte(String type) {
    Random random = new Random(7);
    for (int length : new int[] {0, 1, 4096, PEEK - 1, PEEK, PEEK + 1, 3 * PEEK, 500_000}) {
      byte[] body = new byte[length];
      random.nextBytes(body);
      byte[] start =
          type.equals(MULTIPART)
              ? "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n"
                  .getBytes(ISO_8859_1)
              : new byte[0];
      System.arraycopy(start, 0, body, 0, Math.min(start.length, length));
      scene.app().forget();
      Ask ask =
          Ask.of("POST", "/public/x").site("same-origin").header("Content-Type", type).body(body);
      Reply reply = scene.browser().send(ask);
      assertThat(App.made(reply)).as("%s bytes: %s", length, reply).isTrue();
      assertThat(scene.app().only().body()).as("%s bytes", length).isEqualTo(body);
    }
  }

  @Test
  @Rule("TH-LEAK-3")
  void chunkedFormIsReadAsOne() {
    String head =
        "POST /public/x HTTP/1.1\r\nHost: app.example\r\nSec-Fetch-Site: same-origin\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\n"
            + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";

    String harmless = "3\r\na=1\r\n4\r\n&xac\r\nb\r\ncess_token=\r\n1\r\nT\r\n0\r\n\r\n";
    assertThat(scene.browser().raw(head + harmless).map(App::made)).contains(true);
    assertThat(new String(scene.app().only().body(), ISO_8859_1)).isEqualTo("a=1&xaccess_token=T");

    scene.app().forget();
    String attack = "3\r\na=1\r\n3\r\n&ac\r\nb\r\ncess_token=\r\n1\r\nT\r\n0\r\n\r\n";
    assertThat(scene.browser().raw(head + attack).map(Reply::status)).contains(400);
    assertAppUnreached();
  }

  @Test
  @Rule("TH-LEAK-3")
  void repeatedContentTypeAndCompressedFormAreRefused() {
    Form form = new Form(FORM, "a=1");
    assertPasses(scene.browser(), form);
    scene.app().forget();
    assertFormRefused(
        scene.browser().send(form.ask("/public/x").header("Content-Encoding", "gzip")));
    String head =
        "POST /public/x HTTP/1.1\r\nHost: app.example\r\nSec-Fetch-Site: same-origin\r\n"
            + "Content-Type: text/plain\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: 3\r\nConnection: close\r\n\r\na=1";
    assertThat(scene.browser().raw(head).map(Reply::status)).contains(400);
    assertAppUnreached();
  }

  @Test
  @Rule("TH-LEAK-3")
  void formOfAnyMethodIsLookedAt() {
    for (String method : List.of("POST", "PUT", "PATCH", "DELETE", "GET", "PROPFIND")) {
      scene.app().forget();
      Ask ask = Ask.of(method, "/public/x").header("Content-Type", FORM);
      assertThat(App.made(scene.browser().send(ask.body("a=1")))).as(method).isTrue();
      scene.app().forget();
      assertThat(scene.browser().send(ask.body("access_token=T")).status())
          .as(method)
          .isEqualTo(400);
      assertAppUnreached();
    }
  }

  @Test
  @Rule("TH-LEAK-3")
  void bodyThatIsNoFormIsNotLookedAt() {
    for (String type : List.of("text/plain", "application/json", "application/octet-stream")) {
      scene.app().forget();
      Ask ask = Ask.of("POST", "/public/x").site("same-origin").header("Content-Type", type);
      assertThat(App.made(scene.browser().send(ask.body("access_token=T")))).as(type).isTrue();
    }
  }

  @Test
  @Rule("TH-LEAK-3")
  void tokenBehindTheBoundPassesAndIsTold() {
    String form = "a=" + "x".repeat(2 * PEEK) + "&access_token=very-secret-value";
    Reply reply = scene.browser().send(new Form(FORM, form).ask("/public/x"));

    assertThat(App.made(reply)).as("%s", reply).isTrue();
    assertThat(new String(scene.app().only().body(), ISO_8859_1)).isEqualTo(form);
    LeakWatch.awaitLine("token-leak", "reported");
    assertThat(LeakWatch.lines()).noneMatch(line -> line.contains("very-secret-value"));
  }

  @Test
  @Rule("TH-LEAK-3")
  void partBehindTheBoundPassesAndIsTold() {
    String body =
        "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n"
            + "x".repeat(2 * PEEK)
            + "\r\n--XX\r\nContent-Disposition: form-data; name=\"jwt\"\r\n\r\n"
            + "very-secret-value\r\n--XX--\r\n";
    Reply reply = scene.browser().send(new Form(MULTIPART, body).ask("/public/x"));

    assertThat(App.made(reply)).as("%s", reply).isTrue();
    assertThat(new String(scene.app().only().body(), ISO_8859_1)).isEqualTo(body);
    LeakWatch.awaitLine("token-leak", "multipart");
  }

  @Test
  @Rule("TH-LEAK-16")
  void formForTheGatewayItselfIsLookedAt() {
    Browser user = scene.signedIn();
    Ask ask = Ask.of("POST", "/gatehouse/logout").site("same-origin").header("Content-Type", FORM);
    assertFormRefused(user.send(ask.body("access_token=T")));
    assertSession(user, "alice-1");
  }

  @Test
  void clientThatWaitsForTheGoAheadGetsIt() {
    String head =
        "POST /public/x HTTP/1.1\r\nHost: app.example\r\nSec-Fetch-Site: same-origin\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n"
            + "Content-Length: 3\r\nConnection: close\r\n\r\n";
    assertThat(scene.browser().raw(head + "a=1").map(App::made)).contains(true);
    assertThat(new String(scene.app().only().body(), ISO_8859_1)).isEqualTo("a=1");
  }

  private String token() {
    TokenRecipe recipe = TokenRecipe.correct().header("typ", "at+jwt");
    return scene.op().accessToken(recipe, Map.of());
  }
}
