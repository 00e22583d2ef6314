package dev.gatehouse.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;

/** An embedded servlet container with one application at {@code /app}. */
interface Container {
  /** Where its application is. */
  String CONTEXT_PATH = "/app";

  /** Where it listens. */
  int port();

  /** Stops it. */
  void stop() throws Exception;

  /** Sends GET with a target and further field lines as they are. */
  default Reply get(String target, String... fields) {
    return ask("GET", target, "", fields);
  }

  /** Sends a request as it is and reads the answer. */
  default Reply ask(String method, String target, String body, String... fields) {
    StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    head.append("Host: app.example\r\nConnection: close\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    if (!body.isEmpty() && !head.toString().contains("Transfer-Encoding")) {
      head.append("Content-Length: ").append(body.getBytes(ISO_8859_1).length).append("\r\n");
    }
    try (Wire wire = Wire.open(port(), "127.0.0.1")) {
      return wire.send(head + "\r\n" + body).read(method).orElseThrow();
    }
  }
}
