package dev.gatehouse.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.LiveGateway;
import dev.gatehouse.testkit.LivelyApp;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A person works over TLS, where a real browser chooses HTTP/2. */
@Tag("browser")
class Http2BrowserIT {
  private static final int MANY = 30;

  private static Chromium chromium;
  private static StubOp op;
  private static LivelyApp app;
  private static LiveGateway gateway;
  private BrowserContext profile;
  private Page page;

  @BeforeAll
  static void start() throws IOException {
    TlsIdentity server = TlsIdentity.selfSigned("localhost", "EC");
    Path folder = KeyFiles.folder();
    Files.writeString(folder.resolve("gw.crt"), server.chainPem());
    Files.writeString(folder.resolve("gw.key"), server.keyPem());
    op = StubOp.start(Clock.systemUTC());
    app = new LivelyApp();
    gateway =
        LiveGateway.open(
            DoorKind.PROXY,
            op.issuer(),
            url ->
                """
                public-url: %s
                tls: {certificate: %s, private-key: %s}
                upstream: %s
                """
                    .formatted(
                        https(url), folder.resolve("gw.crt"), folder.resolve("gw.key"), app.url()));
    chromium = new Chromium();
  }

  @AfterAll
  static void stop() {
    chromium.close();
    gateway.close();
    app.close();
    op.close();
  }

  private static String https(String url) {
    return url.replaceFirst("^http:", "https:");
  }

  private static String at(String target) {
    return https(gateway.url()) + target;
  }

  @BeforeEach
  void signIn() {
    profile = chromium.profileThatTrustsEveryCertificate();
    page = profile.newPage();
    page.navigate(at("/page"));
    assertThat(page.url()).isEqualTo(at("/page#"));
    assertHttp2("navigation", 1);
  }

  @AfterEach
  void close() {
    profile.close();
  }

  /** All that the page has loaded came in HTTP/2. */
  private void assertHttp2(String type, int atLeast) {
    Object protocols =
        page.evaluate("t => performance.getEntriesByType(t).map(e => e.nextHopProtocol)", type);
    assertThat((List<?>) protocols).hasSizeGreaterThanOrEqualTo(atLeast);
    assertThat((List<?>) protocols).allMatch("h2"::equals);
  }

  @Test
  @Rule("TH-HTTP-5")
  void whoSignsInWorksAndLeavesIsGone() {
    assertThat(page.content()).contains("Alice A");
    assertThat(page.evaluate("document.cookie")).isEqualTo("");
    List<Cookie> session =
        profile.cookies().stream().filter(c -> c.name.equals(Scene.SESSION_COOKIE)).toList();
    assertThat(session).hasSize(1);

    page.navigate(at("/gatehouse/logout"));
    assertHttp2("navigation", 1);
    page.locator("form button").click();
    page.waitForURL(url -> url.contains("/gatehouse/logged-out"));
    assertHttp2("navigation", 1);

    assertThat(profile.cookies()).noneMatch(c -> c.name.equals(Scene.SESSION_COOKIE));
    profile.addCookies(session);
    op.forgetCalls();
    page.navigate(at("/page"));
    assertThat(op.calls("authorize")).as("the old cookie is worth nothing").hasSize(1);
  }

  @Test
  void manyRequestsAtOnceShareTheConnection() {
    Object answers =
        page.evaluate(
            """
            n => Promise.all(Array.from({length: n}, (_, i) =>
              fetch('/page?' + i).then(r => r.text()).then(t => t.includes('Alice A'))))
            """,
            MANY);

    assertThat((List<?>) answers).hasSize(MANY).allMatch(Boolean.TRUE::equals);
    assertHttp2("resource", MANY);
  }

  @Test
  void muchIsLoadedAndSentUnharmed() {
    Object digests =
        page.evaluate(
            """
            async () => {
              const body = await (await fetch('/large')).arrayBuffer();
              const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
              const hex = Array.from(digest, b => b.toString(16).padStart(2, '0')).join('');
              const sent = await fetch('/digest', {method: 'POST', body});
              return [hex, await sent.text()];
            }
            """);

    assertThat(digests).isEqualTo(List.of(LivelyApp.digestOfLarge(), LivelyApp.digestOfLarge()));
    assertHttp2("resource", 2);
  }

  @Test
  void eventsComeAtOnce() {
    page.evaluate(
        """
        () => {
          window.seen = [];
          const events = new EventSource('/events');
          events.onmessage = message => {
            seen.push(message.data);
            if (seen.length === 2) events.close();
          };
        }
        """);
    page.waitForFunction("seen.length === 1");
    app.goOn();
    page.waitForFunction("seen.length === 2");

    assertThat(page.evaluate("seen")).isEqualTo(List.of("first", "second"));
    assertHttp2("resource", 1);
  }

  /** For which the browser opens a connection of HTTP/1.1 beside (RFC 8441 is not offered). */
  @Test
  @Rule("TH-HTTP-11")
  void webSocketOpensBesideIt() {
    Object said =
        page.evaluate(
            """
            () => new Promise((said, failed) => {
              const socket = new WebSocket('wss://' + location.host + '/socket');
              socket.onmessage = message => said(message.data);
              socket.onerror = () => failed('no WebSocket');
            })
            """);

    assertThat(said).isEqualTo("hello");
  }
}
