package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.SeenRequest;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threat catalogue TH-BEAR-22: scripts of other origins ask whether they may. */
@OverHttp2
class CorsPreflightTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
    bearer: {audience: https://api.example}
    rules:
      - {path: /api/**, access: bearer, cors-preflight: to-app}
      - {path: /pages/**, access: login, cors-preflight: to-app}
      - {path: /plain/**, access: login}
      - {path: /plain-api/**, access: bearer}
      - {path: /mixed/**, methods: [GET, PUT], access: bearer, cors-preflight: to-app}
      - {path: /mixed/**, methods: [DELETE], access: deny}
      - {path: /shut/**, access: bearer, cors-preflight: to-app}
      - {path: /shut/**, methods: [OPTIONS], access: deny}
      - {path: /denied/**, access: deny}
      - {path: /inside/**, access: bearer, cors-preflight: to-app, networks: [10.0.0.0/8]}
    """;
  }

  private static Ask preflight(String path) {
    return Ask.of("OPTIONS", path)
        .kind(Ask.Kind.XHR)
        .site("cross-site")
        .header("Origin", "https://spa.example")
        .header("Access-Control-Request-Method", "PUT")
        .header("Access-Control-Request-Headers", "authorization");
  }

  @ParameterizedTest
  @Rule("TH-BEAR-22")
  @CsvSource({"/api/x", "/pages/x", "/mixed/x"})
  void preflightReachesTheAppWithoutALoginAndWithoutAUser(String path) {
    Reply reply = scene.browser().send(preflight(path).header("X-Gatehouse-User", "root-0"));

    assertThat(App.made(reply)).as("%s", reply).isTrue();
    SeenRequest seen = scene.app().only();
    assertThat(seen.method()).isEqualTo("OPTIONS");
    assertThat(seen.header("Origin")).isEqualTo("https://spa.example");
    assertThat(seen.header("Access-Control-Request-Method")).isEqualTo("PUT");
    assertThat(seen.header("X-Gatehouse-User")).isNull();
    assertThat(seen.remoteUser()).isEmpty();
  }

  /** An app that takes the parameter for the method would act for nobody known. */
  @ParameterizedTest
  @Rule("TH-BEAR-22")
  @Rule("TH-HTTP-9")
  @ValueSource(
      strings = {
        "/pages/x?_method=DELETE",
        "/pages/x?_method=GET",
        "/pages/x?a=1&%5Fmethod=put",
        "/api/x?a=1;_method=DELETE"
      })
  void preflightThatAsksForAnotherMethodIsNone(String target) {
    assertThat(App.made(scene.browser().send(preflight(target.replace("method", "mode")))))
        .isTrue();
    scene.app().forget();

    Reply reply = scene.browser().send(preflight(target));

    assertThat(reply.status()).as("%s", reply).isIn(401, 403);
    assertAppUnreached();
  }

  /** A browser sends none with a preflight; whoever does gains nothing by it. */
  @Test
  @Rule("TH-BEAR-22")
  void preflightWithCredentialsIsToldOfNobodyAndLosesThem() {
    Browser user = scene.signedIn();
    user.cookie("APPSESSION", "of-the-app");
    String token =
        scene
            .op()
            .accessToken(TokenRecipe.correct().header("typ", "at+jwt"), Map.<String, Object>of());
    assertThat(scene.userSeen(user, "/pages/x")).isEqualTo("alice-1");
    assertThat(scene.app().only().header("Cookie")).contains("APPSESSION");

    for (Ask ask :
        new Ask[] {
          preflight("/pages/x").header("Cookie", user.cookieField()),
          preflight("/api/x").header("Authorization", "Bearer " + token),
          preflight("/api/x").header("Authorization", "Basic YTpi")
        }) {
      scene.app().forget();
      assertThat(App.made(user.send(ask))).isTrue();

      SeenRequest seen = scene.app().only();
      assertThat(seen.header("X-Gatehouse-User")).isNull();
      assertThat(seen.remoteUser()).isEmpty();
      assertThat(seen.everything()).doesNotContain(token, "YTpi", "of-the-app");
    }
  }

  static Stream<Arguments> noPreflights() {
    return Stream.<Map.Entry<String, UnaryOperator<Ask>>>of(
            Map.entry("GET", a -> again(a, "GET", "Origin", "Access-Control-Request-Method")),
            Map.entry("no origin", a -> again(a, "OPTIONS", "Access-Control-Request-Method")),
            Map.entry("no method", a -> again(a, "OPTIONS", "Origin")),
            Map.entry("two origins", a -> a.header("Origin", "https://x.example")),
            Map.entry("two methods", a -> a.header("Access-Control-Request-Method", "GET")),
            Map.entry("a body", a -> a.body("x=1")),
            Map.entry(
                "a body in chunks",
                a -> a.header("Transfer-Encoding", "chunked").body("3\r\nx=1\r\n0\r\n\r\n")))
        .map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  private static Ask again(Ask ask, String method, String... kept) {
    Ask fewer = Ask.of(method, ask.target()).kind(Ask.Kind.XHR).site("cross-site");
    for (String name : kept) {
      fewer =
          fewer.header(
              name,
              ask.headers().stream().filter(h -> h.name().equals(name)).findFirst().get().value());
    }
    return fewer;
  }

  @ParameterizedTest(name = "{0}")
  @Rule("TH-BEAR-22")
  @MethodSource("noPreflights")
  void whatIsNoPreflightGetsNoMoreThanAnyRequest(String what, UnaryOperator<Ask> change) {
    for (String path : new String[] {"/api/x", "/pages/x"}) {
      assertThat(App.made(scene.browser().send(preflight(path)))).isTrue();
      scene.app().forget();

      assertThat(scene.browser().send(change.apply(preflight(path))).status()).isIn(400, 401);
      assertAppUnreached();
    }
  }

  @ParameterizedTest
  @Rule("TH-BEAR-22")
  @CsvSource({
    "/plain/x, PUT, 401",
    "/plain-api/x, PUT, 401",
    "/denied/x, PUT, 403",
    "/mixed/x, DELETE, 401",
    "/mixed/x, POST, 401",
    "/shut/x, GET, 403",
    "/inside/x, GET, 403",
    "/gatehouse/session, GET, 405",
    "/gatehouse/logout, POST, 405",
  })
  void whereTheRuleDoesNotSayToAppItIsRefused(String path, String asked, int status) {
    Reply reply =
        scene
            .browser()
            .send(
                Ask.of("OPTIONS", path)
                    .kind(Ask.Kind.XHR)
                    .site("cross-site")
                    .header("Origin", "https://spa.example")
                    .header("Access-Control-Request-Method", asked));

    assertThat(reply.status()).as("%s", reply).isEqualTo(status);
    assertThat(reply.location()).isNull();
    assertThat(reply.header("Access-Control-Allow-Origin")).isNull();
    assertAppUnreached();
  }
}
