package dev.gatehouse.bench.soak;

import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser with one connection of its own for each visit, and its cookies. One thread. */
final class Visitor {
  private static final Pattern CSRF =
      Pattern.compile("<input[^>]*name=\"([^\"]+)\"[^>]*value=\"([^\"]*)\"");

  private final int port;
  private final int opPort;
  private final Map<String, String> cookies = new LinkedHashMap<>();

  Visitor(int port, int opPort) {
    this.port = port;
    this.opPort = opPort;
  }

  /** Goes to {@code path} and, through the OP, back to it. */
  boolean signIn(String path) {
    Optional<Reply> sent = get(path);
    if (sent.isEmpty() || sent.get().status() != 302) {
      return false;
    }
    URI authorization = URI.create(sent.get().location().split("#")[0]);
    try (Wire op = Wire.open(opPort, "127.0.0.1")) {
      String target = authorization.getRawPath() + "?" + authorization.getRawQuery();
      Optional<Reply> back =
          op.send("GET " + target + " HTTP/1.1\r\nHost: op\r\nConnection: close\r\n\r\n")
              .read("GET");
      if (back.isEmpty() || back.get().location() == null) {
        return false;
      }
      URI callback = URI.create(back.get().location());
      Optional<Reply> done = get(callback.getRawPath() + "?" + callback.getRawQuery());
      return done.isPresent()
          && done.get().status() == 303
          && get(path).map(Reply::status).orElse(0) == 200;
    }
  }

  /** Opens the page that asks, and says yes. */
  boolean signOut() {
    Optional<Reply> page = get("/gatehouse/logout");
    if (page.isEmpty() || page.get().status() != 200) {
      return false;
    }
    Map<String, String> form = new LinkedHashMap<>();
    Matcher field = CSRF.matcher(page.get().text());
    while (field.find()) {
      form.put(field.group(1), field.group(2));
    }
    String body =
        form.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining("&"));
    Optional<Reply> done =
        send(
            "POST",
            "/gatehouse/logout",
            "Origin: http://127.0.0.1:"
                + port
                + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                + body.length()
                + "\r\n",
            body);
    return done.isPresent() && done.get().status() == 303;
  }

  /** A page that the user goes to. */
  Optional<Reply> get(String path) {
    return send("GET", path, "Accept: text/html\r\n", "");
  }

  /** A request on a connection of its own. */
  Optional<Reply> send(String method, String path, String fields, String body) {
    try (Wire wire = Wire.open(port, "127.0.0.1")) {
      return exchange(wire, method, path, fields + "Connection: close\r\n", body);
    }
  }

  /** A request on {@code wire}. */
  Optional<Reply> exchange(Wire wire, String method, String path, String fields, String body) {
    Optional<Reply> reply = wire.send(head(method, path, fields) + body).read(method);
    reply.ifPresent(this::keep);
    return reply;
  }

  /** The head of a request with the cookies of this browser. */
  String head(String method, String path, String fields) {
    String cookie =
        cookies.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining("; "));
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: 127.0.0.1:"
        + port
        + "\r\n"
        + (cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n")
        + fields
        + "\r\n";
  }

  private void keep(Reply reply) {
    for (String line : reply.headers("Set-Cookie")) {
      String[] pair = line.split(";")[0].split("=", 2);
      if (pair[1].isEmpty()) {
        cookies.remove(pair[0]);
      } else {
        cookies.put(pair[0], pair[1]);
      }
    }
  }
}
