package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes and deadlines of what a client may send. */
class LimitsTest {
  private static final GatehouseConfig.Limits SMALL =
      ChangedLimits.of().head(4096, 1024, 20).body(1000).limits();

  private static final GatehouseConfig.Limits HASTY =
      ChangedLimits.of()
          .idle(Duration.ofSeconds(1))
          .headTimeout(Duration.ofSeconds(1))
          .stop(Duration.ZERO, Duration.ofSeconds(1))
          .limits();

  @ParameterizedTest
  @Rule("TH-DOS-8")
  @CsvSource({
    "/1, 1023, 200, 0", // the path is a slash and what follows; the limit counts the whole target
    "/1, 1024, 414, 0",
    "/?, 1022, 200, 0",
    "/?, 1023, 414, 0",
    "/1, 9000, 414, 0",
    "/1, 1, 200, 19",
    "/1, 1, 431, 20"
  })
  void targetAndFieldsHaveTheirLimits(String prefix, int more, int status, int fields) {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app, SMALL)) {
      String target = prefix.replace("1", "") + "a".repeat(more);
      assertThat(
              ask(
                      door,
                      "GET "
                          + target
                          + " HTTP/1.1\r\nHost: a\r\n"
                          + "X: y\r\n".repeat(fields)
                          + "\r\n")
                  .status())
          .isEqualTo(status);
    }
  }

  @Test
  @Rule("TH-DOS-8")
  void theHeadHasItsLimitAndOtherClientsAreFine() {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app, SMALL);
        Wire other = door.wire()) {
      String head = "GET / HTTP/1.1\r\nHost: a\r\nCookie: ";
      assertThat(ask(door, head + "c".repeat(3500) + "\r\n\r\n").status()).isEqualTo(200);

      assertThat(ask(door, head + "c".repeat(65536) + "\r\n\r\n").status()).isEqualTo(431);

      assertThat(other.send(head + "c\r\n\r\n").read("GET").orElseThrow().status()).isEqualTo(200);
    }
  }

  @Test
  void theBodyHasItsLimit() {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app, SMALL)) {
      String post = "POST / HTTP/1.1\r\nHost: a\r\n";
      assertThat(ask(door, post + "Content-Length: 1000\r\n\r\n" + "a".repeat(1000)).status())
          .isEqualTo(200);
      app.calls().clear();

      assertThat(ask(door, post + "Content-Length: 1001\r\n\r\n").status()).isEqualTo(413);

      assertThat(app.calls()).isEmpty();
    }
  }

  @Test
  void aChunkedBodyHasTheSameLimit() {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app, SMALL)) {
      String post = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
      String chunk = "1f4\r\n" + "a".repeat(500) + "\r\n";
      assertThat(ask(door, post + chunk + chunk + "0\r\n\r\n").status()).isEqualTo(200);

      Reply reply = ask(door, post + chunk + chunk + "1\r\na\r\n0\r\n\r\n");

      assertThat(reply.status()).isEqualTo(413);
      assertThat(reply.text()).isEqualTo("TOO_LARGE body-too-large");
    }
  }

  @Test
  @Rule("TH-DOS-10")
  void aHeadThatDripsIsCutAtItsDeadline() throws IOException {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app, HASTY)) {
      long began = System.nanoTime();
      try (Socket client = RawClient.connect(door.port())) {
        client.setSoTimeout(100);
        String head = "GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + "x".repeat(1000);

        assertThat(drip(client, head)).isTrue();
      }

      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .as("all of it would take a hundred seconds")
          .isBetween(Duration.ofMillis(900), Duration.ofSeconds(30));
      assertThat(ask(door, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").status()).isEqualTo(200);
    }
  }

  @Test
  @Rule("TH-DOS-10")
  void aSecondHeadOnTheSameConnectionHasTheSameDeadline() throws IOException {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app, HASTY);
        Socket client = RawClient.connect(door.port())) {
      client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1));
      client.setSoTimeout(100);

      assertThat(drip(client, "GET / HTTP/1.1\r\nX: " + "x".repeat(1000))).isTrue();
    }
  }

  /** Sends a byte with each read that times out; whether the gateway ended the connection. */
  private static boolean drip(Socket client, String text) throws IOException {
    ByteArrayOutputStream ignored = new ByteArrayOutputStream();
    for (byte b : text.getBytes(ISO_8859_1)) {
      try {
        client.getOutputStream().write(b);
        int answer = client.getInputStream().read();
        if (answer < 0) {
          return true;
        }
        ignored.write(answer);
      } catch (SocketTimeoutException e) {
        continue; // still open
      } catch (IOException e) {
        return true;
      }
    }
    return false;
  }

  @Test
  @Rule("TH-DOS-10")
  void anIdleConnectionIsEnded() {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app, HASTY)) {
      RawClient.Outcome outcome =
          RawClient.untilClosed(door.port(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");

      assertThat(outcome.statuses()).containsExactly(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/peek"})
  @Rule("TH-DOS-10")
  void anUploadThatStopsIsEndedWithoutBlamingTheApp(String path) {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app, HASTY)) {
      RawClient.Outcome outcome =
          RawClient.untilClosed(
              door.port(),
              "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");

      assertThat(outcome.statuses()).isSubsetOf(408);
      assertThat(door.gate().failures()).doesNotContain("upstream-timeout", "upstream-failed");
    }
  }

  private static Reply ask(Door door, String request) {
    try (Wire wire = door.wire()) {
      return wire.send(request).read("GET").orElseThrow();
    }
  }
}
