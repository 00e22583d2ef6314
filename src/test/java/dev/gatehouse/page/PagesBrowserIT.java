package dev.gatehouse.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages in Chromium, with the headers that the gateway sends. */
@Tag("browser")
class PagesBrowserIT {
  private static final Pages PAGES = new Pages("");
  private static final List<String> ORIGINS_SEEN = new CopyOnWriteArrayList<>();

  private static HttpServer gateway;
  private static HttpServer op;
  private static Playwright playwright;
  private static Browser browser;

  @BeforeAll
  static void start() throws IOException {
    op = serve(exchange -> answer(exchange, 200, "signed out at the OP".getBytes(UTF_8)));
    gateway = serve(PagesBrowserIT::page);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(
                        Path.of(System.getenv().getOrDefault("CHROMIUM", "/usr/bin/chromium")))
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
  }

  @AfterAll
  static void stop() {
    playwright.close();
    gateway.stop(0);
    op.stop(0);
  }

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  private static HttpServer serve(Handler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            handler.handle(exchange);
          }
        });
    server.start();
    return server;
  }

  private static String origin(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static void page(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
    if (exchange.getRequestMethod().equals("POST")) {
      ORIGINS_SEEN.add(String.valueOf(exchange.getRequestHeaders().getFirst("Origin")));
      exchange.getResponseHeaders().set("Location", origin(op) + "/end-session");
      answer(exchange, 303, new byte[0]);
      return;
    }
    String name = exchange.getRequestURI().getPath().substring(1);
    Page.Rendered rendered =
        PAGES.html(
            new Page(
                Page.Kind.valueOf(name),
                Optional.of("0".repeat(43)),
                Optional.of("/button"),
                Map.of(),
                Optional.of("W".repeat(60))),
            exchange.getRequestHeaders().get("Accept-Language"));
    exchange.getResponseHeaders().set("Content-Type", rendered.contentType());
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange.getResponseHeaders().set("Content-Security-Policy", rendered.contentSecurityPolicy());
    answer(exchange, 200, rendered.body());
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  /** A window as wide as the narrowest that a page must fit into (WCAG 2.2 §1.4.10). */
  private static BrowserContext phone(String locale, ColorScheme scheme) {
    return browser.newContext(
        new Browser.NewContextOptions()
            .setLocale(locale)
            .setColorScheme(scheme)
            .setViewportSize(320, 640));
  }

  private static void open(com.microsoft.playwright.Page page, Page.Kind kind) {
    page.navigate(origin(gateway) + "/" + kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"en-GB", "ko-KR", "ja-JP"})
  void everyPageFitsANarrowPhoneAndBreaksNoPolicy(String locale) {
    try (BrowserContext context = phone(locale, ColorScheme.LIGHT)) {
      com.microsoft.playwright.Page page = context.newPage();
      List<String> complaints = new CopyOnWriteArrayList<>();
      page.onConsoleMessage(message -> complaints.add(message.text()));
      for (Page.Kind kind : Page.Kind.values()) {
        open(page, kind);

        assertThat(complaints).as("%s", kind).isEmpty();
        assertThat(page.getAttribute("html", "lang")).isEqualTo(locale.substring(0, 2));
        assertThat(page.evaluate("getComputedStyle(document.querySelector('main')).borderRadius"))
            .isEqualTo("16px");
        assertThat(page.evaluate("document.documentElement.scrollWidth"))
            .as("%s", kind)
            .isEqualTo(320);
        page.screenshot(
            new com.microsoft.playwright.Page.ScreenshotOptions()
                .setFullPage(true)
                .setPath(Path.of("target/screenshots/pages", kind.key() + "-" + locale + ".png")));
      }
    }
  }

  @Test
  void aDarkSystemGetsADarkPage() {
    assertThat(Stream.of(ColorScheme.LIGHT, ColorScheme.DARK).map(PagesBrowserIT::ground))
        .containsExactly("rgb(242, 244, 247)", "rgb(15, 20, 27)");
  }

  private static Object ground(ColorScheme scheme) {
    try (BrowserContext context = phone("en", scheme)) {
      com.microsoft.playwright.Page page = context.newPage();
      open(page, Page.Kind.FORBIDDEN);
      return page.evaluate("getComputedStyle(document.body).backgroundColor");
    }
  }

  /** Browsers hold form-action and the Referrer-Policy against a form's POST and its redirects. */
  @Test
  void signingOutWithTheKeyboardReachesTheOpAndKeepsItsOrigin() {
    try (BrowserContext context = phone("en", ColorScheme.LIGHT)) {
      com.microsoft.playwright.Page page = context.newPage();
      open(page, Page.Kind.LOGOUT_CONFIRM);
      page.keyboard().press("Tab");
      Locator focused = page.locator(":focus");

      assertThat(focused.textContent()).isEqualTo("Sign out");
      assertThat(focused.evaluate("e => getComputedStyle(e).outlineWidth")).isEqualTo("3px");

      page.keyboard().press("Enter");
      page.waitForURL(origin(op) + "/end-session");
      assertThat(page.textContent("body")).isEqualTo("signed out at the OP");
      assertThat(ORIGINS_SEEN).containsExactly(origin(gateway));
    }
  }

  @Test
  void aScreenReaderHearsTheTextInOrderAndNoDecoration() {
    try (BrowserContext context = phone("en", ColorScheme.LIGHT)) {
      com.microsoft.playwright.Page page = context.newPage();
      open(page, Page.Kind.NOT_FOUND);

      assertThat(page.locator("body").ariaSnapshot())
          .isEqualTo(
              """
              - main:
                - heading "There is nothing at this address" [level=1]
                - paragraph: The page may have moved, or the address has a typing mistake.
                - paragraph: Check the address, or go on from the start page.
                - paragraph:
                  - link "Go to the start page":
                    - /url: /button
                - term: Incident number
                - definition:
                  - code: "%s"
                - definition: If you contact support, give them this number."""
                  .formatted("0".repeat(43)));
    }
  }
}
