package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.Configuration;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.GatewayProcess;
import dev.gatehouse.testkit.KnownSecrets;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.WireApp;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job through the finished {@code gatehouse.jar}, as operators run it. */
@Tag("packaged")
class GatewayJarIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  private final App app = new App();
  private WireApp upstream;
  private StubOp op;

  @BeforeEach
  void start() {
    upstream = new WireApp(app);
    op = StubOp.start(Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    op.close();
    upstream.close();
  }

  private GatewayProcess gateway() {
    return GatewayProcess.serving(
        directory, Configuration.text(Scene.PUBLIC_URL, upstream.url(), op.issuer(), ""));
  }

  private static Browser browser(GatewayProcess gateway) {
    return new Browser(Scene.PUBLIC_URL, gateway.port());
  }

  private void signIn(Browser browser, String target) {
    Reply start = browser.get(target);
    assertThat(start.status()).as("%s", start).isEqualTo(302);
    for (String name : List.of("state", "nonce")) {
      KnownSecrets.browserSecret(start.locationQuery().get(name).get(0));
    }
    Reply atOp = browser.send(Ask.get(start.location()).site("cross-site"));
    Reply back = browser.send(Ask.get(atOp.location()).site("cross-site"));
    assertThat(back.status()).as("%s", back).isEqualTo(303);
    assertThat(back.location()).isEqualTo(target + "#");
  }

  @Test
  @Rule("TH-SEC-6")
  void userSignsInWorksAndSignsOut() {
    try (GatewayProcess gateway = gateway()) {
      assertThat(gateway.output())
          .contains(
              "ready: https://app.example → "
                  + upstream.url()
                  + " (listening on 127.0.0.1:"
                  + gateway.port()
                  + ")");
      Browser browser = browser(gateway);
      assertThat(browser.send(Ask.get("/x").kind(Ask.Kind.XHR)).status()).isEqualTo(401);
      signIn(browser, "/deep/link?x=1");
      assertThat(App.made(browser.get("/deep/link?x=1"))).isTrue();
      assertThat(app.only().header("X-Gatehouse-User")).isEqualTo("alice-1");

      Form form = Form.in(browser.get("/gatehouse/logout"));
      assertThat(browser.send(form.submission()).status()).isEqualTo(303);
      assertThat(browser.get("/deep/link").status()).isEqualTo(302);

      gateway.terminate();
      assertThat(gateway.exitStatus()).isZero();
      assertThat(gateway.output()).contains("\"DEBUG\"");
      gateway.output().lines().forEach(LeakWatch::assertNoSecret);
    }
  }

  @Test
  @Rule("TH-CFG-13")
  void strictRefusesToStartWithAnOpThatHasAWeakness() {
    try (GatewayProcess lenient = gateway()) {
      await().untilAsserted(() -> assertThat(lenient.output()).contains("op-weak:no-iss"));
    }
    String file = directory.resolve("gatehouse.yaml").toString();
    try (GatewayProcess strict = GatewayProcess.start("run", "--strict", "-c", file)) {
      assertThat(strict.exitStatus()).isEqualTo(78);
      assertThat(strict.output())
          .contains("error: provider.issuer: ", "[op-weak:no-iss]", ": refused")
          .doesNotContain("ready: ");
    }
    op.promiseIssuer();
    String yaml = Configuration.text(Scene.PUBLIC_URL, upstream.url(), op.issuer(), "strict: true");
    try (GatewayProcess good = GatewayProcess.serving(directory, yaml)) {
      signIn(browser(good), "/x");
    }
  }

  @Test
  @Rule("TH-HDR-14")
  void appThatAnswersWhoGoesPastTheGatewayIsToldOfAtStart() {
    String secret = "upstream-secret: {value: 0123456789abcdef0123456789abcdef}";
    String yaml = Configuration.text(Scene.PUBLIC_URL, upstream.url(), op.issuer(), secret);
    try (GatewayProcess gateway = GatewayProcess.serving(directory, yaml)) {
      await().untilAsserted(() -> assertThat(gateway.output()).contains("[upstream-open]"));
      assertThat(gateway.output()).doesNotContain("0123456789abcdef");
    }
    app.forget();
    try (GatewayProcess unguarded = gateway()) {
      signIn(browser(unguarded), "/x");
      assertThat(app.seen()).isEmpty();
    }
  }

  @Test
  void opThatIsDownAtStartDelaysLoginsOnly() {
    op.goDown();
    try (GatewayProcess gateway = gateway()) {
      assertThat(App.made(browser(gateway).get("/public/x"))).isTrue();
      assertThat(browser(gateway).get("/x").status()).isEqualTo(503);

      op.comeBack();

      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(browser(gateway).get("/x").status()).isEqualTo(302));
      signIn(browser(gateway), "/x");
    }
  }
}
