package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.WireApp;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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
  private final StubOp op = StubOp.start(Clock.systemUTC());
  private final App app = new App();
  private final WireApp upstream = new WireApp(app);
  private final StringWriter out = new StringWriter();

  @TempDir Path folder;

  @AfterEach
  void close() {
    op.close();
    upstream.close();
  }

  private int check(String... options) throws IOException {
    Path file = folder.resolve("gatehouse.yaml");
    Files.writeString(
        file,
        """
        public-url: https://app.example
        listen: 127.0.0.1:0
        upstream: %s
        provider: {issuer: '%s', client-id: gw, client-secret: '${env:SECRET}'}
        backchannel: {deadline: 2s}
        insecure-allow-http: true
        """
            .formatted(upstream.url(), op.issuer()));
    String[] arguments = {"check", "-c", file.toString()};
    return Gatehouse.commandLine(Map.of("SECRET", "4711-abc"))
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
    upstream.close();

    assertThat(check("--online")).isZero();

    assertThat(out.toString()).contains("[upstream-unreachable]").contains(upstream.url());
  }

  @Test
  @Rule("TH-CFG-2")
  void issuerThatTheOpDoesNotCallItselfIsRefused() throws IOException {
    op.metadata("issuer", op.issuer() + "/");

    assertThat(check("--online")).isEqualTo(78);

    assertThat(out.toString()).contains("[issuer-mismatch]").contains(": refused");
  }
}
