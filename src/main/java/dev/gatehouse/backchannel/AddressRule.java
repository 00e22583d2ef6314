package dev.gatehouse.backchannel;

import dev.gatehouse.access.Cidr;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which addresses the back channel may connect to (TH-CFG-4, RFC 8414 §6.2): the issuer's host
 * wherever it is, every other host only at public addresses, unless the operator allows private
 * ones. Otherwise whoever can change the metadata could make the gateway talk to the cloud's
 * metadata service or to a neighbour behind the firewall. Immutable.
 */
public final class AddressRule {
  // Beyond what InetAddress can tell: RFC 6890 special-purpose blocks and one public address that
  // is a cloud's internal one (Azure's 168.63.129.16).
  private static final List<Cidr> FORBIDDEN =
      List.of(
          block("0.0.0.0", 8),
          block("100.64.0.0", 10),
          block("192.0.0.0", 24),
          block("192.0.2.0", 24),
          block("198.18.0.0", 15),
          block("198.51.100.0", 24),
          block("203.0.113.0", 24),
          block("240.0.0.0", 4),
          block("168.63.129.16", 32),
          block("fc00::", 7),
          block("64:ff9b::", 96),
          block("64:ff9b:1::", 48),
          block("2001::", 32),
          block("2002::", 16),
          block("2001:db8::", 32));

  private final String issuerHost;
  private final boolean allowPrivateAddresses;

  /**
   * Binds calls to {@code issuerHost}.
   *
   * @param issuerHost host of the issuer identifier, as {@link java.net.URI#getHost} gives it
   * @param allowPrivateAddresses whether other hosts may be at private addresses; default false
   */
  public AddressRule(String issuerHost, boolean allowPrivateAddresses) {
    this.issuerHost = bare(issuerHost);
    this.allowPrivateAddresses = allowPrivateAddresses;
  }

  /**
   * Whether {@code host}, which resolved to {@code address}, may be called. An OP on this machine
   * may spell itself in several ways.
   */
  public boolean allows(String host, InetAddress address) {
    return allowPrivateAddresses
        || bare(host).equals(issuerHost)
        || isPublic(address)
        || (isLoopback(issuerHost) && address.isLoopbackAddress());
  }

  /** Whether {@code host} may be called as far as can be told without asking the DNS. */
  public boolean allowsLiteral(String host) {
    return literal(host).map(address -> allows(host, address)).orElse(true);
  }

  /** Whether {@code host} is this machine: {@code localhost} or a loopback address. */
  public static boolean isLoopback(String host) {
    return bare(host).equals("localhost")
        || literal(host).map(InetAddress::isLoopbackAddress).orElse(false);
  }

  private static boolean isPublic(InetAddress address) {
    return !(address.isAnyLocalAddress()
            || address.isLoopbackAddress()
            || address.isLinkLocalAddress()
            || address.isSiteLocalAddress()
            || address.isMulticastAddress())
        && FORBIDDEN.stream().noneMatch(block -> block.contains(address))
        && !isIpv4Compatible(address);
  }

  // ::a.b.c.d (RFC 4291 §2.5.5.1); the mapped form ::ffff:a.b.c.d is an Inet4Address already.
  private static boolean isIpv4Compatible(InetAddress address) {
    return address instanceof Inet6Address six && six.isIPv4CompatibleAddress();
  }

  /** The address that {@code host} spells; empty for a name. Never asks the DNS. */
  private static Optional<InetAddress> literal(String host) {
    String bare = bare(host);
    boolean spelled = bare.indexOf(':') >= 0 || bare.chars().allMatch(AddressRule::digitOrDot);
    if (bare.isEmpty() || !spelled) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(bare));
    } catch (UnknownHostException e) {
      return Optional.empty(); // no address: connecting will fail as well
    }
  }

  private static Cidr block(String network, int bits) {
    return new Cidr(literal(network).orElseThrow(), bits);
  }

  private static boolean digitOrDot(int c) {
    return c == '.' || (c >= '0' && c <= '9');
  }

  private static String bare(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.startsWith("[") && lower.endsWith("]")
        ? lower.substring(1, lower.length() - 1)
        : lower;
  }
}
