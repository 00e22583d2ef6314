package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Many clients at once: each gets its own answer, and connections to the app are kept. */
class ConcurrencyTest {
  private static final int CLIENTS = 24;
  private static final int REQUESTS = 150;

  @Test
  void everyClientGetsItsOwnAnswersOverKeptConnections() throws Exception {
    try (RawUpstream app =
            new RawUpstream(
                call -> {
                  String body = new String(call.body(), java.nio.charset.StandardCharsets.US_ASCII);
                  String text = call.target() + "|" + body;
                  call.send(
                      "HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
                  return true;
                });
        Door door = Door.before(app)) {
      // Jetty opens more connections than it needs while the first are being made.
      allTalk(door);
      int opened = app.connections();

      allTalk(door);

      assertThat(app.calls()).hasSize(2 * CLIENTS * REQUESTS);
      assertThat(app.connections() - opened).isLessThanOrEqualTo(CLIENTS);
    }
  }

  private static void allTalk(Door door) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Callable<Integer>> work = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        work.add(() -> talk(door, client));
      }
      for (Future<Integer> done : clients.invokeAll(work, 60, TimeUnit.SECONDS)) {
        assertThat(done.get()).isEqualTo(REQUESTS);
      }
    } finally {
      clients.shutdownNow();
    }
  }

  /** The number of right answers. */
  private static int talk(Door door, int client) {
    int right = 0;
    try (Wire wire = door.wire()) {
      for (int i = 0; i < REQUESTS; i++) {
        String id = client + "-" + i;
        String framed =
            switch (i % 3) {
              case 0 -> "\r\n";
              case 1 -> "Content-Length: " + id.length() + "\r\n\r\n" + id;
              default ->
                  "Transfer-Encoding: chunked\r\n\r\n"
                      + Integer.toHexString(id.length())
                      + "\r\n"
                      + id
                      + "\r\n0\r\n\r\n";
            };
        String method = i % 3 == 0 ? "GET" : "POST";
        Reply reply =
            wire.send(method + " /" + id + " HTTP/1.1\r\nHost: app.example\r\n" + framed)
                .read(method)
                .orElseThrow();
        right += reply.text().equals("/" + id + "|" + (i % 3 == 0 ? "" : id)) ? 1 : 0;
      }
    }
    return right;
  }
}
