package dev.gatehouse.bench.soak;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gatehouse.testkit.HeldPort;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.Wire;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Constant load on the finished gateway, with an OP and an app of its own: pages, logins, logouts,
 * refreshes, access tokens good and bad, WebSockets, and all that goes wrong by day: an app that
 * resets or talks nonsense, clients that leave in the middle, logins that nobody finishes.
 *
 * <pre>
 * java -cp CLASSES:TEST-CLASSES:LIBRARIES dev.gatehouse.bench.soak.Soak \
 *     [MINUTES [JAR [JVM-OPTIONS [SHARE]]]]
 * </pre>
 *
 * <p>SHARE is 1, or less on a machine that has other things to do. Exits with 1 where an answer was
 * not as it had to be, or where heap after collection, threads or file descriptors grow.
 */
public final class Soak {
  private static final Duration REPORT_EVERY = Duration.ofSeconds(30);
  private static final int USERS = 150;

  /** A refresh is due 30 s before the end: with these, a few seconds after the login. */
  private static final long TOKEN_SECONDS = 45;

  private static final Pattern SESSIONS =
      Pattern.compile("(?m)^gatehouse_sessions_live(?:\\{[^}]*})?\\s+([0-9.Ee]+)");
  private static final String UPGRADE =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://127.0.0.1:%d\r\n";

  private final StubOp op;
  private final Gateway gateway;
  private final int port;
  private final int managementPort;
  private final double share;
  private final Tally tally = new Tally();
  private final BlockingQueue<Visitor> users = new ArrayBlockingQueue<>(USERS + 50);
  private final List<List<Double>> samples =
      List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  private volatile String goodToken = "";

  private Soak(StubOp op, Gateway gateway, int port, int managementPort, double share) {
    this.share = share;
    this.op = op;
    this.gateway = gateway;
    this.port = port;
    this.managementPort = managementPort;
  }

  /** Runs it; see above. */
  public static void main(String[] args) throws Exception {
    double minutes = args.length > 0 ? Double.parseDouble(args[0]) : 10;
    String jar = args.length > 1 ? args[1] : "target/gatehouse.jar";
    String options = args.length > 2 ? args[2] : "-Xmx256m";
    Path directory = Files.createTempDirectory("gatehouse-soak");
    StubOp op = StubOp.start(Clock.systemUTC());
    op.usually(Plan.honest().refreshable(TOKEN_SECONDS));
    double share = args.length > 3 ? Double.parseDouble(args[3]) : 1;
    int status;
    try (SoakApp app = new SoakApp();
        HeldPort port = HeldPort.take();
        HeldPort managementPort = HeldPort.take();
        Gateway gateway =
            Gateway.start(
                jar, options, directory, config(op, app, port.number(), managementPort.number()))) {
      status = new Soak(op, gateway, port.number(), managementPort.number(), share).run(minutes);
    }
    op.close();
    System.exit(status);
  }

  private static String config(StubOp op, SoakApp app, int port, int managementPort) {
    return """
    public-url: http://127.0.0.1:%d
    listen: 127.0.0.1:%d
    upstream: http://127.0.0.1:%d
    insecure-allow-http: true
    management: {listen: "127.0.0.1:%d"}
    provider:
      issuer: %s
      client-id: %s
      client-secret: "%s"
      scopes: [openid, profile, email]
    identity: {headers: {X-Gatehouse-User: sub, X-Gatehouse-Groups: groups}, roles: groups}
    bearer: {audience: "%s", validation: introspection, provider: provider}
    rules:
      - {path: /public/**, access: anonymous}
      - {path: /api/**, access: bearer}
      - {path: /admin/**, access: login, require: {groups: admins}}
    limits: {head-timeout: 2s}
    """
        .formatted(
            port,
            port,
            app.port(),
            managementPort,
            op.issuer(),
            StubOp.CLIENT_ID,
            StubOp.CLIENT_SECRET,
            StubOp.API);
  }

