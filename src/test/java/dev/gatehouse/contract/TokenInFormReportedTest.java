package dev.gatehouse.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.AttackList;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Threat catalogue §8: where hygiene only reports, every form reaches the app as it came. */
@OverHttp2
class TokenInFormReportedTest extends ContractTest {
  @Override
  protected String configuration() {
    return "token-hygiene: report";
  }

  static List<String> forms() {
    return AttackList.of("token-forms.txt").stream()
        .filter(line -> line.startsWith("form "))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("forms")
  @Rule("TH-LEAK-6")
  void formPassesUnchangedAndIsTold(String line) {
    String form = line.substring("form ".length()).replace("@", "");
    Reply reply =
        scene
            .browser()
            .send(
                Ask.of("POST", "/public/x")
                    .site("same-origin")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .body(form.getBytes(ISO_8859_1)));

    assertThat(App.made(reply)).as("%s", reply).isTrue();
    assertThat(new String(scene.app().only().body(), ISO_8859_1)).isEqualTo(form);
    LeakWatch.awaitLine("token-leak", "reported");
  }

  @Test
  @Rule("TH-LEAK-1")
  void tokenInAFormIsNoCredentialHereEither() {
    Reply reply =
        scene
            .browser()
            .send(
                Ask.of("POST", "/x")
                    .kind(Ask.Kind.XHR)
                    .site("same-origin")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .body("access_token=" + token()));
    assertThat(reply.status()).isEqualTo(401);
    assertAppUnreached();
  }

  private String token() {
    TokenRecipe recipe = TokenRecipe.correct().header("typ", "at+jwt");
    return scene.op().accessToken(recipe, Map.of());
  }
}
