package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.gatehouse.Rule;
import dev.gatehouse.config.Door;
import dev.gatehouse.testkit.Configuration;
import dev.gatehouse.testkit.Fault;
import dev.gatehouse.testkit.Footprint;
import dev.gatehouse.testkit.StandingClock;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Threat catalogue §14 at the engine: no flood takes memory or threads that stay taken, and while
 * it lasts the user who has signed in is served. The sizes of the catalogue are in {@code
 * src/bench/floods}.
 */
final class FloodTest {
  private static final int SIZE = Integer.getInteger("gatehouse.flood", 2_000);
  private static final String CHANGES =
      """
      bearer: {audience: https://api.example, validation: introspection, provider: provider}
      rules:
        - {path: /api/**, access: bearer}
      backchannel: {read-timeout: 2s, deadline: 4s, threads: 4, queue: 64}
      """;

  private final StandingClock clock = new StandingClock();
  private final HttpClient browser = HttpClient.newHttpClient();
  private StubOp op;
  private Gate gate;
  private FakeRequest user;
  private Footprint before;

  @BeforeEach
  void open() {
    logger().setLevel(Level.OFF);
    op = StubOp.start(clock);
    gate =
        Gate.open(
            Configuration.read(
                Configuration.text(
                    "https://app.example", "http://127.0.0.1:1", op.issuer(), CHANGES),
                Door.STANDALONE),
            clock,
            new SecureRandom());
    gate.awaitProviders(Duration.ofSeconds(30));
    user = FakeRequest.get("/orders").with("Cookie", cookie(signIn("198.51.100.9"), "__Host-gh_s"));
    assertServed();
    op.forgetCalls();
  }

  @AfterEach
  void close() {
    gate.close();
    op.close();
    logger().setLevel(null);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger("dev.gatehouse");
  }

  @Test
  @Rule("TH-DOS-1")
  void loginsThatNobodyFinishesLeaveNothingBehind() {
    flood(
        i -> {
          // Slow enough for each of the addresses, and more than any store of attempts would hold.
          clock.pass(Duration.ofMillis(2));
          assertThat(statusOf(FakeRequest.get("/page/" + i).peer("203.0.113." + i % 200)))
              .isEqualTo(302);
        },
        2);
    assertThat(op.calls()).isEmpty();
  }

  @Test
  @Rule("TH-DOS-1")
  @Rule("TH-DOS-2")
  void twoHundredLoginsASecondFromOneAddressAreStoppedForATime() {
    List<Integer> statuses = new ArrayList<>();
    before = Footprint.now();
    Instant begun = clock.instant();
    for (int i = 0; i < 2_000; i++) {
      clock.pass(Duration.ofMillis(5));
      statuses.add(statusOf(FakeRequest.get("/page")));
      assertServed();
    }
    before.assertNotGrown(1, 4);

    assertThat(statuses.subList(0, 400)).containsOnly(302);
    assertThat(statuses).containsOnly(302, 429).contains(429);
    long started = statuses.stream().filter(status -> status == 302).count();
    long seconds = Duration.between(begun, clock.instant()).toSeconds();
    assertThat(started).isBetween(400L, 400 + 25 * (seconds + 1));
    assertThat(statusOf(FakeRequest.get("/page").peer("203.0.113.99"))).isEqualTo(302);
  }

  @Test
  @Rule("TH-DOS-3")
  void inventedCallbacksReachNoOp() {
    flood(
        i -> {
          FakeRequest request =
              new FakeRequest(
                      "GET",
                      "/gatehouse/callback",
                      "code=c" + i + "&state=" + "s".repeat(37) + (100_000 + i),
                      "app.example",
                      "203.0.113.7",
                      Map.of())
                  .with("Cookie", "__Host-gh_t." + i + "=" + "A".repeat(300));
          assertThat(statusOf(request)).isEqualTo(403);
        },
        2);
    assertThat(op.calls()).isEmpty();
  }

  @Test
  @Rule("TH-DOS-5")
  void whileTheOpHangsSessionsAreServedAtOnce() {
    op.fault("token", Fault.none().hang(Duration.ofSeconds(5)));
    List<FakeRequest> callbacks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      callbacks.add(callback("203.0.113." + i % 20));
    }
    before = Footprint.now();
    List<Decision> waiting = callbacks.stream().map(gate::decide).toList();

    long[] nanos = new long[1_000];
    for (int i = 0; i < nanos.length; i++) {
      long begun = System.nanoTime();
      assertServed();
      nanos[i] = System.nanoTime() - begun;
    }

