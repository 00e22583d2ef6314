package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The header with which a balancer begins a connection to tell whose it is: the PROXY protocol,
 * version 1 (§2.1) and 2 (§2.2). Immutable.
 *
 * @param client the client's address; empty where the balancer speaks for itself (LOCAL, UNKNOWN)
 * @param port the client's port
 * @param length how many bytes the header has
 */
record ProxyHeader(Optional<InetAddress> client, int port, int length) {
  /** What a header has at most, in either version; extensions count. */
  static final int MOST_BYTES = 1024;

  private static final byte[] VERSION_1 = "PROXY ".getBytes(US_ASCII);
  private static final byte[] VERSION_2 = {13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10};

  /** Version 1 with its line end (§2.1). */
  private static final int LONGEST_LINE = 107;

  private static final int FIXED = 16;
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;
  private static final int UNSPECIFIED = 0x00;
  private static final int TCP_4 = 0x11;
  private static final int TCP_6 = 0x21;

  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)");

  /** Digits and colons alone: a name would be looked up in DNS. */
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private static final Pattern PORT = Pattern.compile("0|[1-9]\\d{0,4}");

  /** That the bytes are no header. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  /**
   * Reads the header at the beginning of {@code buffer} without taking it.
   *
   * @return empty where more bytes are needed
   * @throws Malformed when no header begins like that
   */
  static Optional<ProxyHeader> read(ByteBuffer buffer) throws Malformed {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    if (begins(bytes, VERSION_2)) {
      return bytes.length < FIXED ? Optional.empty() : binary(bytes);
    }
    if (begins(bytes, VERSION_1)) {
      return line(bytes);
    }
    throw new Malformed("no PROXY header");
  }

  /** As far as there are bytes. */
  private static boolean begins(byte[] bytes, byte[] signature) {
    for (int i = 0; i < bytes.length && i < signature.length; i++) {
      if (bytes[i] != signature[i]) {
        return false;
      }
    }
    return true;
  }

  private static Optional<ProxyHeader> line(byte[] bytes) throws Malformed {
    for (int i = 1; i < bytes.length && i < LONGEST_LINE; i++) {
      if (bytes[i] == '\n') {
        if (bytes[i - 1] != '\r') {
          throw new Malformed("line of the PROXY header without CR");
        }
        return Optional.of(line(new String(bytes, 0, i - 1, ISO_8859_1), i + 1));
      }
    }
    if (bytes.length >= LONGEST_LINE) {
      throw new Malformed("line of the PROXY header too long");
    }
    return Optional.empty();
  }

  private static ProxyHeader line(String line, int length) throws Malformed {
    String[] words = line.split(" ", -1);
    if (words[1].equals("UNKNOWN")) {
      return new ProxyHeader(Optional.empty(), 0, length);
    }
    if (words.length != 6 || !words[1].matches("TCP[46]")) {
      throw new Malformed("PROXY header of another form");
    }
    Pattern form = words[1].equals("TCP4") ? IPV4 : IPV6;
    InetAddress client = address(words[2], form);
    address(words[3], form);
    port(words[5]);
    return new ProxyHeader(Optional.of(client), port(words[4]), length);
  }

  private static InetAddress address(String text, Pattern form) throws Malformed {
    if (form.matcher(text).matches()) {
      try {
        return InetAddress.getByName(text);
      } catch (UnknownHostException e) {
        // said below
      }
    }
    throw new Malformed("no address in the PROXY header");
  }

  private static int port(String text) throws Malformed {
    if (!PORT.matcher(text).matches() || Integer.parseInt(text) > 65_535) {
      throw new Malformed("no port in the PROXY header");
    }
    return Integer.parseInt(text);
  }

  private static Optional<ProxyHeader> binary(byte[] bytes) throws Malformed {
    ByteBuffer header = ByteBuffer.wrap(bytes).position(VERSION_2.length);
    int command = header.get() & 0xff;
    int family = header.get() & 0xff;
    int length = FIXED + (header.getShort() & 0xffff);
    if (command != LOCAL && command != PROXY || length > MOST_BYTES) {
      throw new Malformed("PROXY header of another version, or too long");
    }
    if (bytes.length < length) {
      return Optional.empty();
    }
    if (command == LOCAL || family == UNSPECIFIED) {
      return Optional.of(new ProxyHeader(Optional.empty(), 0, length));
    }
    int octets = family == TCP_4 ? 4 : family == TCP_6 ? 16 : 0;
    if (octets == 0 || length < FIXED + 2 * octets + 4) {
      throw new Malformed("PROXY header of another family, or too short");
    }
    byte[] client = new byte[octets];
    header.get(client).position(FIXED + 2 * octets);
    try {
      return Optional.of(
          new ProxyHeader(
              Optional.of(InetAddress.getByAddress(client)), header.getShort() & 0xffff, length));
    } catch (UnknownHostException e) {
      throw new Malformed("no address in the PROXY header");
    }
  }
}
