package dev.gatehouse.identity;

import java.util.Objects;

/** One field line of an HTTP message (RFC 9110 §5): a name and a value, already safe to send. */
public record HeaderField(String name, String value) {
  public HeaderField {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
  }

  /** The name alone: values may be cookies and claims (TH-SEC-3). */
  @Override
  public String toString() {
    return "HeaderField[" + name + "]";
  }
}
