package dev.gatehouse.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.EachDoor;
import dev.gatehouse.testkit.KnownSecrets;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.LiveGateway;
import dev.gatehouse.testkit.OpCall;
import dev.gatehouse.testkit.SeenRequest;
import dev.gatehouse.testkit.StubOp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;

/**
 * Where a real browser keeps what it has seen: neither the address bar, nor the history, nor the
 * next request's Referer, nor a log has a code, a state or a token.
 */
@Tag("browser")
@ExtendWith(LeakWatch.class)
@ParameterizedClass(name = "{0}")
@EachDoor
class TokenTraceBrowserIT {
  private static final String TOKEN = "tok-4f1d0c9be27a4c55b1f7";

  private static Chromium chromium;

  @Parameter DoorKind door;

  private StubOp op;
  private LiveGateway gateway;
  private BrowserContext profile;

  @BeforeAll
  static void start() {
    chromium = new Chromium();
  }

  @AfterAll
  static void stop() {
    chromium.close();
  }

  @BeforeEach
  void open() {
    op = StubOp.start(Clock.systemUTC());
    gateway = LiveGateway.open(door, op.issuer(), "token-hygiene: strip");
    profile = chromium.profile();
    KnownSecrets.token(TOKEN);
  }

  @AfterEach
  void close() {
    profile.close();
    gateway.close();
    op.close();
  }

  @Test
  @Rule("TH-CB-7")
  @Rule("TH-CB-8")
  @Rule("TH-SEC-6")
  void loginLeavesNoTrace() {
    Page page = profile.newPage();
    page.navigate(gateway.url() + "/deep/link?x=1");

    assertThat(page.url()).isEqualTo(gateway.url() + "/deep/link?x=1#");
    assertThat(secretsOfTheLogin()).hasSizeGreaterThanOrEqualTo(3);
    assertNoTrace(page, secretsOfTheLogin());
  }

  @Test
  @Rule("TH-LEAK-4")
  @Rule("TH-LEAK-15")
  void strippedTokenLeavesNoTraceBeforeTheLogin() {
    Page page = profile.newPage();
    page.navigate(gateway.url() + "/p?b=%2F&access_token=" + TOKEN + "&c");

    assertThat(page.url()).isEqualTo(gateway.url() + "/p?b=%2F&c#");
    assertNoTrace(page, List.of(TOKEN));
  }

  @Test
  @Rule("TH-LEAK-4")
  void strippedTokenLeavesNoTraceDuringASession() {
    Page page = profile.newPage();
    page.navigate(gateway.url() + "/first");
    page.navigate(gateway.url() + "/p?b=%2F&access_token=" + TOKEN + "&c");

    assertThat(page.url()).isEqualTo(gateway.url() + "/p?b=%2F&c#");
    assertNoTrace(page, List.of(TOKEN));
  }

  /** The codes and states that went through the browser, and the tokens that came of them. */
  private List<String> secretsOfTheLogin() {
    List<String> secrets = new ArrayList<>();
    for (OpCall call : op.calls()) {
      secrets.addAll(call.query().getOrDefault("state", List.of()));
      secrets.addAll(call.form().getOrDefault("code", List.of()));
    }
    secrets.add(op.lastAccessToken());
    return secrets;
  }

  private void assertNoTrace(Page page, List<String> secrets) {
    // A page of the app leads on, and tells where the browser comes from.
    page.evaluate("() => { location.href = '/next' }");
    page.waitForURL(gateway.url() + "/next");
    List<SeenRequest> seen = gateway.app().seen();

    assertThat(seen)
        .filteredOn(request -> request.path().equals("/next"))
        .singleElement()
        .satisfies(
            request -> assertThat(request.header("Referer")).startsWith(gateway.url() + "/"));
    assertThat(history(page)).contains(gateway.url() + "/next").hasSizeGreaterThan(1);
    for (String secret : secrets) {
      assertThat(seen).noneMatch(request -> request.everything().contains(secret));
      assertThat(history(page)).noneMatch(url -> url.contains(secret));
      assertThat(LeakWatch.lines()).noneMatch(line -> line.contains(secret));
    }
  }

  private List<String> history(Page page) {
    CDPSession tools = profile.newCDPSession(page);
    JsonObject history = tools.send("Page.getNavigationHistory");
    List<String> urls = new ArrayList<>();
    for (JsonElement entry : history.getAsJsonArray("entries")) {
      urls.add(entry.getAsJsonObject().get("url").getAsString());
    }
    return urls;
  }
}
