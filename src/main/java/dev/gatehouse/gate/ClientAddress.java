package dev.gatehouse.gate;

import dev.gatehouse.config.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Who the client is: the peer, or, where the peer is a trusted proxy, the rightmost address of
 * {@code X-Forwarded-For} that is not one (TH-HTTP-7, RFC 7239 §8.1). Immutable, safe for
 * concurrent use.
 */
final class ClientAddress {
  private static final String FORWARDED_FOR = "X-Forwarded-For";
  private static final int IPV6_PREFIX_BYTES = 8;

  private final List<Cidr> trusted;

  ClientAddress(List<Cidr> trusted) {
    this.trusted = List.copyOf(trusted);
  }

  /** Whether the peer's X-Forwarded-* fields are believed. */
  boolean trustsPeer(ClientRequest request) {
    return !trusted.isEmpty() && trusts(request.peerAddress());
  }

  /** The client's address in text form. */
  String of(ClientRequest request) {
    if (!trustsPeer(request)) {
      return request.peerAddress();
    }
    List<String> chain = chain(request);
    for (int i = chain.size() - 1; i >= 0; i--) {
      if (!trusts(chain.get(i))) {
        return literal(chain.get(i)) == null ? request.peerAddress() : chain.get(i);
      }
    }
    return chain.isEmpty() ? request.peerAddress() : chain.get(0);
  }

  /** What the app is told in {@code X-Forwarded-For}. */
  String forwardedFor(ClientRequest request) {
    if (!trustsPeer(request)) {
      return request.peerAddress();
    }
    List<String> chain = chain(request);
    chain.add(request.peerAddress());
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

  private static List<String> chain(ClientRequest request) {
    List<String> chain = new ArrayList<>();
    for (String field : request.headers(FORWARDED_FOR)) {
      for (String element : field.split(",")) {
        String address = element.strip();
        // Whatever is no address literal is worth nothing and might be anything.
        if (literal(address) != null) {
          chain.add(address);
        }
      }
    }
    return chain;
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