    assertThat(waiting).anySatisfy(decision -> assertThat(isOpen(decision)).isTrue());
    // The machine stops a thread now and then, the OP does not: so not the slowest one.
    Arrays.sort(nanos);
    assertThat(Duration.ofNanos(nanos[950])).isLessThan(Duration.ofMillis(50));
    assertThat(waiting).allSatisfy(one -> assertThat(status(one)).isIn(503, 504));
    // The OP's own threads are in this process too, one for each call.
    before.assertNotGrown(4, 16);
  }

  private static boolean isOpen(Decision decision) {
    return decision instanceof Decision.Pending pending
        && !pending.outcome().toCompletableFuture().isDone();
  }

  @Test
  @Rule("TH-DOS-6")
  void fiveHundredRequestsWithOneTokenAreOneCall() {
    op.fault("introspect", Fault.none().hang(Duration.ofMillis(300)));
    FakeRequest request = bearing(op.opaqueToken(op.activeAnswer()));
    before = Footprint.now();

    List<Decision> decisions =
        IntStream.range(0, 500).parallel().mapToObj(i -> gate.decide(request)).toList();

    assertServed();
    assertThat(decisions)
        .allSatisfy(decision -> assertThat(outcome(decision)).isInstanceOf(Decision.ToApp.class));
    assertThat(op.calls("introspect")).hasSize(1);
    before.assertNotGrown(2, 20);
  }

  @Test
  @Rule("TH-DOS-7")
  void inventedTokensDriveNoGoodOneOut() {
    FakeRequest good = bearing(op.opaqueToken(op.activeAnswer())).peer("198.51.100.77");
    assertThat(outcome(gate.decide(good))).isInstanceOf(Decision.ToApp.class);

    flood(i -> assertThat(statusOf(bearing("invented-" + i))).isIn(401, 429), 2);

    assertThat(op.calls("introspect").size()).isBetween(200, 600);
    op.forgetCalls();
    assertThat(gate.decide(good)).isInstanceOf(Decision.ToApp.class);
    assertThat(op.calls()).isEmpty();
  }

  @Test
  @Rule("TH-DOS-9")
  void junkCookiesCostNothingThatStays() {
    StringBuilder junk = new StringBuilder();
    for (int i = 0; i < 150; i++) {
      junk.append("junk").append(i).append("=").append("x".repeat(60)).append("; ");
    }
    FakeRequest withJunk = user.with("Cookie", junk + user.header("Cookie"));

    flood(i -> assertThat(gate.decide(withJunk)).isInstanceOf(Decision.ToApp.class), 1);
  }

  @Test
  @Rule("TH-DOS-11")
  void gzipBombsOfTheOpAreNotUnpacked() {
    op.fault("token", Fault.none().gzipBomb(1 << 26));
    List<FakeRequest> callbacks =
        IntStream.range(0, 2).mapToObj(i -> callback("203.0.113." + i)).toList();
    before = Footprint.now();

    for (FakeRequest callback : callbacks) {
      assertThat(status(gate.decide(callback))).isIn(502, 503, 504);
      assertServed();
    }

    before.assertNotGrown(2, 10);
  }

  @Test
  @Rule("TH-DOS-12")
  void forgedLogoutTokensFetchKeysOnce() {
    String token =
        op.logoutToken(
            TokenRecipe.correct().header("typ", "logout+jwt").signedByAttacker(),
            Map.of("sid", "sid-1"));
    String rest = token.substring(token.indexOf('.'));
    flood(
        i -> {
          String header =
              "{\"alg\":\"RS256\",\"typ\":\"logout+jwt\",\"kid\":\"unknown-" + i + "\"}";
          String forged =
              Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(US_ASCII));
          FakeRequest post =
              FakeRequest.get("/gatehouse/backchannel-logout")
                  .method("POST")
                  .with("Content-Type", "application/x-www-form-urlencoded");
          Decision decision = gate.decide(post);
          byte[] body = ("logout_token=" + forged + rest).getBytes(US_ASCII);
          assertThat(status(((Decision.NeedsBody) decision).then().apply(body))).isIn(400, 503);
        },
        2);
    assertThat(op.calls("jwks").size()).isLessThanOrEqualTo(1);
  }

  /** One request of a flood. */
  private interface Attack {
    void send(int number);
  }

  /**
   * The first half fills what is allowed to fill; the second may leave nothing more behind. The
   * user is served all the time.
   */
  private void flood(Attack attack, int heapMiB) {
    for (int i = 0; i < SIZE; i++) {
      if (i == SIZE / 2) {
        before = Footprint.now();
      }
      attack.send(i);
      if (i % 50 == 0) {
        assertServed();
      }
    }
    before.assertNotGrown(heapMiB, 4);
    assertServed();
  }

  private void assertServed() {
    assertThat(gate.decide(user)).isInstanceOf(Decision.ToApp.class);
  }

  private static FakeRequest bearing(String token) {
    return FakeRequest.get("/api/x").with("Authorization", "Bearer " + token);
  }

  private int statusOf(FakeRequest request) {
    return status(gate.decide(request.with("Accept", "text/html")));
  }

  private static int status(Decision decision) {
    return outcome(decision) instanceof Decision.Answer answer ? answer.status() : 0;
  }

  private static Decision outcome(Decision decision) {
    Decision outcome = decision;
    while (outcome instanceof Decision.Pending pending) {
      outcome = pending.outcome().toCompletableFuture().join();
    }
    return outcome;
  }

  private Decision.Answer signIn(String peer) {
    return (Decision.Answer) outcome(gate.decide(callback(peer)));
  }

  /** The request with which a browser comes back from the OP. */
  private FakeRequest callback(String peer) {
    Decision.Answer begun =
        (Decision.Answer)
            outcome(gate.decide(FakeRequest.get("/orders").with("Accept", "text/html").peer(peer)));
    URI callback = URI.create(throughOp(field(begun, "Location").split("#")[0]));
    return new FakeRequest(
            "GET", callback.getRawPath(), callback.getRawQuery(), "app.example", peer, Map.of())
        .with("Cookie", cookie(begun, "__Host-gh_t."));
  }

  private String throughOp(String url) {
    try {
      return browser
          .send(
              HttpRequest.newBuilder(URI.create(url)).build(),
              HttpResponse.BodyHandlers.discarding())
          .headers()
          .firstValue("Location")
          .orElseThrow();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String field(Decision.Answer answer, String name) {
    return answer.headers().stream()
        .filter(header -> header.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static String cookie(Decision.Answer answer, String name) {
    return answer.headers().stream()
        .filter(header -> header.name().equals("Set-Cookie"))
        .map(header -> header.value().split(";")[0])
        .filter(line -> line.startsWith(name) && !line.endsWith("="))
        .findFirst()
        .orElseThrow();
  }
}
