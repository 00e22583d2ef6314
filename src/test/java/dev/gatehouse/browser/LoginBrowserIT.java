package dev.gatehouse.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.EachDoor;
import dev.gatehouse.testkit.LiveGateway;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.StubOp;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.http.NettyWrapper;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;

/** A person signs in with a real browser, works, and leaves. */
@Tag("browser")
@ParameterizedClass(name = "{0}")
@EachDoor
class LoginBrowserIT {
  private static final String CLAIMS =
      "{\"name\": \"Alice A\", \"email\": \"alice@example.com\", \"groups\": [\"users\"]}";

  private static Chromium chromium;
  private static MockOAuth2Server op;

  @Parameter DoorKind door;

  private LiveGateway gateway;
  private BrowserContext profile;

  @BeforeAll
  static void start() throws IOException {
    chromium = new Chromium();
    op =
        new MockOAuth2Server(
            new OAuth2Config(
                true, null, null, false, new OAuth2TokenProvider(), Set.of(), new NettyWrapper()));
    op.start(InetAddress.getByName("127.0.0.1"), 0);
  }

  @AfterAll
  static void stop() {
    op.shutdown();
    chromium.close();
  }

  @BeforeEach
  void open() {
    gateway = LiveGateway.open(door, issuer(), "");
    profile = chromium.profile();
  }

  @AfterEach
  void close() {
    profile.close();
    gateway.close();
  }

  private static String issuer() {
    return op.issuerUrl("main").toString().replace("localhost", "127.0.0.1");
  }

  private static void signInAtOp(Page page) {
    page.fill("[name=username]", "alice-1");
    page.fill("[name=claims]", CLAIMS);
    page.click("[type=submit]");
  }

  private Page openPage(String target) {
    Page page = profile.newPage();
    page.navigate(gateway.url() + target);
    return page;
  }

  @Test
  void deepLinkLeadsThroughTheOpBackToItself() {
    Page page = openPage("/deep/link?show&x=1");
    assertThat(page.url()).startsWith(issuer());
    signInAtOp(page);

    assertThat(page).hasURL(gateway.url() + "/deep/link?show&x=1#");
    assertThat(page.locator("body")).containsText("Alice A");
    page.reload();
    assertThat(page.locator("body")).containsText("Alice A");
    assertThat(page.evaluate("document.cookie")).isEqualTo("");
  }

  @Test
  @Rule("TH-STATE-5")
  void twoTabsOpenedBeforeTheLoginBothArrive() {
    Page first = openPage("/first?show");
    Page second = openPage("/second?show");

    signInAtOp(second);
    assertThat(second.locator("body")).containsText("Alice A");
    assertThat(second.url()).startsWith(gateway.url() + "/second?show");
    signInAtOp(first);
    assertThat(first.locator("body")).containsText("Alice A");
    assertThat(first.url()).startsWith(gateway.url() + "/first?show");
  }

  @Test
  @Rule("TH-OUT-11")
  @Rule("TH-OUT-1")
  void afterTheLogoutBackShowsNothingProtected() {
    Page page = openPage("/deep/link?show");
    signInAtOp(page);
    assertThat(page.locator("body")).containsText("Alice A");

    page.navigate(gateway.url() + "/gatehouse/logout");
    assertThat(page.locator("body")).containsText("Alice A");
    Chromium.photograph(page, "logout-" + door);
    page.locator("form button").click();

    page.waitForURL(url -> url.contains("/gatehouse/logged-out"));
    Chromium.photograph(page, "logged-out-" + door);
    for (int i = 0; i < 3; i++) {
      page.goBack();
      assertThat(page.content()).doesNotContain(App.MARK).doesNotContain("alice@example.com");
    }
    page.navigate(gateway.url() + "/deep/link?show");
    assertThat(page.url()).startsWith(issuer());
  }

  @Test
  @Rule("TH-CB-9")
  @Rule("TH-QUIRK-2")
  void fragmentOfTheOpDoesNotStick() {
    try (StubOp stub = StubOp.start(Clock.systemUTC());
        LiveGateway other = LiveGateway.open(door, stub.issuer(), "")) {
      stub.usually(Plan.honest().fragment("_=_"));
      Page page = profile.newPage();
      page.navigate(other.url() + "/x?show");

      assertThat(page.locator("body")).containsText("Alice A");
      assertThat(page.evaluate("location.hash")).isEqualTo("");
      assertThat(page.url()).doesNotContain("_=_").doesNotContain("code=");
    }
  }

  @Test
  @Rule("TH-CB-2")
  @Rule("TH-CB-14")
  void formFromThePageOfTheOpBringsTheUserToHisPage() {
    try (StubOp stub = StubOp.start(Clock.systemUTC());
        LiveGateway other =
            LiveGateway.open(door, stub.issuer(), "provider: {response-mode: form_post}")) {
      Page page = profile.newPage();
      page.navigate(other.url() + "/x?show");

      assertThat(page).hasURL(other.url() + "/x?show#");
      assertThat(page.locator("body")).containsText("Alice A");
      page.goBack();
      page.navigate(other.url() + "/y?show");
      assertThat(page.locator("body")).containsText("Alice A");
      assertThat(page.evaluate("document.cookie")).isEqualTo("");
    }
  }

  @Test
  @Rule("TH-AUTHZ-8")
  void fragmentOfTheAppDoesNotReachTheOp() {
    Page page = openPage("/x?show#secret-of-the-app");

    assertThat(page.url()).startsWith(issuer()).doesNotContain("secret-of-the-app");
  }

  @Test
  void pagesOfTheGatewayAreReadableWithoutAnyStyleOrScriptFromOutside() {
    for (Map.Entry<String, String> shown :
        Map.of(
                "bare-callback", "/gatehouse/callback",
                "not-found", "/gatehouse/nothing-here",
                "denied", "/denied/x")
            .entrySet()) {
      Page page = openPage(shown.getValue());
      assertThat(page.getByRole(AriaRole.HEADING).first()).isVisible();
      assertThat(page.evaluate("performance.getEntriesByType('resource').length")).isEqualTo(0);
      Chromium.photograph(page, shown.getKey() + "-" + door);
    }
  }
}