  private int run(double minutes) throws Exception {
    ScheduledExecutorService load = Executors.newScheduledThreadPool(24);
    renewToken();
    awaitLogins();
    for (int i = 0; i < USERS; i++) {
      signIn();
    }
    perSecond(load, 120, "page", this::page);
    perSecond(load, 4, "sign-in", this::signIn);
    perSecond(load, 4, "sign-out", this::signOut);
    perSecond(load, 2, "abandoned login", () -> check("login", anonymous().get("/x"), 302));
    perSecond(load, 2, "invented callback", this::inventedCallback);
    perSecond(load, 20, "good token", () -> bearer(goodToken, 200));
    perSecond(load, 3, "bad token", () -> bearer("invented-" + System.nanoTime(), 401));
    perSecond(load, 10, "not found", () -> check("404", anonymous().get("/public/missing"), 404));
    perSecond(load, 2, "app error", () -> check("500", anonymous().get("/public/broken"), 500));
    perSecond(load, 2, "app resets", this::appResets);
    perSecond(load, 2, "app is silent", () -> check("502", anonymous().get("/public/silent"), 502));
    perSecond(
        load, 1, "app talks nonsense", () -> check("502", anonymous().get("/public/garbage"), 502));
    perSecond(load, 2, "forbidden", this::forbidden);
    perSecond(load, 3, "client leaves download", this::leaveDownload);
    perSecond(load, 3, "client leaves upload", this::leaveUpload);
    perSecond(load, 1, "slow head", this::slowHead);
    perSecond(load, 3, "websocket", this::webSocket);
    perSecond(load, 0.05, "token renewed", this::renewToken);

    Instant begun = Instant.now();
    // At first pools fill and code is compiled; what is constant afterwards counts.
    long reports = Math.max(4, Math.round(minutes * 60 / REPORT_EVERY.toSeconds()));
    for (int i = 1; i <= reports && gateway.alive(); i++) {
      Duration pause = Duration.between(Instant.now(), begun.plus(REPORT_EVERY.multipliedBy(i)));
      TimeUnit.MILLISECONDS.sleep(Math.max(0, pause.toMillis()));
      report(Duration.between(begun, Instant.now()), i > Math.max(1, reports / 5));
      op.forgetCalls();
    }
    load.shutdownNow();
    load.awaitTermination(30, TimeUnit.SECONDS);
    return verdict();
  }

  /** The gateway serves before it has found its OP. */
  private void awaitLogins() throws InterruptedException {
    Instant deadline = Instant.now().plusSeconds(60);
    while (anonymous().get("/home").map(Reply::status).orElse(0) != 302) {
      if (Instant.now().isAfter(deadline)) {
        throw new IllegalStateException("nobody can sign in");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private void perSecond(ScheduledExecutorService load, double rate, String kind, Step step) {
    long micros = (long) (1e6 / (rate * share));
    long first = new Random(kind.hashCode()).nextInt((int) Math.min(micros, 1_000_000));
    load.scheduleAtFixedRate(
        () -> {
          tally.asked(kind);
          try {
            step.run();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (Exception e) {
            if (!Thread.currentThread().isInterrupted()) {
              tally.failed(kind, e.toString());
            }
          }
        },
        first,
        micros,
        TimeUnit.MICROSECONDS);
  }

  /** One thing that somebody does. */
  private interface Step {
    void run() throws Exception;
  }

  private Visitor anonymous() {
    return new Visitor(port, URI.create(op.issuer()).getPort());
  }

  private void check(String kind, Optional<Reply> reply, int status) {
    if (reply.isEmpty() || reply.get().status() != status) {
      tally.failed(kind, "wanted " + status + ", got " + reply.map(Reply::status));
    }
  }

  private void signIn() throws InterruptedException {
    Visitor visitor = anonymous();
    if (!visitor.signIn("/home")) {
      tally.failed("sign-in", "no session");
    } else if (!users.offer(visitor)) {
      signOut(visitor);
    }
  }

  private void signOut() throws InterruptedException {
    if (users.size() > USERS) {
      signOut(users.take());
    }
  }

  private void signOut(Visitor visitor) {
    if (!visitor.signOut()) {
      tally.failed("sign-out", "refused");
    }
    check("after sign-out", visitor.get("/home"), 302);
  }

  private void withUser(UserStep step) throws Exception {
    Visitor visitor = users.take();
    try {
      step.run(visitor);
    } finally {
      users.put(visitor);
    }
  }

  /** One thing that a signed-in user does. */
  private interface UserStep {
    void run(Visitor visitor) throws Exception;
  }

  /** Two requests on one connection. */
  private void page() throws Exception {
    withUser(
        visitor -> {
          try (Wire wire = Wire.open(port, "127.0.0.1")) {
            check("page", visitor.exchange(wire, "GET", "/orders/1?page=2", "", ""), 200);
            String fields = "Content-Length: 5\r\nOrigin: http://127.0.0.1:" + port + "\r\n";
            check("post", visitor.exchange(wire, "POST", "/orders", fields, "a=b&c"), 200);
          }
        });
  }

  private void forbidden() throws Exception {
    withUser(visitor -> check("forbidden", visitor.get("/admin/x"), 403));
  }

  private void inventedCallback() {
    String state = Long.toString(System.nanoTime(), 36) + "s".repeat(30);
    check("callback", anonymous().get("/gatehouse/callback?code=c&state=" + state), 403);
  }

  private void bearer(String token, int status) {
    check(
        "token",
        anonymous().send("GET", "/api/orders", "Authorization: Bearer " + token + "\r\n", ""),
        status);
  }

  private void renewToken() {
    goodToken = op.opaqueToken(op.activeAnswer());
  }

  /** The answer is cut, or a 502: never a whole page. */
  private void appResets() {
    Optional<Reply> reply = anonymous().get("/public/reset");
    if (reply.isPresent() && reply.get().status() != 502) {
      tally.failed("app resets", "passed for " + reply.get().status());
    }
  }

  private void leaveDownload() throws Exception {
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(anonymous().head("GET", "/public/large", "").getBytes(US_ASCII));
      socket.getInputStream().readNBytes(20_000);
      socket.setSoLinger(true, 0);
    }
  }

  private void leaveUpload() throws Exception {
    try (Socket socket = connect()) {
      String fields = "Content-Length: 500000\r\n";
      socket
          .getOutputStream()
          .write(anonymous().head("POST", "/public/upload", fields).getBytes(US_ASCII));
      socket.getOutputStream().write(new byte[100_000]);
      socket.setSoLinger(true, 0);
    }
  }

  private void slowHead() throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write("GET /public/x HTTP/1.1\r\nHo".getBytes(US_ASCII));
      while (socket.getInputStream().read() >= 0) {
        // a refusal, then the end
      }
    }
  }

  private Socket connect() throws Exception {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
    return socket;
  }

  private void webSocket() throws Exception {
    withUser(
        visitor -> {
          try (Socket socket = connect()) {
            String head = visitor.head("GET", "/ws", UPGRADE.formatted(port));
            socket.getOutputStream().write(head.getBytes(US_ASCII));
            String answer = head(socket);
            if (!answer.startsWith("HTTP/1.1 101 ")) {
              tally.failed("websocket", answer.lines().findFirst().orElse("nothing"));
              return;
            }
            for (int i = 0; i < 5; i++) {
              byte[] message = ("message " + i).getBytes(US_ASCII);
              socket.getOutputStream().write(message);
              byte[] echo = socket.getInputStream().readNBytes(message.length);
              if (!Arrays.equals(message, echo)) {
                tally.failed("websocket", "another message came back");
              }
            }
          }
        });
  }

  private static String head(Socket socket) throws Exception {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = socket.getInputStream().read();
      if (b < 0) {
        return head.toString();
      }
      head.append((char) b);
    }
    return head.toString();
  }

