package dev.gatehouse.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of IP addresses (RFC 4632 §3.1). Immutable.
 *
 * @param network the first address
 * @param prefixLength the number of leading bits that must be equal
 */
public record Cidr(InetAddress network, int prefixLength) {
  // Digits and colons alone: a name would be looked up in DNS.
  private static final Pattern FORM =
      Pattern.compile("((?:\\d{1,3}\\.){3}\\d{1,3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)(?:/(\\d{1,3}))?");

  /**
   * Reads {@code 10.0.0.0/8}, {@code fd00::/8} or a single address; empty for anything else, and
   * where bits behind the prefix are set, because that is a slip (RFC 4632 §3.1).
   */
  public static Optional<Cidr> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      InetAddress address = InetAddress.getByName(matcher.group(1));
      int bits = address.getAddress().length * 8;
      int prefix = matcher.group(2) == null ? bits : Integer.parseInt(matcher.group(2));
      Cidr cidr = new Cidr(address, prefix);
      return prefix <= bits && cidr.hostBitsAreZero() ? Optional.of(cidr) : Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private boolean hostBitsAreZero() {
    byte[] bytes = network.getAddress();
    for (int bit = prefixLength; bit < bytes.length * 8; bit++) {
      if ((bytes[bit / 8] & 0x80 >> bit % 8) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether {@code address} lies in this block; never true across IPv4 and IPv6. */
  public boolean contains(InetAddress address) {
    byte[] own = network.getAddress();
    byte[] other = address.getAddress();
    if (own.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < prefixLength; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((own[bit / 8] & mask) != (other[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefixLength;
  }
}
