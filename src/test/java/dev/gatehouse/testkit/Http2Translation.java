package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatehouse.identity.HeaderField;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;

/**
 * What a request that is written as HTTP/1.1 is in HTTP/2. Names become lower case (RFC 9113
 * §8.2.1), Host the {@code :authority} (§8.3.1), each pair of Cookie a field of its own (§8.2.3),
 * chunks DATA and their trailers HEADERS (§8.1); {@code Connection: close}, which with our kits
 * says no more than that, is left out (§8.2.2).
 *
 * <p>All else is sent as it stands, well-formed or not: a byte that ends a line or a name there is
 * part of a value or a name here. Each request has a connection of its own.
 */
final class Http2Translation {
  private static final String VERSION = " HTTP/1.1\r\n";
  private static final String END = "\r\n\r\n";
  private static final int STREAM = 1;

  /** So that what is parted among chunks is parted among DATA. */
  private static final int SMALL = 4;

  private static final int LARGE = 16 * 1024;
  private static final List<String> PSEUDO = List.of(":method", ":scheme", ":path", ":authority");

  private final List<String> head = new ArrayList<>();
  private final List<HeaderField> trailers = new ArrayList<>();
  private final byte[] body;
  private final int frame;

  private Http2Translation(byte[] message) {
    String text = new String(message, ISO_8859_1);
    int version = text.indexOf(VERSION);
    int end = text.indexOf(END, version + VERSION.length() - 2);
    if (version < 0 || end < 0) {
      throw new IllegalArgumentException("no HTTP/1.1, so no HTTP/2 either: " + text);
    }
    String[] start = text.substring(0, version).split(" ", 2);
    add(":method", start[0]);
    add(":scheme", "http");
    add(":path", start[1]);
    boolean chunked = false;
    if (end > version + VERSION.length()) {
      for (String line : text.substring(version + VERSION.length(), end).split("\r\n")) {
        chunked |= line.equalsIgnoreCase("Transfer-Encoding: chunked");
        take(line);
      }
    }
    byte[] rest = Arrays.copyOfRange(message, end + END.length(), message.length);
    body = chunked ? unchunked(rest) : rest;
    frame = chunked ? SMALL : LARGE;
  }

  static Http2Translation of(byte[] message) {
    return new Http2Translation(message);
  }

  private void add(String name, String value) {
    head.add(name);
    head.add(value);
  }

  private void take(String line) {
    int colon = line.indexOf(':');
    String name = line.substring(0, colon < 0 ? line.length() : colon).toLowerCase(Locale.ROOT);
    String value = colon < 0 ? "" : withoutBlanks(line.substring(colon + 1));
    switch (name) {
      case "host" -> add(head.contains(":authority") ? name : ":authority", value);
      case "cookie" -> List.of(value.split("; (?=[^ \t])", -1)).forEach(pair -> add(name, pair));
      case "connection", "transfer-encoding" -> {
        if (!value.equalsIgnoreCase(name.equals("connection") ? "close" : "chunked")) {
          add(name, value);
        }
      }
      default -> add(name, value);
    }
  }

  /** Blanks around a value are no part of it (RFC 9110 §5.5). */
  private static String withoutBlanks(String value) {
    int from = 0;
    int to = value.length();
    while (from < to && isBlank(value.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(value.charAt(to - 1))) {
      to--;
    }
    return value.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private byte[] unchunked(byte[] chunks) {
    try {
      byte[] coding = ("x\r\nTransfer-Encoding: chunked\r\n\r\n").getBytes(ISO_8859_1);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(coding);
      all.writeBytes(chunks);
      WireReader reader = new WireReader(new ByteArrayInputStream(all.toByteArray()));
      return reader.body(reader.head(), false, trailers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends it; empty where the gateway ends the stream or the connection instead of an answer. */
  Optional<Reply> exchange(int port, String source) {
    try (RawHttp2 client = RawHttp2.connect(port, source)) {
      client.beginWide();
      boolean more = body.length > 0 || !trailers.isEmpty();
      client.headers(STREAM, !more, pseudoFirst());
      if (more) {
        client.data(STREAM, trailers.isEmpty(), body, frame);
      }
      if (!trailers.isEmpty()) {
        client.headers(STREAM, true, flat(trailers));
      }
      RawHttp2.Stream answer = client.await(STREAM);
      return answer.ended ? Optional.of(reply(answer)) : Optional.empty();
    }
  }

  /** Pseudo fields stand first (§8.3), wherever Host stood. */
  private String[] pseudoFirst() {
    List<String> sorted = new ArrayList<>();
    for (boolean pseudo : new boolean[] {true, false}) {
      for (int i = 0; i < head.size(); i += 2) {
        if (PSEUDO.contains(head.get(i)) == pseudo) {
          sorted.add(head.get(i));
          sorted.add(head.get(i + 1));
        }
      }
    }
    return sorted.toArray(new String[0]);
  }

  private static String[] flat(List<HeaderField> fields) {
    return fields.stream()
        .flatMap(
            field ->
                java.util.stream.Stream.of(field.name().toLowerCase(Locale.ROOT), field.value()))
        .toArray(String[]::new);
  }

  private static Reply reply(RawHttp2.Stream answer) {
    List<HeaderField> fields = list(answer.fields);
    StringBuilder head = new StringBuilder("HTTP/2 " + answer.status() + "\r\n");
    fields.forEach(f -> head.append(f.name()).append(": ").append(f.value()).append("\r\n"));
    return new Reply(
        answer.status(),
        fields,
        head.append("\r\n").toString().getBytes(ISO_8859_1),
        answer.body.toByteArray(),
        list(answer.trailers));
  }

  private static List<HeaderField> list(HttpFields fields) {
    return fields.stream()
        .map(field -> new HeaderField(field.getName(), field.getValue()))
        .toList();
  }
}
