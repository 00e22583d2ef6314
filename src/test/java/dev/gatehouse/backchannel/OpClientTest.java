package dev.gatehouse.backchannel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Rule;
import dev.gatehouse.config.GatehouseConfig.Backchannel;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.testkit.HeldPort;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLServerSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the HTTP client to the OP does when the other side is hostile, slow or not there. */
class OpClientTest {
  /** For what ends at all. */
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  /** For what does not. */
  private static final Duration SHORT = Duration.ofSeconds(1);

  private static final OpForm FORM = OpForm.empty().with("code", Secret.of("s3cr3t-code"));
  private static final String GOOD = "{\"a\":1}";

  @TempDir static Path folder;
  private static TestCertificates right;
  private static TestCertificates wrong;

  @BeforeAll
  static void makeCertificates() throws IOException, InterruptedException {
    right = TestCertificates.of("localhost", folder);
    wrong = TestCertificates.of("other.example", folder);
  }

  private static Backchannel settings(int threads, Optional<Path> caBundle) {
    return new Backchannel(
        Duration.ofSeconds(2), Duration.ofSeconds(5), DEADLINE, threads, 4, caBundle, false);
  }

  private static OpClient client(Optional<Path> caBundle) {
    return new OpClient(settings(4, caBundle), new AddressRule("localhost", false), true);
  }

  private static OpReply post(OpClient client, URI url) {
    return client.post(OpEndpoint.TOKEN, url, FORM, Deadline.after(DEADLINE));
  }

  private static OpReply failed(OpFailure failure) {
    return new OpReply.Failed(failure);
  }

