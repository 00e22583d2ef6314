package dev.gatehouse.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.AttackList;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that asks its app for another method is held by the rules for both (TH-HTTP-9). */
@OverHttp2
class MethodOverrideTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
    rules:
      - {path: /orders/**, access: login}
      - {path: /orders/**, methods: [DELETE], access: deny}
      - {path: /users/**, access: login, require: {groups: editors}}
      - {path: /users/**, methods: [DELETE], access: login, require: {groups: admins}}
      - {path: /same/**, access: login}
      - {path: /reported/**, access: login, token-hygiene: report, reason: old forms}
      - {path: /reported/**, methods: [DELETE], access: deny}
      - {path: /open/**, access: anonymous}
      - {path: /open/**, methods: [PUT, DELETE], access: login}
    """;
  }

  private Browser user;
  private Scene home;

  @BeforeEach
  void signIn() {
    // One user for all tests at a door: each with a login of its own would take long.
    if (home != scene) {
      user = scene.signedIn();
      home = scene;
    }
    scene.app().forget();
  }

  static Stream<List<String>> overrides() {
    return AttackList.columnsOf("method-overrides.txt").stream();
  }

  @ParameterizedTest
  @Rule("TH-HTTP-9")
  @MethodSource("overrides")
  void whatIsDeniedAsDeleteIsDeniedAsItsDisguise(List<String> queries) {
    Reply harmless = user.send(Ask.of("POST", "/orders/1?" + queries.get(1)).site("same-origin"));
    assertThat(App.made(harmless)).as("%s", harmless).isTrue();
    assertThat(scene.app().only().target()).endsWith("?" + queries.get(1));
    scene.app().forget();

    Reply refused = user.send(Ask.of("POST", "/orders/1?" + queries.get(0)).site("same-origin"));

    assertThat(refused.status()).as("%s", refused).isIn(400, 403);
    assertAppUnreached();
  }

  @Test
  @Rule("TH-HTTP-9")
  void theUserMustBeAllowedBoth() {
    Browser editor = signedIn(List.of("editors"));
    Browser admin = signedIn(List.of("admins"));
    Browser both = signedIn(List.of("editors", "admins"));

    assertThat(passes(editor, "/users/1")).isTrue();
    assertThat(passes(editor, "/users/1?_method=DELETE")).isFalse();
    assertThat(passes(admin, "/users/1?_method=DELETE")).isFalse();
    assertThat(passes(both, "/users/1?_method=DELETE")).isTrue();
  }

  private Browser signedIn(List<String> groups) {
    return scene.signedIn(Plan.honest().claim("groups", groups));
  }

  private boolean passes(Browser browser, String target) {
    scene.app().forget();
    return App.made(browser.send(Ask.of("POST", target).site("same-origin")));
  }

  @ParameterizedTest
  @Rule("TH-HTTP-9")
  @CsvSource({
    "POST, /open/x, app",
    "POST, /open/x?_method=POST, app",
    "POST, /open/x?_method=PATCH, app",
    "POST, /open/x?_method=PUT, 401",
    "GET, /open/x?_method=GET, app",
    "GET, /open/x?_method=DELETE, 401",
    "HEAD, /open/x?_method=DELETE, 401",
    "GET, /orders/1?_method=GET, op",
    "GET, /orders/1?_method=POST, 401",
    "GET, /orders/1?_method=DELETE, 403"
  })
  void aStrangerIsToldWhatTheStricterRuleSays(String method, String target, String expected) {
    Reply reply = scene.browser().send(Ask.of(method, target));

    switch (expected) {
      case "app" -> assertThat(App.made(reply)).as("%s", reply).isTrue();
      case "op" -> assertSentToOp(reply);
      default -> assertThat(reply.status()).as("%s", reply).isEqualTo(Integer.parseInt(expected));
    }
    if (!expected.equals("app")) {
      assertAppUnreached();
    }
  }

  @Test
  @Rule("TH-CSRF-3")
  @Rule("TH-HTTP-9")
  void aLinkOfAnotherSiteThatWouldDeleteIsRefused() {
    Browser victim = signedIn(List.of("editors", "admins"));

    Reply harmless = victim.send(Ask.get("/users/1").site("cross-site"));
    assertThat(App.made(harmless)).as("%s", harmless).isTrue();
    scene.app().forget();

    Reply refused = victim.send(Ask.get("/users/1?_method=DELETE").site("cross-site"));
    assertThat(refused.status()).as("%s", refused).isEqualTo(403);
    assertAppUnreached();
  }

  @ParameterizedTest
  @Rule("TH-HTTP-9")
  @MethodSource("overrides")
  void whatIsDeniedAsDeleteIsDeniedAsItsDisguiseInAForm(List<String> forms) {
    Reply harmless = user.send(form("/orders/1", forms.get(1)));
    assertThat(App.made(harmless)).as("%s", harmless).isTrue();
    assertThat(scene.app().only().body()).isEqualTo(forms.get(1).getBytes(UTF_8));
    scene.app().forget();

    Reply refused = user.send(form("/orders/1", forms.get(0)));

    assertThat(refused.status()).as("%s", refused).isIn(400, 403);
    assertAppUnreached();
  }

  private static Ask form(String target, String body) {
    return Ask.of("POST", target)
        .site("same-origin")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(body.getBytes(UTF_8));
  }

  @Test
  @Rule("TH-HTTP-9")
  void aFormThatIsTooLongToBeReadCouldAskForAnything() {
    String longForm = "a=" + "x".repeat(70_000) + "&_method=";

    assertThat(App.made(user.send(form("/same/1", longForm + "DELETE")))).isTrue();
    scene.app().forget();

    assertThat(user.send(form("/orders/1", longForm + "DELETE")).status()).isEqualTo(403);
    assertAppUnreached();
  }

  @ParameterizedTest
  @Rule("TH-HTTP-9")
  @CsvSource({
    "name=\"_method\", DELETE",
    "name=_method, delete",
    "NAME=\"_METHOD\", Delete",
    "name=\"_method\", ' DELETE '",
    "name=\"%5Fmethod\", DELETE",
    "name=\"_method[]\", DELETE",
    "name=\"_method\", JEFF"
  })
  void aMultipartFormIsNoWayRoundEither(String name, String method) {
    assertThat(App.made(user.send(multipart(name, "POST")))).isTrue();
    scene.app().forget();

    Reply refused = user.send(multipart(name, method));
    assertThat(refused.status()).as("%s", refused).isEqualTo(403);
    assertAppUnreached();
  }

  private static Ask multipart(String name, String method) {
    String body =
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
            + "--b\r\nContent-Disposition: form-data; "
            + name
            + "\r\n\r\n"
            + method
            + "\r\n--b--\r\n";
    return Ask.of("POST", "/orders/1")
        .site("same-origin")
        .header("Content-Type", "multipart/form-data; boundary=b")
        .body(body.getBytes(UTF_8));
  }

  /** Rack reads such a POST as a form. */
  @Test
  @Rule("TH-HTTP-9")
  void aPostThatDoesNotSayWhatItIsIsAForm() {
    Ask untold = Ask.of("POST", "/orders/1").site("same-origin");
    assertThat(App.made(user.send(untold.body("a=1&_method=POST")))).isTrue();
    scene.app().forget();

    Reply refused = user.send(untold.body("a=1&_method=DELETE"));
    assertThat(refused.status()).as("%s", refused).isEqualTo(403);
    assertAppUnreached();
  }

  /** In report mode a form in doubt passes, but not as if it had been read. */
  @ParameterizedTest
  @Rule("TH-HTTP-9")
  @ValueSource(
      strings = {
        "multipart/form-data; boundary=b; boundary=c",
        "multipart/form-data; boundary=\"b c\"; boundary=b",
        "multipart/form-data; charset=utf-7; boundary=b",
        "multipart/form-data, multipart/form-data; boundary=b"
      })
  void aFormThatMayBeReadOtherwiseCouldAskForAnything(String type) {
    Ask form =
        Ask.of("POST", "/reported/1")
            .site("same-origin")
            .body(multipart("name=\"_method\"", "DELETE").body());
    Ask clear =
        form.header("Content-Type", "multipart/form-data; boundary=b")
            .body(multipart("name=\"_method\"", "POST").body());
    assertThat(App.made(user.send(clear))).isTrue();
    scene.app().forget();

    Reply refused = user.send(form.header("Content-Type", type));
    assertThat(refused.status()).as("%s", refused).isIn(400, 403);
    assertAppUnreached();
  }
}
