package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Answers on loopback as an OP does that is asked for its metadata, and as an app does. */
final class StandIn implements AutoCloseable {
  private static final String METADATA =
      """
      {"issuer": "%1$s", "authorization_endpoint": "%1$s/authorize",
       "token_endpoint": "%1$s/token", "jwks_uri": "%1$s/keys",
       "response_types_supported": ["code"], "subject_types_supported": ["public"],
       "id_token_signing_alg_values_supported": ["RS256", "ES256"],
       "code_challenge_methods_supported": ["S256"],
       "token_endpoint_auth_methods_supported": ["client_secret_basic"],
       "authorization_response_iss_parameter_supported": true}
      """;

  private final ServerSocket server;

  private StandIn(ServerSocket server) {
    this.server = server;
  }

  static StandIn open() throws IOException {
    StandIn standIn = new StandIn(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    Thread thread = new Thread(standIn::serve, "gatehouse-stand-in");
    thread.setDaemon(true);
    thread.start();
    return standIn;
  }

  int port() {
    return server.getLocalPort();
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        answer(client);
      } catch (IOException e) {
        // The client has gone, or all is over: the loop knows.
      }
    }
  }

  private void answer(Socket client) throws IOException {
    StringBuilder head = new StringBuilder();
    if (!Rehearsal.readHead(client.getInputStream(), head)) {
      return;
    }
    String issuer = "http://127.0.0.1:" + port();
    String body =
        head.indexOf("openid-configuration") > 0 ? METADATA.formatted(issuer) : "{\"keys\": []}";
    String answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    client.getOutputStream().write(answer.getBytes(US_ASCII));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
