package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.AttackList;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue §8: no answer of the app leads a browser to a URL with a token in it. */
@OverHttp2
class LeakingAnswerTest extends ContractTest {
  private static final String TOKEN = "very-secret-value";

  static List<String> answers() {
    return AttackList.of("leaking-answers.txt");
  }

  private static HeaderField field(String line) {
    String[] parts = line.split(": ", 2);
    return new HeaderField(parts[0], parts[1].replaceAll("(=|%3D|%253D)T", "$1" + TOKEN));
  }

  private Reply answer(String path, int status, HeaderField... fields) {
    scene.app().tell(status, List.of(fields), "moved");
    return scene.browser().get(path);
  }

  @ParameterizedTest
  @MethodSource("answers")
  @Rule("TH-LEAK-13")
  void answerWithATokenIsReplacedByAPage(String line) {
    HeaderField harmless = field(line.replace('@', 'x'));
    for (int status : new int[] {302, 200, 404}) {
      Reply reply = answer("/public/x", status, harmless);
      assertThat(App.made(reply)).as("%s", reply).isTrue();
      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.header(harmless.name())).isNotNull();

      Reply refused = answer("/public/x", status, field(line.replace("@", "")));
      assertRefused(refused, 502);
      assertThat(refused.whole()).doesNotContain(TOKEN).doesNotContain("moved");
      assertThat(refused.headers("Location")).isEmpty();
    }
  }

  @Test
  @Rule("TH-LEAK-13")
  void refusalIsToldWithoutTheValue() {
    answer("/public/x", 302, new HeaderField("Location", "/cb?access_token=" + TOKEN));

    assertThat(LeakWatch.lines())
        .anyMatch(line -> line.contains("token-leak") && line.contains("location"))
        .noneMatch(line -> line.contains(TOKEN));
  }

  @Test
  @Rule("TH-LEAK-13")
  void secondFieldOfTheSameNameIsLookedAtToo() {
    HeaderField clean = new HeaderField("Link", "</a>; rel=prev");
    assertThat(App.made(answer("/public/x", 200, clean, clean))).isTrue();
    Reply refused =
        answer("/public/x", 200, clean, new HeaderField("Link", "</b?jwt=" + TOKEN + ">;rel=next"));
    assertRefused(refused, 502);
    assertThat(refused.headers("Link")).isEmpty();
  }

  @Test
  @Rule("TH-LEAK-13")
  void knownUserIsProtectedLikewise() {
    Browser user = scene.signedIn();
    scene.app().tell(302, List.of(new HeaderField("Location", "/cb?code=1")), "moved");
    assertThat(user.get("/x").location()).endsWith("/cb?code=1");

    scene.app().tell(302, List.of(new HeaderField("Location", "/cb?id_token=" + TOKEN)), "moved");
    assertRefused(user.get("/x"), 502);
    assertSession(user, "alice-1");
  }

  @ParameterizedTest
  @Rule("TH-LEAK-13")
  @ValueSource(
      strings = {
        "https://op.other.example/authorize?response_type=code&client_id=a&scope=openid"
            + "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=x&nonce=y&code_challenge=z",
        "https://op.other.example/logout?id_token_hint=x&post_logout_redirect_uri=/",
        "/cb?code=abc&state=def",
        "/search?q=access_token"
      })
  void otherRedirectsPassAsTheyAre(String location) {
    Reply reply = answer("/public/x", 302, new HeaderField("Location", location));
    assertThat(reply.status()).isEqualTo(302);
    assertThat(reply.location()).endsWith(location);
  }

  @Test
  @Rule("TH-LEAK-13")
  void wayToTheOpIsNotTouched() {
    assertSentToOp(scene.browser().get("/x"));
  }

  @ParameterizedTest
  @Rule("TH-LEAK-12")
  @ValueSource(ints = {200, 201, 204, 301, 302, 304, 400, 404, 500, 503})
  void everyAnswerHasAStrictReferrerPolicy(int status) {
    assertThat(answer("/public/x", status).header("Referrer-Policy"))
        .isEqualTo("strict-origin-when-cross-origin");
    for (String weak : List.of("unsafe-url", "no-referrer-when-downgrade", "origin", "x", "")) {
      Reply reply = answer("/public/x", status, new HeaderField("Referrer-Policy", weak));
      assertThat(reply.headers("Referrer-Policy"))
          .as("%s for %s", status, weak)
          .containsExactly("strict-origin-when-cross-origin");
    }
    for (String strict : List.of("no-referrer", "same-origin", "strict-origin")) {
      Reply reply = answer("/public/x", status, new HeaderField("Referrer-Policy", strict));
      assertThat(reply.headers("Referrer-Policy")).containsExactly(strict);
    }
  }
}
