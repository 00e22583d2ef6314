package dev.gatehouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.EachDoor;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.LiveGateway;
import dev.gatehouse.testkit.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole sessions at npm's {@code oidc-provider}, which demands PKCE and rotates refresh tokens. */
@Tag("real-op")
@Tag("node")
@ExtendWith(LeakWatch.class)
class StrictOpIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static StrictOp op;

  @BeforeAll
  static void start() {
    op = StrictOp.start();
  }

  @AfterAll
  static void stop() {
    if (op != null) {
      op.close();
    }
  }

  @AfterEach
  void nothingBrokeAtTheOp() {
    assertThat(op.count("fault")).as("%s", op.events()).isZero();
  }

  private static LiveGateway gateway(DoorKind door) {
    return gateway(door, Variant.PLAIN);
  }

  /** A gateway whose client has just been registered. */
  private static LiveGateway gateway(DoorKind door, Variant variant) {
    UnaryOperator<String> changes =
        url -> {
          Map<String, Object> client = op.register(url, variant.metadata());
          return """
          provider:
            client-id: "%s"
            scopes: [openid, profile, email, offline_access]
            authorization-parameters: {prompt: consent}
            %s
          """
              .formatted(client.get("client_id"), variant.settings(client.get("client_secret")));
        };
    return LiveGateway.open(door, op.issuer(), changes);
  }

  /** Opens a protected page and fills in what the OP asks; gives its redirect back to us. */
  private static Reply signInAtOp(Browser browser, String page) {
    Reply start = browser.get(page);
    assertThat(start.status()).as("%s", start).isEqualTo(302);
    assertThat(start.location()).startsWith(op.issuer());
    Reply step = browser.send(Ask.get(start.location()).site("cross-site"));
    while (!isCallback(step)) {
      step =
          step.status() == 200
              ? browser.send(filledIn(step))
              : browser.send(Ask.get(absolute(step.location())).site("same-origin"));
    }
    return step;
  }

  private static boolean isCallback(Reply reply) {
    assertThat(reply.status()).as("%s", reply).isLessThan(400);
    return reply.location() == null
        ? reply.text().contains("/gatehouse/callback\"")
        : reply.location().contains("/gatehouse/callback");
  }

  private static Ask filledIn(Reply page) {
    Form form = Form.in(page);
    Map<String, String> fields = new HashMap<>(form.fields());
    fields.computeIfPresent("login", (name, empty) -> "alice");
    fields.computeIfPresent("password", (name, empty) -> "any");
    return Ask.form(absolute(form.action()), fields);
  }

  private static String absolute(String location) {
    return location.startsWith("/") ? op.issuer() + location : location;
  }

  private static void signIn(Browser browser, String page) {
    Reply atOp = signInAtOp(browser, page);
    Ask answer = atOp.location() == null ? Form.in(atOp).submission() : Ask.get(atOp.location());
    Reply back = browser.send(answer.site("cross-site"));
    assertThat(back.status()).as("%s", back).isEqualTo(303);
  }

  private static int sessionStatus(Browser browser, String url) {
    return browser
        .send(Ask.get(url + "/gatehouse/session").kind(Ask.Kind.XHR).site("same-origin"))
        .status();
  }

  @ParameterizedTest
  @EachDoor
  @Rule("TH-AUTHZ-2")
  @Rule("TH-OUT-2")
  void userSignsInAndOut(DoorKind door) {
    try (LiveGateway gateway = gateway(door)) {
      Browser browser = gateway.browser();
      signIn(browser, "/deep/link?show");
      assertThat(browser.get("/deep/link?show").text())
          .contains("Alice A")
          .contains("alice@example.com");
      assertThat(gateway.app().only().header("X-Gatehouse-User")).isEqualTo("alice");
      assertThat(gateway.app().only().header("X-Gatehouse-Groups")).isEqualTo("users,admins");

      Reply leaving = browser.send(Form.in(browser.get("/gatehouse/logout")).submission());
      assertThat(leaving.status()).as("%s", leaving).isEqualTo(303);
      assertThat(sessionStatus(browser, gateway.url())).isEqualTo(401);
      Reply left = signOutAtOp(browser, leaving);
      assertThat(left.location()).startsWith(gateway.url() + "/gatehouse/logged-out?state=");
      assertThat(browser.send(Ask.get(left.location()).site("same-site")).status()).isEqualTo(200);
      signIn(browser, "/deep/link");
    }
  }

  /** The OP asks whether the user means it. */
  private static Reply signOutAtOp(Browser browser, Reply leaving) {
    Reply question = browser.send(Ask.get(leaving.location()).site("same-site"));
    assertThat(question.status()).as("%s", question).isEqualTo(200);
    Map<String, String> fields = new HashMap<>(Form.in(question).fields());
    fields.put("logout", "yes");
    Reply left = browser.send(Ask.form(absolute(Form.in(question).action()), fields));
    assertThat(left.status()).as("%s", left).isIn(302, 303);
    return left;
  }

  @ParameterizedTest
  @EachDoor
  @Rule("TH-TOK-12")
  @Rule("TH-TOK-16")
  void rotatedRefreshTokensKeepTheSessionAlive(DoorKind door) {
    try (LiveGateway gateway = gateway(door)) {
      Browser browser = gateway.browser();
      signIn(browser, "/x");
      long before = op.grants("refresh_token");
      long refused = op.count("grant refused");

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(browser.get("/x?show").text()).contains("Alice A");
                assertThat(op.grants("refresh_token")).isGreaterThanOrEqualTo(before + 3);
              });

      assertThat(op.count("grant refused")).as("%s", op.events()).isEqualTo(refused);
    }
  }

  static Stream<Arguments> variants() {
    return DoorKind.overHttp1().stream()
        .flatMap(
            door ->
                Stream.of(Variant.values())
                    .filter(variant -> variant != Variant.PLAIN)
                    .map(variant -> Arguments.of(door, variant)));
  }

  @ParameterizedTest
  @MethodSource("variants")
  @Rule("TH-AUTHZ-11")
  @Rule("TH-TOK-1")
  void stricterClientSignsInAndRefreshes(DoorKind door, Variant variant) {
    long pushed = op.count("request pushed");
    try (LiveGateway gateway = gateway(door, variant)) {
      Browser browser = gateway.browser();
      signIn(browser, "/x");
      assertThat(browser.get("/x?show").text()).contains("Alice A");
      long before = op.grants("refresh_token");

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(browser.get("/x?show").text()).contains("Alice A");
                assertThat(op.grants("refresh_token")).isGreaterThan(before);
              });

      assertThat(op.count("request pushed") - pushed).isEqualTo(variant.pushes() ? 1 : 0);
    }
  }

  @ParameterizedTest
  @EachDoor
  @Rule("TH-OUT-5")
  @Rule("TH-OUT-6")
  void logoutAtOneClientEndsTheSessionAtTheOther(DoorKind door) {
    try (LiveGateway one = gateway(door);
        LiveGateway other = gateway(door)) {
      Browser browser = one.browser();
      signIn(browser, "/x");
      signIn(browser, other.url() + "/x");
      Browser stranger = other.browser();
      signIn(stranger, "/x");
      assertThat(sessionStatus(browser, other.url())).isEqualTo(200);

      signOutAtOp(browser, browser.send(Form.in(browser.get("/gatehouse/logout")).submission()));

      assertThat(sessionStatus(browser, other.url())).isEqualTo(401);
      assertThat(sessionStatus(stranger, other.url())).isEqualTo(200);
      await().atMost(PATIENCE).until(() -> op.count("told of logout") > 0);
      assertThat(op.count("logout not taken")).as("%s", op.events()).isZero();
    }
  }

  @ParameterizedTest
  @EachDoor
  @Rule("TH-CB-6")
  void userWhoChangesHisMindGetsAPageAndNoSession(DoorKind door) {
    try (LiveGateway gateway = gateway(door)) {
      Browser browser = gateway.browser();
      Reply start = browser.get("/x");
      Reply asked = browser.send(Ask.get(start.location()).site("cross-site"));
      Reply gone = browser.send(Ask.get(absolute(asked.location()) + "/abort").site("same-origin"));
      Reply answer = browser.send(Ask.get(absolute(gone.location())).site("same-origin"));
      assertThat(answer.location()).contains("error=access_denied").contains("iss=");

      Reply back = browser.send(Ask.get(answer.location()).site("cross-site"));

      assertThat(back.status()).as("%s", back).isEqualTo(403);
      assertThat(sessionStatus(browser, gateway.url())).isEqualTo(401);
    }
  }
}