  private void report(Duration since, boolean counts) throws Exception {
    long refreshes =
        op.calls("token").stream()
            .filter(call -> "refresh_token".equals(call.form("grant_type")))
            .count();
    double heap = gateway.liveHeapBytes() / 1048576.0;
    double threads = gateway.threads();
    double descriptors = gateway.descriptors();
    System.out.printf(
        "%4d s  heap after collection %.1f MiB, RSS %.0f MiB, threads %.0f, descriptors %.0f, "
            + "sessions %s, refreshes %d, failures %d%n        %s%n",
        since.toSeconds(),
        heap,
        gateway.rssKib() / 1024.0,
        threads,
        descriptors,
        sessions(),
        refreshes,
        tally.failures(),
        tally.byKind());
    if (counts) {
      samples.get(0).add(heap);
      samples.get(1).add(threads);
      samples.get(2).add(descriptors);
    }
  }

  private String sessions() {
    try (Wire wire = Wire.open(managementPort, "127.0.0.1")) {
      String request =
          "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:"
              + managementPort
              + "\r\nConnection: close\r\n\r\n";
      Matcher sessions =
          SESSIONS.matcher(wire.send(request).read("GET").map(Reply::text).orElse(""));
      return sessions.find() ? sessions.group(1) : "unknown";
    }
  }

  private int verdict() throws Exception {
    boolean good = gateway.alive();
    if (!good) {
      System.out.println("the gateway has ended:\n" + gateway.output());
    }
    List<String> names = List.of("heap after collection, MiB", "threads", "descriptors");
    // Pools breathe, and what is remembered for minutes (used states, rejected tokens) comes to a
    // MiB at this rate. What leaks with any kind of request would be hundreds of threads or MiB.
    List<Double> atAll = List.of(3.0, 12.0, 25.0);
    for (int i = 0; i < names.size(); i++) {
      Trend trend = Trend.of(samples.get(i));
      boolean flat = trend.flat(0.05, atAll.get(i));
      System.out.printf(
          "%s: mean %.1f, growth %+.1f: %s%n",
          names.get(i), trend.mean(), trend.growth(), flat ? "flat" : "GROWS");
      good &= flat;
    }
    System.out.println("failures: " + tally.failures());
    if (tally.failures() > 0) {
      System.out.println("  " + tally.examples());
      good = false;
    }
    int exit = gateway.stop();
    System.out.println("exit status after SIGTERM: " + exit);
    System.out.println(good ? "passed" : "NOT passed");
    return good && exit == 0 ? 0 : 1;
  }
}
