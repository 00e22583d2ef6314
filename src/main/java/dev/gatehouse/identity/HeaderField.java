package dev.gatehouse.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;

/**
 * One field line of an HTTP message (RFC 9110 §5): a name and a value, already safe to send.
 *
 * @param value what it says, for whoever reads it in this process
 * @param octets what is sent, each character an octet, as HTTP stacks in Java write it; differs
 *     from {@code value} only where that has characters beyond ISO-8859-1
 */
public record HeaderField(String name, String value, String octets) {
  public HeaderField {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(octets, "octets");
  }

  /** A value in ISO-8859-1. */
  public HeaderField(String name, String value) {
    this(name, value, value);
  }

  /** A value that is sent as UTF-8. */
  public static HeaderField utf8(String name, String value) {
    String octets = new String(value.getBytes(UTF_8), ISO_8859_1);
    return octets.length() == value.length()
        ? new HeaderField(name, value)
        : new HeaderField(name, value, octets);
  }

  /** The name alone: values may be cookies and claims (TH-SEC-3). */
  @Override
  public String toString() {
    return "HeaderField[" + name + "]";
  }
}
