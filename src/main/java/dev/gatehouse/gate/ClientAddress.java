package dev.gatehouse.gate;

import dev.gatehouse.access.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who the client is: the peer, or, where the peer is a trusted proxy, the rightmost address of
 * {@code X-Forwarded-For} that is not one (TH-HTTP-7, RFC 7239 §8.1). Immutable, safe for
 * concurrent use.
 */
final class ClientAddress {
  private static final String FORWARDED_FOR = "X-Forwarded-For";
  private static final int IPV6_PREFIX_BYTES = 8;

  /** RFC 7239 §6.2. */
  private static final String UNKNOWN = "unknown";

  /** RFC 7239 §6: {@code [2001:db8::1]}, and {@code :port} behind that or an IPv4 address. */
  private static final Pattern WITH_PORT =
      Pattern.compile("\\[([^]]*)](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}");

  private final List<Cidr> trusted;

  ClientAddress(List<Cidr> trusted) {
    this.trusted = List.copyOf(trusted);
  }

  /** Whether the peer's X-Forwarded-* fields are believed. */
  boolean trustsPeer(ClientRequest request) {
    return !trusted.isEmpty() && trusts(peer(request));
  }

  /** The client's address in text form. */
  String of(ClientRequest request) {
    String nearest = peer(request);
    if (trusted.isEmpty() || !trusts(nearest)) {
      return nearest;
    }
    List<String> hops = hops(request);
    for (int i = hops.size() - 1; i >= 0; i--) {
      String address = address(hops.get(i));
      if (address == null) {
        // A trusted proxy wrote it, but no address. What stands before it is the client's word.
        return nearest;
      }
      nearest = address;
      if (!trusts(nearest)) {
        return nearest;
      }
    }
    return nearest;
  }

  /** The client's address; empty where it is none that anybody could compare. */
  Optional<InetAddress> address(ClientRequest request) {
    return Optional.ofNullable(literal(of(request)));
  }

  /** What the app is told in {@code X-Forwarded-For}. */
  String forwardedFor(ClientRequest request) {
    String peer = peer(request);
    if (trusted.isEmpty() || !trusts(peer)) {
      return peer;
    }
    List<String> chain = new ArrayList<>();
    for (String hop : hops(request)) {
      String address = address(hop);
      // Whatever is no address literal is worth nothing and might be anything.
      if (address != null) {
        chain.add(address);
      }
    }
    chain.add(peer);
    return String.join(", ", chain);
  }

  /** What limits per client count by: the address, for IPv6 the /64 that one client usually has. */
  String limitKey(ClientRequest request) {
    String address = of(request);
    InetAddress parsed = literal(address);
    if (parsed == null || parsed.getAddress().length == 4) {
      return address;
    }
    return Arrays.toString(Arrays.copyOf(parsed.getAddress(), IPV6_PREFIX_BYTES));
  }

  /** Some containers write IPv6 addresses in brackets, and some with the interface they came by. */
  private static String peer(ClientRequest request) {
    String peer = request.peerAddress();
    if (peer == null) {
      return UNKNOWN;
    }
    String bare = peer.startsWith("[") && peer.endsWith("]") ? middle(peer) : peer;
    int zone = bare.indexOf('%');
    return zone < 0 ? bare : bare.substring(0, zone);
  }

  /** The elements of X-Forwarded-For, the nearest last. */
  private static List<String> hops(ClientRequest request) {
    List<String> hops = new ArrayList<>();
    for (String field : request.headers(FORWARDED_FOR)) {
      for (String element : field.split(",")) {
        if (!element.isBlank()) {
          hops.add(element.strip());
        }
      }
    }
    return hops;
  }

  /** The address of a hop, which some balancers write with its port; null where there is none. */
  private static String address(String hop) {
    Matcher matcher = WITH_PORT.matcher(hop);
    String address = hop;
    if (matcher.matches()) {
      address = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    }
    return literal(address) == null ? null : address;
  }

  private static String middle(String text) {
    return text.substring(1, text.length() - 1);
  }

  private boolean trusts(String address) {
    InetAddress parsed = literal(address);
    return parsed != null && trusted.stream().anyMatch(block -> block.contains(parsed));
  }

  /** Parses an address literal; a name is never looked up. */
  private static InetAddress literal(String text) {
    boolean digitsOnly = !text.isEmpty() && text.length() <= 45;
    for (int i = 0; i < text.length() && digitsOnly; i++) {
      char c = text.charAt(i);
      digitsOnly = Character.digit(c, 16) >= 0 && c < 128 || c == '.' || c == ':';
    }
    boolean literal =
        digitsOnly && (text.indexOf(':') >= 0 || text.chars().filter(c -> c == '.').count() == 3);
    if (!literal || (text.indexOf(':') < 0 && text.chars().anyMatch(c -> c > '9'))) {
      return null;
    }
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
