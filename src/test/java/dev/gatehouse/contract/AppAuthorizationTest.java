package dev.gatehouse.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.SeenRequest;
import dev.gatehouse.testkit.TokenRecipe;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the app finds in Authorization: ours or the client's, never both. */
class AppAuthorizationTest extends ContractTest {
  private static final String PASSWORD = "between-app-and-gateway";
  private static final String CLIENTS = "Basic " + base64("eve:evil");
  private static final String BASIC =
      "identity: {authorization: basic, basic: {password: " + PASSWORD + "}}";

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static SeenRequest seen(Scene with, Browser browser, Ask ask) {
    with.app().forget();
    assertThat(App.made(browser.send(ask))).isTrue();
    return with.app().only();
  }

  @Test
  @Rule("TH-BEAR-21")
  @Rule("TH-TOK-11")
  void byDefaultNothingOfOursAndTheClientsOwnBasicPasses() {
    Browser user = scene.signedIn();

    assertThat(seen(scene, user, Ask.get("/x")).headers("Authorization")).isEmpty();
    assertThat(
            seen(scene, user, Ask.get("/x").header("Authorization", CLIENTS))
                .header("Authorization"))
        .isEqualTo(CLIENTS);
  }

  @Test
  void appThatWantsBasicGetsTheUserAndTheSharedPassword() {
    try (Scene with = Scene.open(door, BASIC)) {
      String expected = "Basic " + base64("alice-1:" + PASSWORD);

      assertThat(seen(with, with.signedIn(), Ask.get("/x")).header("Authorization"))
          .isEqualTo(expected);
    }
  }

  @Test
  void oneUserMayStandForAll() {
    String changes =
        "identity: {authorization: basic, basic: {user: gw, password: " + PASSWORD + "}}";
    try (Scene with = Scene.open(door, changes)) {
      assertThat(seen(with, with.signedIn(), Ask.get("/x")).header("Authorization"))
          .isEqualTo("Basic " + base64("gw:" + PASSWORD));
    }
  }

  @Test
  @Rule("TH-HDR-7")
  void nameWithAColonWouldMoveIntoThePasswordAndIsRefused() {
    try (Scene with = Scene.open(door, BASIC)) {
      LoginAttempt attempt =
          with.login(with.browser(), "/x").plan(Plan.honest().claim("sub", "root:x"));
      assertThat(attempt.comeBack().status()).isEqualTo(502);
      assertThat(with.app().seen()).isEmpty();
      assertThat(with.userSeen(with.signedIn(Plan.honest().claim("sub", "root_x")), "/x"))
          .isEqualTo("root_x");
    }
  }

  @ParameterizedTest
  @Rule("TH-HDR-1")
  @ValueSource(strings = {"Basic", "bASIC", "Negotiate", "Bearer", "Digest", "Anything"})
  void clientsOwnNeverMixesWithOurs(String scheme) {
    try (Scene with = Scene.open(door, BASIC)) {
      Browser user = with.signedIn();
      String forged = scheme + " " + base64("alice-1:" + PASSWORD + "-guessed");
      for (String path : List.of("/public/x", "/optional/x", "/x")) {
        for (Browser browser : List.of(user, with.browser())) {
          with.app().forget();
          browser.send(Ask.get(path).header("Authorization", forged));
          for (SeenRequest seen : with.app().seen()) {
            assertThat(seen.headers("Authorization")).doesNotContain(forged);
            assertThat(seen.headers("Authorization").size()).isLessThanOrEqualTo(1);
          }
        }
      }
      assertThat(
              seen(with, with.browser(), Ask.get("/public/x").header("Authorization", forged))
                  .headers("Authorization"))
          .isEmpty();
    }
  }

  @Test
  @Rule("TH-HDR-13")
  void assertionMayBeABearerToken() {
    String changes =
        "identity: {authorization: bearer-assertion, assertion: {audience: 'https://a.example'}}";
    try (Scene with = Scene.open(door, changes)) {
      SeenRequest seen =
          seen(with, with.signedIn(), Ask.get("/x").header("Authorization", CLIENTS));

      assertThat(seen.header("Authorization"))
          .isEqualTo("Bearer " + seen.header("X-Gatehouse-Assertion"));
    }
  }

  @Test
  @Rule("TH-TOK-11")
  void accessTokenOfTheSessionGoesOnlyWhereItIsWantedAndIsKeptFresh() {
    String changes = "identity: {authorization: bearer-access-token}";
    try (Scene with = Scene.open(door, changes)) {
      Browser user = with.signedIn(Plan.honest().refreshable(300));
      String first = with.op().lastAccessToken();
      assertThat(seen(with, user, Ask.get("/x")).header("Authorization"))
          .isEqualTo("Bearer " + first);
      assertThat(seen(with, user, Ask.get("/public/x")).headers("Authorization")).isEmpty();

      with.clock().pass(Duration.ofSeconds(290));

      String fresh = seen(with, user, Ask.get("/x")).header("Authorization");
      assertThat(fresh).isEqualTo("Bearer " + with.op().lastAccessToken());
      assertThat(with.op().lastAccessToken()).isNotEqualTo(first);
    }
  }

  @Test
  @Rule("TH-BEAR-21")
  void tokenOfAnApiClientIsNotThatOfASession() {
    String changes =
        """
        identity: {authorization: bearer-access-token}
        bearer: {audience: https://api.example, validation: jwt}
        rules:
          - {path: /api/**, access: bearer}
        """;
    try (Scene with = Scene.open(door, changes)) {
      String token = with.op().accessToken(TokenRecipe.correct().header("typ", "at+jwt"), Map.of());
      Ask ask = Ask.get("/api/x").kind(Ask.Kind.XHR).header("Authorization", "Bearer " + token);

      assertThat(seen(with, with.browser(), ask).everything()).doesNotContain(token);
    }
  }
}
