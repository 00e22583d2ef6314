package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.HeldPort;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.WireApp;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check --online}: what the OP and the upstream say to the configuration. */
class OnlineCheckTest {
  private static final String LONG = "0123456789-between-app-and-gateway";

  private final StubOp op = StubOp.start(Clock.systemUTC());
  private final App app = new App();
  private final WireApp upstream = new WireApp(app);
  private final StringWriter out = new StringWriter();
  private URI appUrl = URI.create(upstream.url());

  @TempDir Path folder;

  @AfterEach
  void close() {
    op.close();
    upstream.close();
  }

  private int check(String... options) throws IOException {
    return checkWith("provider: " + client(op), options);
  }

  private static String client(StubOp at) {
    return "{issuer: '" + at.issuer() + "', client-id: gw, client-secret: '${env:SECRET}'}";
  }

  private int checkWith(String providers, String... options) throws IOException {
    Path file = folder.resolve("gatehouse.yaml");
    Files.writeString(
        file,
        """
        public-url: https://app.example
        listen: 127.0.0.1:0
        upstream: %s
        backchannel: {deadline: 30s}
        insecure-allow-http: true
        %s
        """
            .formatted(appUrl, providers));
    String[] arguments = {"check", "-c", file.toString()};
    return Commands.line(Map.of("SECRET", "4711-abc", "LONG", LONG))
        .setOut(new PrintWriter(out))
        .execute(
            Stream.concat(List.of(arguments).stream(), List.of(options).stream())
                .toArray(String[]::new));
  }

  @Test
  void whatAnswersIsNoProblem() throws IOException {
    assertThat(check("--online")).isZero();

    assertThat(out.toString())
        .contains("[insecure-endpoint]")
        .doesNotContain("op-unreachable")
        .doesNotContain("upstream-unreachable");
    assertThat(op.calls()).isNotEmpty();
    assertThat(app.only().method()).isEqualTo("HEAD");
  }

  @Test
  @Rule("TH-HDR-14")
  void appThatDoesNotAskForTheSecretIsOpen() throws IOException {
    String secret = "\nupstream-secret: {value: '${env:LONG}'}";

    assertThat(checkWith("provider: " + client(op) + secret, "--online")).isZero();

    assertThat(out.toString()).contains("[upstream-open]").doesNotContain("0123456789");
  }

  @Test
  @Rule("TH-HDR-14")
  void appThatRefusesWhoComesWithoutTheSecretIsGuarded() throws IOException {
    HttpServer guarded = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    guarded.createContext("/", exchange -> exchange.sendResponseHeaders(403, -1));
    guarded.start();
    try {
      String more = "\nupstream-secret: {value: '${env:LONG}'}";
      Path file = folder.resolve("guarded.yaml");
      Files.writeString(
          file,
          """
          public-url: https://app.example
          listen: 127.0.0.1:0
          upstream: http://127.0.0.1:%d
          backchannel: {deadline: 30s}
          insecure-allow-http: true
          provider: %s%s
          """
              .formatted(guarded.getAddress().getPort(), client(op), more));
      Commands.line(Map.of("SECRET", "4711-abc", "LONG", LONG))
          .setOut(new PrintWriter(out))
          .execute("check", "-c", file.toString(), "--online");

      assertThat(out.toString()).contains(": holds").doesNotContain("upstream-");
    } finally {
      guarded.stop(0);
    }
  }

  @Test
  @Rule("TH-CFG-13")
  void weaknessesAreWarningsAndRefusedByStrict() throws IOException {
    assertThat(check("--online")).isZero();
    assertThat(out.toString()).contains("warning: provider.issuer: ").contains("[op-weak:no-iss]");

    out.getBuffer().setLength(0);
    assertThat(check("--online", "--strict")).isEqualTo(78);
    assertThat(out.toString()).contains("error: provider.issuer: ").contains("[op-weak:no-iss]");

    out.getBuffer().setLength(0);
    op.promiseIssuer();
    assertThat(check("--online", "--strict")).isEqualTo(1);
    assertThat(out.toString()).doesNotContain("op-weak");
  }

  @Test
  @Rule("TH-CFG-13")
  void eachOfTwoOpsIsAskedAndSpokenOfByItsName() throws IOException {
    try (StubOp other = StubOp.startWithOtherKeys(Clock.systemUTC())) {
      String both = "providers: {staff: " + client(op) + ", partners: " + client(other) + "}";
      op.promiseIssuer();
      assertThat(checkWith(both, "--online")).isZero();
      assertThat(out.toString())
          .contains("warning: providers.partners.issuer: ")
          .contains("[op-weak:no-iss]")
          .doesNotContain("providers.staff.issuer: metadata")
          .doesNotContain("op-unreachable");
      assertThat(op.calls("discovery")).isNotEmpty();
      assertThat(other.calls("discovery")).isNotEmpty();

      out.getBuffer().setLength(0);
      other.goDown();
      assertThat(checkWith(both, "--online")).isZero();
      assertThat(out.toString().lines().filter(line -> line.contains("[op-unreachable]")))
          .singleElement()
          .asString()
          .contains("warning: providers.partners.issuer: ", other.issuer());

      out.getBuffer().setLength(0);
      op.metadata("issuer", op.issuer() + "/");
      assertThat(checkWith(both, "--online")).isEqualTo(78);
      assertThat(out.toString())
          .contains("error: providers.staff.issuer: ")
          .contains("[issuer-mismatch]")
          .contains("[op-unreachable]");
    }
  }

  @Test
  void withoutTheOptionNobodyIsAsked() throws IOException {
    assertThat(check()).isZero();

    assertThat(op.calls()).isEmpty();
    assertThat(app.seen()).isEmpty();
  }

  @Test
  void opThatIsDownIsAWarning() throws IOException {
    op.goDown();

    assertThat(check("--online")).isZero();

    assertThat(out.toString()).contains("[op-unreachable]").contains(op.issuer());
    assertThat(check("--online", "--strict")).isEqualTo(1);
  }

  @Test
  void upstreamThatIsDownIsAWarning() throws IOException {
    try (HeldPort down = HeldPort.take()) {
      appUrl = down.uri();

      assertThat(check("--online")).isZero();

      assertThat(out.toString()).contains("[upstream-unreachable]").contains("" + down.uri());
    }
  }

  @Test
  @Rule("TH-CFG-2")
  void issuerThatTheOpDoesNotCallItselfIsRefused() throws IOException {
    op.metadata("issuer", op.issuer() + "/");

    assertThat(check("--online")).isEqualTo(78);

    assertThat(out.toString()).contains("[issuer-mismatch]").contains(": refused");
  }
}
