package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Optional;

/** The {@link App} as the upstream of the standalone gateway: sees every byte. */
public final class WireApp implements AutoCloseable {
  private final WireServer server;
  private final String scheme;

  /** Starts on a free port. */
  public WireApp(App app) {
    server = new WireServer(0, exchange -> handle(app, exchange));
    scheme = "http://127.0.0.1:";
  }

  /** Serves at a socket that speaks TLS, for the name localhost. */
  public WireApp(App app, ServerSocket tls) {
    server = new WireServer(tls, exchange -> handle(app, exchange));
    scheme = "https://localhost:";
  }

  /** Its origin. */
  public String url() {
    return scheme + server.port();
  }

  /** Where it listens on loopback. */
  public int port() {
    return server.port();
  }

  private static void handle(App app, WireExchange exchange) throws IOException {
    App.Answer answer =
        app.answer(
            new SeenRequest(
                exchange.method(),
                exchange.target(),
                exchange.headers(),
                exchange.trailers(),
                exchange.body(),
                Optional.empty(),
                Optional.empty()));
    byte[] body = answer.body().getBytes(UTF_8);
    if (answer.trailers().isEmpty()) {
      exchange.reply(answer.status(), answer.headers(), body);
    } else {
      exchange.chunked(answer.headers(), body, answer.trailers());
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
