package dev.gatehouse.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.LiveGateway;
import dev.gatehouse.testkit.Reply;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Login, logout and a mistake against Keycloak, through its own HTML pages. */
@Tag("real-op")
@ExtendWith(LeakWatch.class)
class KeycloakIT {
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
    Form form = Form.in(page);
    Map<String, String> fields = new HashMap<>(form.fields());
    fields.put("username", Keycloak.USER);
    fields.put("password", Keycloak.PASSWORD);
    Reply done = browser.send(Ask.form(form.action(), fields));
    assertThat(done.status()).as("%s", done).isEqualTo(302);
    return done;
  }

  @ParameterizedTest
  @EnumSource(DoorKind.class)
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
  @EnumSource(DoorKind.class)
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
}
