package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.AttackList;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Threat catalogue §8: where hygiene strips, answers lead to the same URL without the token. */
@OverHttp2
class LeakingAnswerStrippedTest extends ContractTest {
  private static final String TOKEN = "very-secret-value";

  @Override
  protected String configuration() {
    return "token-hygiene: strip";
  }

  static List<String> answers() {
    return AttackList.of("leaking-answers.txt");
  }

  private Reply answer(String name, String value) {
    scene.app().tell(302, List.of(new HeaderField(name, value)), "moved");
    return scene.browser().get("/public/x");
  }

  @ParameterizedTest
  @Rule("TH-LEAK-13")
  @CsvSource(
      delimiter = ' ',
      value = {
        "Location https://x.example/?a=%2F&access_token=T&b https://x.example/?a=%2F&b",
        "Location https://x.example/?access_token=T#f https://x.example/#f",
        "Location https://x.example/#access_token=T&state=s https://x.example/#state=s",
        "Refresh 0;url=https://x.example/?jwt=T 0;url=https://x.example/",
        "Link <https://x.example/?jwt=T&p=2>;rel=next <https://x.example/?p=2>;rel=next",
        "Content-Location https://x.example/p?id_token=T&a https://x.example/p?a"
      })
  void parameterIsTakenOut(String name, String value, String clean) {
    Reply reply = answer(name, value.replaceAll("(=|%3D|%253D)T", "$1" + TOKEN));
    assertThat(App.made(reply)).as("%s", reply).isTrue();
    assertThat(reply.headers(name)).containsExactly(clean);
    assertThat(reply.whole()).doesNotContain(TOKEN);
  }

  @ParameterizedTest
  @MethodSource("answers")
  @Rule("TH-LEAK-13")
  void noTokenReachesTheBrowser(String line) {
    String[] field =
        line.replace("@", "").replaceAll("(=|%3D|%253D)T", "$1" + TOKEN).split(": ", 2);
    Reply reply = answer(field[0], field[1]);
    assertThat(reply.whole()).doesNotContain(TOKEN);
    assertThat(App.made(reply) || reply.status() == 502).isTrue();
  }
}
