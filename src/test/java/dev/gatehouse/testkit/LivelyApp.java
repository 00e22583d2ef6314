package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.identity.HeaderField;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An app whose pages do what pages do: load much, send much, listen to events, open sockets. */
public final class LivelyApp implements AutoCloseable {
  /** What {@code /large} is. */
  private static final byte[] LARGE = new byte[8 * 1024 * 1024];

  /** RFC 6455 §1.3. */
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  static {
    new Random(11).nextBytes(LARGE);
  }

  private final CountDownLatch second = new CountDownLatch(1);
  private final WireServer server = new WireServer(0, this::handle);

  /** Its origin. */
  public String url() {
    return "http://127.0.0.1:" + server.port();
  }

  /** Lets the second event happen. */
  public void goOn() {
    second.countDown();
  }

  /** The SHA-256 of {@code /large} in hex digits. */
  public static String digestOfLarge() {
    return hex("SHA-256", LARGE);
  }

  private void handle(WireExchange exchange) throws IOException {
    switch (exchange.target().split("\\?", 2)[0]) {
      case "/large" -> exchange.reply(200, type("application/octet-stream"), LARGE);
      case "/digest" ->
          exchange.reply(
              200, type("text/plain"), hex("SHA-256", exchange.body()).getBytes(US_ASCII));
      case "/events" -> events(exchange);
      case "/socket" -> socket(exchange);
      default ->
          exchange.reply(
              200,
              type("text/html;charset=utf-8"),
              ("<!doctype html><title>app</title><p>" + field(exchange, "X-Gatehouse-Name"))
                  .getBytes(UTF_8));
    }
  }

  private void events(WireExchange exchange) throws IOException {
    OutputStream out =
        exchange.raw(
            ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                    + "data: first\n\n")
                .getBytes(US_ASCII));
    try {
      second.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    out.write("data: second\n\n".getBytes(US_ASCII));
  }

  /** Says hello and goodbye (RFC 6455 §5.2, §5.5.1). */
  private static void socket(WireExchange exchange) throws IOException {
    byte[] key = (field(exchange, "Sec-WebSocket-Key") + GUID).getBytes(US_ASCII);
    String accept = Base64.getEncoder().encodeToString(digest("SHA-1", key));
    exchange.raw(
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: "
                + accept
                + "\r\n\r\n\u0081\u0005hello\u0088\u0002\u0003\u00e8")
            .getBytes(ISO_8859_1));
  }

  private static List<HeaderField> type(String type) {
    return List.of(new HeaderField("Content-Type", type));
  }

  private static String field(WireExchange exchange, String name) {
    return exchange.headers().stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(HeaderField::value)
        .findFirst()
        .orElse("");
  }

  private static String hex(String algorithm, byte[] bytes) {
    return HexFormat.of().formatHex(digest(algorithm, bytes));
  }

  private static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }

  @Override
  public void close() {
    second.countDown();
    server.close();
  }
}
