package dev.gatehouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.Curve;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.EachDoor;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.LiveGateway;
import dev.gatehouse.testkit.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole sessions and a mistake against Keycloak, through its own HTML pages. */
@Tag("real-op")
@ExtendWith(LeakWatch.class)
class KeycloakIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static Keycloak keycloak;

  @BeforeAll
  static void start() {
    keycloak = Keycloak.start();
  }

  @AfterAll
  static void stop() {
    if (keycloak != null) {
      keycloak.close();
    }
  }

  private static LiveGateway gateway(DoorKind door, String secret) {
    return LiveGateway.open(
        door,
        keycloak.issuer(),
        "provider: {client-id: " + Keycloak.CLIENT_ID + ", client-secret: " + secret + "}");
  }

  /** Opens a protected page and fills in Keycloak's login form; gives its redirect back to us. */
  private static Reply signInAtKeycloak(Browser browser, String target) {
    Reply start = browser.get(target);
    assertThat(start.status()).as("%s", start).isEqualTo(302);
    assertThat(start.location()).startsWith(keycloak.issuer());
    Reply page = browser.send(Ask.get(start.location()).site("cross-site"));
    assertThat(page.status()).as("%s", page).isEqualTo(200);
    Reply done = browser.send(filledIn(page));
    assertThat(done.status()).as("%s", done).isEqualTo(302);
    return done;
  }

  @ParameterizedTest
  @EachDoor
  void userSignsInAndOutAtKeycloak(DoorKind door) {
    try (LiveGateway gateway = gateway(door, Keycloak.CLIENT_SECRET)) {
      Browser browser = gateway.browser();
      Reply atOp = signInAtKeycloak(browser, "/deep/link?show");
      Reply back = browser.send(Ask.get(atOp.location()).site("cross-site"));
      assertThat(back.status()).as("%s", back).isEqualTo(303);
      assertThat(back.location()).isEqualTo("/deep/link?show#");
      assertThat(browser.get("/deep/link?show").text())
          .contains("Alice A")
          .contains("alice@example.com");
      assertThat(gateway.app().only().header("X-Gatehouse-Groups").split(","))
          .containsExactlyInAnyOrder("admins", "users");
      assertThat(App.made(browser.get("/admin/x"))).isTrue();

      Reply leaving = browser.send(Form.in(browser.get("/gatehouse/logout")).submission());
      assertThat(leaving.status()).isEqualTo(303);
      Reply left = browser.send(Ask.get(leaving.location()).site("same-site"));
      assertThat(left.location()).startsWith(gateway.url() + "/gatehouse/logged-out");
      assertThat(browser.send(Ask.get(left.location()).site("same-site")).status()).isEqualTo(200);

      signInAtKeycloak(browser, "/deep/link");
    }
  }

  @ParameterizedTest
  @EachDoor
  void wrongClientSecretIsAClearPageAndNoSession(DoorKind door) {
    try (LiveGateway gateway = gateway(door, "not-the-secret-that-keycloak-knows")) {
      Browser browser = gateway.browser();
      Reply atOp = signInAtKeycloak(browser, "/x");
      Reply back = browser.send(Ask.get(atOp.location()).site("cross-site"));

      assertThat(back.status()).as("%s", back).isEqualTo(502);
      assertThat(back.text()).contains("<h1").doesNotContain("invalid_client");
      assertThat(browser.get("/x").status()).isEqualTo(302);
      assertThat(gateway.app().seen()).isEmpty();
      assertThat(LeakWatch.lines())
          .as("what tells the operator")
          .anyMatch(line -> line.contains("client") && line.contains("audit"));
    }
  }

  /** A gateway with a client of its own at Keycloak. */
  private record Registered(LiveGateway gateway, String clientId, Path key)
      implements AutoCloseable {
    static Registered open(DoorKind door, KeycloakVariant variant) {
      Path key = KeyFiles.folder().resolve("client.jwk");
      KeyFiles.write(key, KeyFiles.ec(Curve.P_256, "first").toJSONString());
      AtomicReference<String> id = new AtomicReference<>();
      LiveGateway gateway =
          LiveGateway.open(
              door,
              keycloak.issuer(),
              url -> {
                Map<String, Object> client = keycloak.register(variant.client(url));
                id.set(String.valueOf(client.get("clientId")));
                return """
                provider:
                  client-id: "%s"
                  %s
                """
                    .formatted(id, variant.settings(client.get("secret"), key));
              });
      return new Registered(gateway, id.get(), key);
    }

    /** Signs in, with the password where Keycloak asks for it; gives the request it was sent. */
    String signIn(Browser browser, String page) {
      Reply step = browser.get(page);
      assertThat(step.status()).as("%s", step).isEqualTo(302);
      String asked = step.location();
      do {
        step =
            step.status() == 200
                ? browser.send(filledIn(step))
                : browser.send(Ask.get(step.location()).site("cross-site"));
        assertThat(step.status()).as("%s", step).isIn(200, 302, 303);
      } while (step.status() != 303 || step.location().startsWith("http"));
      return asked;
    }

    int sessionStatus(Browser browser) {
      return browser
          .send(
              Ask.get(gateway.url() + "/gatehouse/session").kind(Ask.Kind.XHR).site("same-origin"))
          .status();
    }

    long count(String event) {
      return keycloak.events(clientId).stream().filter(event::equals).count();
    }

    /** Asks for pages until the access token has been renewed. */
    void awaitRefresh(Browser browser) {
      long before = count("REFRESH_TOKEN");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(browser.get("/x?show").text()).contains("Alice A");
                assertThat(count("REFRESH_TOKEN")).isGreaterThan(before);
              });
    }

    @Override
    public void close() {
      gateway.close();
    }
  }

  private static Ask filledIn(Reply page) {
    Form form = Form.in(page);
    Map<String, String> fields = new HashMap<>(form.fields());
    fields.put("username", Keycloak.USER);
    fields.put("password", Keycloak.PASSWORD);
    return Ask.form(form.action(), fields);
  }

  static Stream<Arguments> variants() {
    return DoorKind.overHttp1().stream()
        .flatMap(
            door ->
                Stream.of(KeycloakVariant.values()).map(variant -> Arguments.of(door, variant)));
  }

  @ParameterizedTest
  @MethodSource("variants")
  @Rule("TH-AUTHZ-2")
  @Rule("TH-AUTHZ-11")
  @Rule("TH-TOK-1")
  @Rule("TH-TOK-12")
  @Rule("TH-OUT-2")
  @Rule("TH-OUT-5")
  void clientLivesAsKeycloakDemands(DoorKind door, KeycloakVariant variant) {
    try (Registered one = Registered.open(door, variant);
        Registered other = Registered.open(door, variant)) {
      Browser browser = one.gateway().browser();
      String asked = one.signIn(browser, "/x");
      assertThat(asked.contains("request_uri=urn")).as(asked).isEqualTo(variant.pushes());
      assertThat(browser.get("/x?show").text()).contains("Alice A").contains("alice@example.com");
      one.awaitRefresh(browser);
      one.awaitRefresh(browser);

      other.signIn(browser, other.gateway().url() + "/x");
      Browser stranger = other.gateway().browser();
      other.signIn(stranger, "/x");
      assertThat(other.sessionStatus(browser)).isEqualTo(200);
      // At the logout the access token is revoked after the refresh token that took it along.
      assertThat(keycloak.events(one.clientId())).noneMatch(event -> event.endsWith("_ERROR"));
      Reply leaving = browser.send(Form.in(browser.get("/gatehouse/logout")).submission());
      assertThat(one.sessionStatus(browser)).isEqualTo(401);
      Reply left = browser.send(Ask.get(leaving.location()).site("same-site"));
      assertThat(left.location()).startsWith(one.gateway().url() + "/gatehouse/logged-out?state=");
      assertThat(browser.send(Ask.get(left.location()).site("same-site")).status()).isEqualTo(200);

      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(other.sessionStatus(browser)).isEqualTo(401));
      assertThat(other.sessionStatus(stranger)).isEqualTo(200);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(keycloak.events(one.clientId())).contains("REVOKE_GRANT", "LOGOUT"));
    }
  }

  @ParameterizedTest
  @EachDoor
  void changedClientKeyIsTakenFromWhereItIsPublished(DoorKind door) {
    try (Registered one = Registered.open(door, KeycloakVariant.PRIVATE_KEY)) {
      Browser browser = one.gateway().browser();
      one.signIn(browser, "/x");
      KeyFiles.write(one.key(), KeyFiles.ec(Curve.P_256, "second").toJSONString());
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(browser.get("/gatehouse/jwks").text())
                      .contains("\"second\"")
                      .doesNotContain("\"first\""));

      one.awaitRefresh(browser);
      one.signIn(one.gateway().browser(), "/x");

      assertThat(keycloak.events(one.clientId())).noneMatch(event -> event.endsWith("_ERROR"));
    }
  }
}
