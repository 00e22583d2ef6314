package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.identity.HeaderField;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/** How an endpoint of the OP answers: well unless told otherwise. */
public final class Fault {
  private static final int PADDING_BLOCK = 64 * 1024;

  private final Map<String, Object> members = new LinkedHashMap<>();
  private final List<HeaderField> further = new ArrayList<>();
  private int status = 200;
  private String contentType = "application/json";
  private String text;
  private String location;
  private boolean form;
  private Duration hang = Duration.ZERO;
  private CountDownLatch until = new CountDownLatch(0);
  private boolean reset;
  private boolean cut;
  private Duration drip = Duration.ZERO;
  private int padding;
  private int bomb;
  private UnaryOperator<byte[]> rewritten = UnaryOperator.identity();
  private Breach breach;
  private boolean forgotten;

  /** What is no answer at all. */
  interface Breach {
    void on(WireExchange exchange) throws IOException;
  }

  /** A correct answer. */
  public static Fault none() {
    return new Fault();
  }

  /** Whether the caller gets what it asked for. */
  boolean succeeds() {
    return status == 200 && text == null && !reset && !cut && !forgotten;
  }

  /** Another status with the same body. */
  public Fault status(int code) {
    status = code;
    return this;
  }

  /** This text instead of the JSON object. */
  public Fault text(String body) {
    text = body;
    return this;
  }

  /** Another media type; null for none. */
  public Fault contentType(String type) {
    contentType = type;
    return this;
  }

  /** A further header field. */
  public Fault field(String name, String value) {
    further.add(new HeaderField(name, value));
    return this;
  }

  /** The same members, form-encoded, as some OPs answer. */
  public Fault form() {
    form = true;
    return contentType("application/x-www-form-urlencoded");
  }

  /** Sets a member of the answer; null leaves it out. */
  public Fault member(String name, Object value) {
    members.put(name, value);
    return this;
  }

  /** Redirects with 307, which would resend the body. */
  public Fault redirectTo(String url) {
    location = url;
    return status(307);
  }

  /** Does not answer for that long. */
  public Fault hang(Duration time) {
    hang = time;
    return this;
  }

  /** Does not answer before that. */
  public Fault until(CountDownLatch event) {
    until = event;
    return this;
  }

  /** Breaks the connection before a byte is sent. */
  public Fault reset() {
    reset = true;
    return this;
  }

  /** Ends in the middle of the body. */
  public Fault cut() {
    cut = true;
    return this;
  }

  /** Sends a byte now and then, each {@code pause} after the other. */
  public Fault drip(Duration pause) {
    drip = pause;
    return this;
  }

  /** Adds a member of that many characters. */
  public Fault padding(int characters) {
    padding = characters;
    return this;
  }

  /** Compresses the answer together with that many equal characters. */
  public Fault gzipBomb(int characters) {
    bomb = characters;
    return this;
  }

  /** Changes the bytes of the body. */
  Fault rewritten(UnaryOperator<byte[]> change) {
    rewritten = change;
    return this;
  }

  /** Does this instead of answering. */
  Fault breach(Breach other) {
    breach = other;
    return this;
  }

  /** The OP does not count the call: a refresh token that was sent stays good. */
  Fault forgotten() {
    forgotten = true;
    return this;
  }

  /** Sends {@code honest}, changed as told. */
  void answer(WireExchange exchange, Map<String, Object> honest) throws IOException {
    exchange.stall(hang);
    exchange.stall(until);
    if (reset) {
      exchange.reset();
      return;
    }
    if (breach != null) {
      breach.on(exchange);
      return;
    }
    if (location != null) {
      exchange.reply(status, List.of(new HeaderField("Location", location)), new byte[0]);
      return;
    }
    List<HeaderField> fields = fields();
    byte[] body = rewritten.apply(body(honest));
    if (cut) {
      exchange.begin(status, fields, body.length).write(body, 0, body.length / 2);
    } else if (!drip.isZero()) {
      drip(exchange, exchange.begin(status, fields, body.length), body);
    } else if (bomb > 0) {
      exchange.reply(
          status, with(fields, new HeaderField("Content-Encoding", "gzip")), compressed(body));
    } else {
      exchange.reply(status, fields, body);
    }
  }

  private List<HeaderField> fields() {
    List<HeaderField> common = with(further, new HeaderField("Cache-Control", "no-store"));
    return contentType == null
        ? common
        : with(common, new HeaderField("Content-Type", contentType));
  }

  private static List<HeaderField> with(List<HeaderField> fields, HeaderField one) {
    List<HeaderField> more = new ArrayList<>(fields);
    more.add(one);
    return more;
  }

  private byte[] body(Map<String, Object> honest) {
    if (text != null) {
      return text.getBytes(UTF_8);
    }
    Map<String, Object> answer = new LinkedHashMap<>(honest);
    answer.putAll(members);
    answer.values().removeIf(Objects::isNull);
    if (form) {
      Map<String, String> texts = new LinkedHashMap<>();
      answer.forEach((name, value) -> texts.put(name, String.valueOf(value)));
      return Query.write(texts).getBytes(UTF_8);
    }
    if (padding > 0) {
      answer.put("padding", "A".repeat(padding));
    }
    return Json.bytes(answer);
  }

  private byte[] compressed(byte[] body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write("{\"padding\":\"".getBytes(UTF_8));
      byte[] block = "A".repeat(PADDING_BLOCK).getBytes(UTF_8);
      for (int sent = 0; sent < bomb; sent += block.length) {
        gzip.write(block);
      }
      gzip.write("\",".getBytes(UTF_8));
      gzip.write(body, 1, body.length - 1);
    }
    return bytes.toByteArray();
  }

  private void drip(WireExchange exchange, OutputStream out, byte[] body) throws IOException {
    for (byte b : body) {
      out.write(b);
      out.flush();
      exchange.stall(drip);
    }
  }
}