  record Case(String name, RawServer.Answer answer, OpFailure failure) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static String head(String rest) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + rest;
  }

  static Stream<Case> faults() {
    return Stream.of(
        new Case("closes at once", RawServer.bytes(""), OpFailure.UNREACHABLE),
        new Case(
            "cuts the body",
            RawServer.bytes(head("Content-Length: 50\r\n\r\n{")),
            OpFailure.UNREACHABLE),
        new Case(
            "bad chunk",
            RawServer.bytes(head("Transfer-Encoding: chunked\r\n\r\nzz\r\n")),
            OpFailure.UNREACHABLE),
        new Case("silence", out -> hang(), OpFailure.TIMED_OUT),
        new Case("drips the head", out -> drip(out, "HTTP/1.1 200 OK\r\nX: "), OpFailure.TIMED_OUT),
        new Case(
            "drips the body",
            out -> drip(out, head("Content-Length: 60000\r\n\r\n")),
            OpFailure.TIMED_OUT),
        new Case("drips 1xx", OpClientTest::dripInterim, OpFailure.TIMED_OUT),
        new Case("endless field", OpClientTest::endlessField, OpFailure.UNREACHABLE),
        new Case("endless fields", OpClientTest::endlessFields, OpFailure.UNREACHABLE));
  }

  private static void hang() throws IOException {
    pause(10 * (int) SHORT.toMillis());
  }

  private static void drip(OutputStream out, String start) throws IOException {
    out.write(start.getBytes(ISO_8859_1));
    for (int i = 0; i < 200; i++) {
      out.write('a');
      out.flush();
      pause(50);
    }
  }

  private static void dripInterim(OutputStream out) throws IOException {
    for (int i = 0; i < 200; i++) {
      out.write("HTTP/1.1 102 Processing\r\n\r\n".getBytes(ISO_8859_1));
      out.flush();
      pause(50);
    }
  }

  private static void endlessField(OutputStream out) throws IOException {
    out.write("HTTP/1.1 200 OK\r\nX: ".getBytes(ISO_8859_1));
    for (int i = 0; i < 100; i++) {
      out.write("a".repeat(1024).getBytes(ISO_8859_1));
    }
  }

  private static void endlessFields(OutputStream out) throws IOException {
    out.write("HTTP/1.1 200 OK\r\n".getBytes(ISO_8859_1));
    for (int i = 0; i < 10_000; i++) {
      out.write("X: a\r\n".getBytes(ISO_8859_1));
    }
  }

  /** The server's own slowness; a test never waits by sleeping. */
  private static void pause(int millis) throws IOException {
    try {
      new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("faults")
  @Rule("TH-TOK-6")
  @Rule("TH-DOS-5")
  void hostileAnswerEndsByTheDeadlineAndIsAskedForOnce(Case fault) {
    try (OpClient client = client(Optional.empty());
        RawServer server = new RawServer(fault.answer())) {
      Duration deadline = fault.failure() == OpFailure.TIMED_OUT ? SHORT : DEADLINE;
      long start = System.nanoTime();

      OpReply reply =
          client.post(OpEndpoint.TOKEN, server.url("http"), FORM, Deadline.after(deadline));

      assertThat(reply).isEqualTo(failed(fault.failure()));
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("all of the answer would take ten times as long")
          .isLessThan(SHORT.multipliedBy(8));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void connectionIsUsedAgain() {
    try (OpClient client = client(Optional.empty());
        RawServer server = new RawServer(RawServer.json(GOOD))) {
      for (int i = 0; i < 5; i++) {
        assertThat(post(client, server.url("http"))).isInstanceOf(OpReply.Answered.class);
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void nobodyListening() {
    try (HeldPort silent = HeldPort.take();
        OpClient client = client(Optional.empty())) {
      URI url = URI.create("http://localhost:" + silent.number() + "/x");
      assertThat(post(client, url)).isEqualTo(failed(OpFailure.UNREACHABLE));
    }
  }

  @Test
  @Rule("TH-CFG-1")
  void plainHttpIsForLoopbackInDevelopmentAlone() {
    try (OpClient development = client(Optional.empty());
        OpClient production =
            new OpClient(
                settings(4, Optional.empty()), new AddressRule("localhost", false), false);
        RawServer server = new RawServer(RawServer.json(GOOD))) {
      assertThat(post(development, server.url("http"))).isInstanceOf(OpReply.Answered.class);
      assertThat(post(production, server.url("http"))).isEqualTo(failed(OpFailure.TLS));
      assertThat(post(development, URI.create("http://op.example/x")))
          .isEqualTo(failed(OpFailure.TLS));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  @Rule("TH-CFG-4")
  void nameThatLeadsToAPrivateAddressIsNotConnectedTo() {
    try (OpClient ownHost = client(Optional.empty());
        OpClient otherHost =
            new OpClient(
                settings(4, Optional.empty()), new AddressRule("op.example", false), true);
        OpClient allowed =
            new OpClient(settings(4, Optional.empty()), new AddressRule("op.example", true), true);
        RawServer server = new RawServer(RawServer.json(GOOD))) {
      assertThat(post(ownHost, server.url("http"))).isInstanceOf(OpReply.Answered.class);
      assertThat(post(allowed, server.url("http"))).isInstanceOf(OpReply.Answered.class);
      int before = server.connections();
      assertThat(post(otherHost, server.url("http")))
          .isEqualTo(failed(OpFailure.FORBIDDEN_ADDRESS));
      assertThat(server.connections()).isEqualTo(before);
    }
  }

  @Test
  @Rule("TH-DOS-5")
  void endpointHasItsOwnBulkhead() {
    CountDownLatch release = new CountDownLatch(1);
    RawServer.Answer held =
        out -> {
          await(release);
          RawServer.json(GOOD).write(out);
        };
    Executor aside = task -> new Thread(task).start();
    try (OpClient client =
            new OpClient(settings(1, Optional.empty()), new AddressRule("localhost", false), true);
        RawServer slow = new RawServer(held);
        RawServer quick = new RawServer(RawServer.json(GOOD))) {
      CompletableFuture<OpReply> first =
          CompletableFuture.supplyAsync(() -> post(client, slow.url("http")), aside);
      Awaitility.await().until(() -> slow.requests().size() == 1);

      assertThat(
              client.post(
                  OpEndpoint.TOKEN, quick.url("http"), FORM, Deadline.after(Duration.ofMillis(50))))
          .isEqualTo(failed(OpFailure.OVERLOADED));
      assertThat(client.get(OpEndpoint.JWKS, quick.url("http"), Deadline.after(DEADLINE)))
          .isInstanceOf(OpReply.Answered.class);

      release.countDown();
      assertThat(first.join()).isInstanceOf(OpReply.Answered.class);
      assertThat(post(client, quick.url("http"))).isInstanceOf(OpReply.Answered.class);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  @Rule("TH-CFG-5")
  void certificateOfAnotherHostIsRefusedBeforeAnythingIsSent()
      throws IOException, GeneralSecurityException {
    Path bundle = folder.resolve("bundle.pem");
    Files.writeString(bundle, Files.readString(right.pem()) + Files.readString(wrong.pem()));
    try (RawServer good = new RawServer(right.listen(), RawServer.json(GOOD));
        RawServer bad = new RawServer(wrong.listen(), RawServer.json(GOOD));
        OpClient trusting = client(Optional.of(bundle));
        OpClient jdkOnly = client(Optional.empty())) {
      assertThat(post(trusting, good.url("https"))).isInstanceOf(OpReply.Answered.class);

      assertThat(post(trusting, bad.url("https"))).isEqualTo(failed(OpFailure.TLS));
      assertThat(post(jdkOnly, good.url("https"))).isEqualTo(failed(OpFailure.TLS));
      assertThat(bad.requests()).isEmpty();
      assertThat(good.requests()).hasSize(1);
    }
  }

  @Test
  @Rule("TH-CFG-5")
  void oldTlsIsRefused() throws IOException, GeneralSecurityException {
    SSLServerSocket old = (SSLServerSocket) right.listen();
    SSLServerSocket lowest = (SSLServerSocket) right.listen();
    old.setEnabledProtocols(new String[] {"TLSv1.1"});
    lowest.setEnabledProtocols(new String[] {"TLSv1.2"});
    try (RawServer refused = new RawServer(old, RawServer.json(GOOD));
        RawServer accepted = new RawServer(lowest, RawServer.json(GOOD));
        OpClient client = client(Optional.of(right.pem()))) {
      assertThat(post(client, accepted.url("https"))).isInstanceOf(OpReply.Answered.class);
      assertThat(post(client, refused.url("https"))).isEqualTo(failed(OpFailure.TLS));
    }
  }

  @Test
  @Rule("TH-CFG-5")
  void plainServerWhereTlsIsExpectedGetsNothing() {
    try (RawServer plain = new RawServer(RawServer.bytes("HTTP/1.1 400 Bad\r\n\r\n"));
        OpClient client = client(Optional.empty())) {
      assertThat(post(client, plain.url("https"))).isInstanceOf(OpReply.Failed.class);
      assertThat(plain.requests()).noneMatch(request -> request.contains("s3cr3t-code"));
    }
  }

  @Test
  void unreadableBundleIsRefusedAtOnce() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");

    assertThatThrownBy(() -> client(Optional.of(empty)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ca-bundle");
    assertThatThrownBy(() -> client(Optional.of(folder.resolve("missing.pem"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("missing.pem");
  }
}
