package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.CredentialAttack;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Threat catalogue §9: what is a credential and what is none, over the wire. */
@OverHttp2
class CredentialGrammarTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
        bearer: {audience: https://api.example, validation: jwt}
        rules:
          - {path: /api/**, access: bearer}
          - {path: /both/**, access: login-or-bearer}
        """;
  }

  static Stream<CredentialAttack> attacks() {
    return CredentialAttack.all().stream();
  }

  private String token() {
    return scene.op().accessToken(TokenRecipe.correct().header("typ", "at+jwt"), Map.of());
  }

  private Reply ask(String path, List<String> fields) {
    Ask ask = Ask.get(path).kind(Ask.Kind.XHR);
    for (String field : fields) {
      ask = ask.header("Authorization", field);
    }
    return scene.browser().send(ask);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  @Rule("TH-BEAR-1")
  void brokenCredentialIsABadRequest(CredentialAttack attack) {
    String token = token();
    assertThat(App.made(ask("/api/x", CredentialAttack.with(token, attack.good())))).isTrue();
    scene.app().forget();

    // Tomcat's own page repeats a field that no server takes: a real token is not for it.
    Reply reply =
        ask("/api/x", CredentialAttack.with(attack.isNoField() ? "T" : token, attack.bad()));

    assertThat(reply.status()).as("%s", reply).isEqualTo(400);
    assertAppUnreached();
  }

  @Test
  @Rule("TH-BEAR-1")
  void theListIsLong() {
    assertThat(CredentialAttack.all()).hasSizeGreaterThanOrEqualTo(120).doesNotHaveDuplicates();
  }

  @Test
  @Rule("TH-BEAR-1")
  @Rule("TH-BEAR-4")
  void aBrokenCredentialIsNotMendedByASession() {
    Ask ask = Ask.get("/both/x").kind(Ask.Kind.XHR);
    var browser = scene.signedIn();
    assertThat(App.made(browser.send(ask))).isTrue();
    scene.app().forget();

    Reply reply = browser.send(ask.header("Authorization", "Bearer a,b"));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.header("WWW-Authenticate")).contains("error=\"invalid_request\"");
    assertAppUnreached();
  }

  @Test
  @Rule("TH-BEAR-1")
  void aFieldOfMoreThan8KiBIsABadRequest() {
    Reply reply = ask("/api/x", List.of("Bearer " + "a".repeat(8 * 1024)));

    assertThat(reply.status()).as("%s", reply).isIn(400, 431);
    assertAppUnreached();
    assertThat(App.made(ask("/api/x", List.of("Bearer " + token())))).isTrue();
  }

  @Test
  @Rule("TH-BEAR-2")
  void anotherSchemeIsNoTokenAndNoError() {
    Reply reply = ask("/api/x", List.of("Basic dXNlcjpwYXNz"));

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.headers("WWW-Authenticate"))
        .isNotEmpty()
        .noneMatch(challenge -> challenge.contains("error="));
  }

  @Test
  @Rule("TH-BEAR-2")
  void aScriptWithoutASessionLearnsThatATokenWouldDo() {
    Reply reply = ask("/both/x", List.of());

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.headers("WWW-Authenticate"))
        .anyMatch(challenge -> challenge.startsWith("Bearer "))
        .noneMatch(challenge -> challenge.contains("error="));
  }
}
