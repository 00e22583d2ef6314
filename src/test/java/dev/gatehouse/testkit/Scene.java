package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.gate.Gate;
import dev.gatehouse.ops.GatewayMetrics;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** A gateway behind one door, with an OP, an app, a clock and as many browsers as a test likes. */
public final class Scene implements AutoCloseable {
  /** What browsers type. */
  public static final String PUBLIC_URL = "https://app.example";

  /** The name of the session cookie. */
  public static final String SESSION_COOKIE = "__Host-gh_s";

  /** What the name of a transaction cookie begins with. */
  public static final String TRANSACTION_COOKIE = "__Host-gh_t.";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final MovableClock clock = new MovableClock();
  private final App app = new App();
  private final WireApp upstream = new WireApp(app);
  private final StubOp op = StubOp.start(clock);
  private final Optional<StubOp> other;
  private final GatewayMetrics metrics = new GatewayMetrics();
  private final DoorKind kind;
  private final Gate gate;
  private final OpenDoor door;

  private Scene(DoorKind kind, String changes, Consumer<StubOp> provider) {
    this(kind, changes, provider, Optional.empty());
  }

  private Scene(
      DoorKind kind, String changes, Consumer<StubOp> provider, Optional<Consumer<StubOp>> second) {
    this.kind = kind;
    provider.accept(op);
    other = second.map(preparation -> StubOp.startWithOtherKeys(clock));
    other.ifPresent(second.orElse(op -> {})::accept);
    String plain =
        Configuration.text(
            PUBLIC_URL,
            upstream.url(),
            op.issuer(),
            kind.configuration(),
            changes.replace("{op}", op.issuer()));
    String yaml =
        other
            .map(two -> Configuration.withProviders(plain, op.issuer(), two.issuer()))
            .orElse(plain);
    GatehouseConfig config = Configuration.read(yaml, kind.door());
    gate = Gate.open(config, clock, new SecureRandom(), metrics);
    metrics.watch(gate);
    door = kind.open(new Surroundings(config, gate, metrics, app, 0));
  }

  /**
   * Opens a gateway that is ready for logins; {@code changes} are laid over a plain YAML, where
   * <code>{op}</code> stands for the issuer.
   */
  public static Scene open(DoorKind kind, String changes) {
    return open(kind, changes, op -> {});
  }

  /** The same, with an OP that differs from the start. */
  public static Scene open(DoorKind kind, String changes, Consumer<StubOp> provider) {
    Scene scene = new Scene(kind, changes, provider);
    await().atMost(PATIENCE).until(() -> scene.gate.unreadyProviders().isEmpty());
    return scene;
  }

  /**
   * A gateway with two OPs, {@code staff} and {@code partners}, that is ready for logins.
   *
   * @param staff what is different at the first, {@link #op}
   * @param partners what is different at the second, {@link #otherOp}
   */
  public static Scene openWithTwoOps(
      DoorKind kind, String changes, Consumer<StubOp> staff, Consumer<StubOp> partners) {
    Scene scene = new Scene(kind, changes, staff, Optional.of(partners));
    await().atMost(PATIENCE).until(() -> scene.gate.unreadyProviders().isEmpty());
    return scene;
  }

  /** A gateway whose OP has been down from before its start. */
  public static Scene openWithOpDown(DoorKind kind, String changes) {
    return new Scene(kind, changes, StubOp::goDown);
  }

  /** A gateway that cannot use what its OP says of itself. */
  public static Scene openUnready(DoorKind kind, Consumer<StubOp> provider) {
    return openUnready(kind, "", provider);
  }

  /** The same, with {@code changes} laid over the plain YAML. */
  public static Scene openUnready(DoorKind kind, String changes, Consumer<StubOp> provider) {
    return new Scene(kind, changes, provider);
  }

  /** A browser that has never been here. */
  public Browser browser() {
    return browserAt(PUBLIC_URL);
  }

  /** Opens a protected page in {@code browser}, which is sent to the OP. */
  public LoginAttempt login(Browser browser, String target) {
    return LoginAttempt.begin(this, browser, target);
  }

  /** A browser with a session of Alice's. */
  public Browser signedIn() {
    return signedIn(Plan.honest());
  }

  /** A browser with the session that comes of {@code plan}. */
  public Browser signedIn(Plan plan) {
    Browser browser = browser();
    login(browser, "/start").plan(plan).complete();
    return browser;
  }

  /** Who the app is told that {@code browser} is; fails where the app is not reached. */
  public String userSeen(Browser browser, String target) {
    app.forget();
    Reply reply = browser.get(target);
    assertThat(App.made(reply)).as("%s", reply).isTrue();
    return app.only().header("X-Gatehouse-User");
  }

  /** A browser that has never been anywhere, at home at another host name of the gateway. */
  public Browser browserAt(String publicUrl) {
    return new Browser(publicUrl, door.port(), kind.overHttp2());
  }

  /** Where the gateway listens on loopback. */
  public int port() {
    return door.port();
  }

  /** The OP. */
  public StubOp op() {
    return op;
  }

  /** The second OP, which has keys of its own. */
  public StubOp otherOp() {
    return other.orElseThrow();
  }

  /** The OP to which that URL leads. */
  public StubOp opAt(String url) {
    return other.filter(two -> url.startsWith(two.issuer() + "/")).orElse(op);
  }

  /** The app. */
  public App app() {
    return app;
  }

  /** The time at the gateway and at the OP. */
  public MovableClock clock() {
    return clock;
  }

  /** The engine. */
  public Gate gate() {
    return gate;
  }

  /** What Prometheus would read of the engine; in the proxy door of the door too. */
  public String metrics() {
    return metrics.exposition(Optional.empty()).text();
  }

  @Override
  public void close() {
    door.close();
    gate.close();
    metrics.close();
    op.close();
    other.ifPresent(StubOp::close);
    upstream.close();
  }
}
