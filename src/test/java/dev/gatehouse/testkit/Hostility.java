package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What a hostile, broken or slow OP answers with, whatever it was asked: none of it may make a
 * session, hold a thread beyond the deadline or end what needs no OP.
 */
public enum Hostility {
  SILENT(Hostility::silent),
  DRIPPING(() -> Fault.none().drip(Duration.ofMillis(100))),
  ENDLESS_HEAD(() -> Fault.none().breach(Hostility::endlessHead)),
  ENDLESS_INTERIM_ANSWERS(() -> Fault.none().breach(Hostility::endlessInterim)),
  HUGE(() -> Fault.none().padding(1 << 20)),
  GZIP_BOMB(() -> Fault.none().gzipBomb(1 << 22)),
  CUT(() -> Fault.none().cut()),
  RESET(() -> Fault.none().reset()),
  NO_HTTP(() -> Fault.none().breach(Hostility::noHttp)),
  REDIRECTED(() -> Fault.none().redirectTo("http://127.0.0.1:1/evil")),
  REDIRECTED_AS_GET(() -> Fault.none().redirectTo("http://127.0.0.1:1/evil").status(302)),
  SERVER_ERROR(() -> Fault.none().status(500)),
  UNAVAILABLE(() -> Fault.none().status(503)),
  NOT_FOUND(() -> Fault.none().status(404)),
  ANOTHER_SUCCESS(() -> Fault.none().status(206)),
  NO_CONTENT(() -> Fault.none().status(204)),
  HTML(() -> Fault.none().contentType("text/html").text("<html>{}</html>")),
  HTML_TYPE(() -> Fault.none().contentType("text/html")),
  TEXT_TYPE(() -> Fault.none().contentType("text/plain")),
  NO_TYPE(() -> Fault.none().contentType(null)),
  EMPTY(() -> Fault.none().text("")),
  NO_JSON(() -> Fault.none().text("sorry")),
  AN_ARRAY(() -> Fault.none().rewritten(json -> join("[", json, "]"))),
  A_TEXT(() -> Fault.none().text("\"{}\"")),
  NULL(() -> Fault.none().text("null")),
  TWO_OBJECTS(() -> Fault.none().rewritten(json -> join("", json, "{}"))),
  REPEATED_MEMBER(() -> Fault.none().rewritten(Hostility::repeated)),
  DEEP(() -> Fault.none().text("{\"a\":".repeat(20_000) + "1" + "}".repeat(20_000))),
  UTF_16_BODY(
      () ->
          Fault.none()
              .contentType("application/json;charset=utf-16")
              .rewritten(json -> new String(json, UTF_8).getBytes(UTF_16))),
  LATIN_1_BODY(
      () ->
          Fault.none()
              .contentType("application/json;charset=iso-8859-1")
              .rewritten(json -> join("{\"x\":\"\u00e9\",", cut(json), "", ISO_8859_1))),
  BYTE_ORDER_MARK(() -> Fault.none().rewritten(json -> join("\ufeff", json, "")));

  /** Longer than any deadline of a test. */
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Supplier<Fault> fault;

  Hostility(Supplier<Fault> fault) {
    this.fault = fault;
  }

  /** The answer; the OP itself takes no notice of the call. */
  public Fault fault() {
    return fault.get().forgotten();
  }

  private static Fault silent() {
    return Fault.none().hang(LONG);
  }

  private static byte[] join(String before, byte[] json, String after) {
    return join(before, json, after, UTF_8);
  }

  private static byte[] join(String before, byte[] json, String after, Charset charset) {
    return (before + new String(json, UTF_8) + after).getBytes(charset);
  }

  /** Without the opening brace. */
  private static byte[] cut(byte[] json) {
    return new String(json, UTF_8).substring(1).getBytes(UTF_8);
  }

  /** The first member once more at the end, as it was; nothing but its being there is wrong. */
  private static byte[] repeated(byte[] json) {
    String text = new String(json, UTF_8);
    if (text.equals("{}")) {
      return "{\"a\":1,\"a\":1}".getBytes(UTF_8);
    }
    String name = text.substring(1, text.indexOf(':'));
    return (text.substring(0, text.length() - 1) + "," + name + ":true}").getBytes(UTF_8);
  }

  private static void noHttp(WireExchange exchange) throws IOException {
    exchange.raw("SSH-2.0-OpenSSH_9.2\r\n\r\n".getBytes(US_ASCII));
  }

  private static void endlessHead(WireExchange exchange) throws IOException {
    OutputStream out = exchange.raw("HTTP/1.1 200 OK\r\n".getBytes(US_ASCII));
    flood(exchange, out, "X-Field: " + "x".repeat(1000) + "\r\n");
  }

  private static void endlessInterim(WireExchange exchange) throws IOException {
    OutputStream out = exchange.raw(new byte[0]);
    flood(exchange, out, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
  }

  /** Until the other side has enough of it. */
  private static void flood(WireExchange exchange, OutputStream out, String text)
      throws IOException {
    for (int i = 0; i < 1000; i++) {
      out.write(text.getBytes(US_ASCII));
      out.flush();
      exchange.stall(Duration.ofMillis(10));
    }
  }
}
