package dev.gatehouse.config;

import java.net.InetAddress;

/**
 * A block of IP addresses (RFC 4632 §3.1). Immutable.
 *
 * @param network the first address
 * @param prefixLength the number of leading bits that must be equal
 */
public record Cidr(InetAddress network, int prefixLength) {
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
}
