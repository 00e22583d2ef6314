package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatehouse.identity.HeaderField;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads HTTP/1.1 messages from one connection, keeping their bytes (RFC 9112). */
final class WireReader {
  private final InputStream in;

  WireReader(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /** Start line and fields of a message, as text and as bytes. */
  record Head(String startLine, List<HeaderField> fields, byte[] bytes) {
    String field(String name) {
      return fields.stream()
          .filter(f -> f.name().equalsIgnoreCase(name))
          .map(HeaderField::value)
          .findFirst()
          .orElse(null);
    }
  }

  /** The next head; null where the connection ends before its first byte. */
  Head head() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String startLine = line(bytes);
    if (startLine == null) {
      return null;
    }
    return new Head(startLine, fields(bytes), bytes.toByteArray());
  }

  /** The body that {@code head} announces; trailer fields go to {@code trailers}. */
  byte[] body(Head head, boolean untilClose, List<HeaderField> trailers) throws IOException {
    String coding = head.field("Transfer-Encoding");
    if (coding != null && coding.toLowerCase(Locale.ROOT).contains("chunked")) {
      return chunked(trailers);
    }
    String length = head.field("Content-Length");
    if (length != null) {
      return exactly(Integer.parseInt(length.trim()));
    }
    return untilClose ? in.readAllBytes() : new byte[0];
  }

  /** What is there already or comes before the connection ends, without any framing. */
  InputStream rest() {
    return in;
  }

  private byte[] chunked(List<HeaderField> trailers) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String size = line(new ByteArrayOutputStream());
      if (size == null) {
        throw new EOFException("within a chunked body");
      }
      int length = Integer.parseInt(size.split(";")[0].trim(), 16);
      if (length == 0) {
        trailers.addAll(fields(new ByteArrayOutputStream()));
        return body.toByteArray();
      }
      body.write(exactly(length));
      line(new ByteArrayOutputStream());
    }
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("after " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  private List<HeaderField> fields(ByteArrayOutputStream bytes) throws IOException {
    List<HeaderField> fields = new ArrayList<>();
    for (String line = line(bytes); line != null && !line.isEmpty(); line = line(bytes)) {
      int colon = line.indexOf(':');
      fields.add(
          colon < 0
              ? new HeaderField(line, "")
              : new HeaderField(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    return fields;
  }

  private String line(ByteArrayOutputStream copy) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        if (line.size() == 0) {
          return null;
        }
        throw new EOFException("within a line");
      }
      line.write(b);
    }
    line.writeTo(copy);
    copy.write('\n');
    String text = line.toString(ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
