package dev.gatehouse.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Debian's Chromium, driven by Playwright; fetches nothing. */
public final class Chromium implements AutoCloseable {
  private static final double PATIENCE_MILLIS = 60_000;
  private static final int PHONE_WIDTH = 360;
  private static final int DESKTOP_WIDTH = 1280;
  private static final int HEIGHT = 720;

  private final Playwright playwright;
  private final Browser browser;

  /** Starts it. */
  public Chromium() {
    // What is asserted of a page is waited for too.
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(executable())
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
  }

  private static Path executable() {
    return Path.of(
        Optional.ofNullable(System.getenv("CHROMIUM"))
            .filter(path -> !path.isEmpty())
            .orElse("/usr/bin/chromium"));
  }

  /** A browser profile without history and cookies. */
  public BrowserContext profile() {
    return profile(new Browser.NewContextOptions());
  }

  /** The same of a user who takes a test's certificate for good. */
  public BrowserContext profileThatTrustsEveryCertificate() {
    return profile(new Browser.NewContextOptions().setIgnoreHTTPSErrors(true));
  }

  private BrowserContext profile(Browser.NewContextOptions options) {
    BrowserContext context = browser.newContext(options);
    context.setDefaultTimeout(PATIENCE_MILLIS);
    return context;
  }

  /** Keeps four pictures of a page: phone and desktop, light and dark. */
  public static void photograph(Page page, String name) {
    for (int width : new int[] {PHONE_WIDTH, DESKTOP_WIDTH}) {
      for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
        page.setViewportSize(width, HEIGHT);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        String file =
            name
                + (width == PHONE_WIDTH ? "-phone-" : "-desktop-")
                + scheme.name().toLowerCase(Locale.ROOT)
                + ".png";
        page.screenshot(
            new Page.ScreenshotOptions()
                .setPath(Path.of("target", "screenshots", "live", file))
                .setFullPage(true));
      }
    }
  }

  @Override
  public void close() {
    playwright.close();
  }
}
