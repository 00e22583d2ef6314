package dev.gatehouse.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.config.ConfigReader;
import dev.gatehouse.config.Door;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.gate.Gate;
import dev.gatehouse.proxy.GatewayServer;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.HeldPort;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.StubOp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample application where only the gateway gets in: it shares a secret with the gateway. */
class FrontDoorTest {
  private static final String SECRET = "between-gateway-and-northwind-42";
  private static final String HEADER = "X-Gatehouse-Secret";

  @TempDir Path temporary;

  @Test
  @Rule("TH-HDR-14")
  @Rule("TH-HDR-1")
  void directRequestIsRefusedAndTheGatewaysIsNot() throws Exception {
    Path secret = KeyFiles.write(temporary.resolve("secret"), SECRET + "\n");
    try (HeldPort held = HeldPort.take();
        SampleServer app =
            SampleServer.start(new LoopbackPort(held.number()), application(secret), work());
        StubOp op = StubOp.start(Clock.systemUTC())) {
      assertThat(app).isNotNull();
      LoopbackPort port = new LoopbackPort(held.number());
      Browser direct = new Browser(port.origin(), port.number());
      for (Ask ask :
          List.of(
              Ask.get("/expenses/list"),
              Ask.get("/expenses/list").header("X-Gatehouse-User", "alice"),
              Ask.get("/static/css/northwind.css"),
              Ask.get("/expenses/list").header(HEADER, SECRET + "x"),
              Ask.get("/expenses/list").header(HEADER, ""))) {
        assertThat(direct.send(ask).status()).isEqualTo(403);
      }
      assertThat(direct.send(Ask.get("/expenses/list").header(HEADER, SECRET)).status())
          .isEqualTo(200);

      throughTheGateway(port, op, secret);
    }
  }

  private void throughTheGateway(LoopbackPort app, StubOp op, Path secret) throws Exception {
    GatehouseConfig config =
        ConfigReader.read(
                """
                public-url: https://app.example
                listen: 127.0.0.1:0
                upstream: %s
                upstream-secret: {value: '${file:%s}'}
                provider: {issuer: '%s', client-id: gw, client-secret: '${env:SECRET}'}
                rules:
                  - {path: /**, access: anonymous}
                insecure-allow-http: true
                """
                    .formatted(app.origin(), secret, op.issuer()),
                temporary,
                Map.of("SECRET", StubOp.CLIENT_SECRET),
                Door.STANDALONE)
            .config();
    try (Gate gate = Gate.open(config, Clock.systemUTC(), new SecureRandom());
        GatewayServer gateway = GatewayServer.open(config, gate)) {
      gateway.start();
      await().until(() -> gate.unreadyProviders().isEmpty());
      Browser browser = new Browser("https://app.example", gateway.address().port());

      assertThat(browser.get("/expenses/list").status()).isEqualTo(200);
      // What a client sends under that name is of no use and does no harm.
      assertThat(browser.send(Ask.get("/expenses/list").header(HEADER, "guessed")).status())
          .isEqualTo(200);
    }
  }

  private Path work() throws IOException {
    return Files.createDirectory(temporary.resolve("tomcat"));
  }

  private Path application(Path secret) throws IOException {
    Path app = Files.createDirectory(temporary.resolve("app"));
    copy(Path.of("webapp-sample/src/main/webapp"), app);
    copy(Path.of("target/webapp-sample"), app);
    Path descriptor = app.resolve("WEB-INF/web.xml");
    String xml = Files.readString(descriptor);
    String empty = "front-door-secret-file</param-name><param-value></param-value>";
    assertThat(xml).contains(empty);
    Files.writeString(
        descriptor,
        xml.replace(
            empty, "front-door-secret-file</param-name><param-value>" + secret + "</param-value>"));
    return app;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      files
          .filter(Files::isRegularFile)
          .forEach(
              file -> {
                try {
                  Path target = to.resolve(from.relativize(file).toString());
                  Files.createDirectories(target.getParent());
                  Files.copy(file, target);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
