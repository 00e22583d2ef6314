package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.access.Cidr;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.GatehouseConfig.Limits.Connections;
import dev.gatehouse.config.Listener;
import dev.gatehouse.testkit.Wire;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More connections than there may be. */
class ConnectionCapsTest {
  private static final String GET = "GET /fine HTTP/1.1\r\nHost: app.example\r\n\r\n";

  private static Connections most(int inAll, int perAddress) {
    return new Connections(inAll, perAddress, 0);
  }

  private static boolean served(Wire wire) {
    return wire.send(GET).read("GET").filter(reply -> reply.status() == 200).isPresent();
  }

  @Test
  @Rule("TH-DOS-10")
  void oneAddressGetsItsShareAndOthersGetTheirs() {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app, Door.limits(Door.connections(most(8, 3))))) {
      List<Wire> open = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        open.add(Wire.open(door.port(), "127.0.0.1"));
        assertThat(served(open.get(i))).isTrue();
      }
      try (Wire more = Wire.open(door.port(), "127.0.0.1");
          Wire other = Wire.open(door.port(), "127.0.0.2")) {
        assertThat(served(more)).isFalse();
        assertThat(served(other)).isTrue();
      }
      assertThat(door.metrics().exposition(Optional.empty()).text())
          .contains("gatehouse_connections_refused_total 1.0");

      open.remove(0).close();

      await()
          .untilAsserted(
              () -> {
                try (Wire again = Wire.open(door.port(), "127.0.0.1")) {
                  assertThat(served(again)).isTrue();
                }
              });
      open.forEach(Wire::close);
      Leftovers.none(door);
    }
  }

  @Test
  @Rule("TH-DOS-10")
  void allTogetherHaveTheirLimit() {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app, Door.limits(Door.connections(most(2, 2))))) {
      try (Wire one = Wire.open(door.port(), "127.0.0.1")) {
        assertThat(served(one)).isTrue();
        try (Wire two = Wire.open(door.port(), "127.0.0.2")) {
          assertThat(served(two)).isTrue();
          try (Wire three = Wire.open(door.port(), "127.0.0.3")) {
            assertThat(served(three)).isFalse();
          }
        }
      }
      Leftovers.none(door);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Rule("TH-DOS-10")
  void behindTheProxyProtocolTheClientsOwnAddressCounts(boolean h2c) {
    Listener proxied = new Listener(true, h2c, true, Optional.empty());
    List<Cidr> loopback = List.of(Cidr.parse("127.0.0.0/8").orElseThrow());
    GatehouseConfig.Limits limits = Door.limits(Door.connections(most(100, 2)));
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app, limits, Optional.empty(), proxied, loopback)) {
      String one = "PROXY TCP4 192.0.2.7 10.0.0.1 51234 443\r\n";
      String other = "PROXY TCP4 192.0.2.8 10.0.0.1 51234 443\r\n";
      try (Wire first = door.wire();
          Wire second = door.wire();
          Wire third = door.wire();
          Wire fourth = door.wire()) {
        assertThat(served(first.send(one))).isTrue();
        assertThat(served(second.send(one))).isTrue();
        assertThat(served(third.send(one))).isFalse();
        assertThat(served(fourth.send(other))).isTrue();
      }
      await()
          .untilAsserted(
              () -> assertThat(door.server().inventory()).isEqualTo(new Inventory(0, 0, 0, 0, 0)));
      try (Wire again = door.wire()) {
        assertThat(served(again.send(one))).isTrue();
      }
    }
  }

  @Test
  void aTrustedProxySpeaksForManyAndIsNotCounted() throws UnknownHostException {
    ConnectionCaps caps =
        new ConnectionCaps(most(10, 1), List.of(Cidr.parse("10.0.0.0/8").orElseThrow()));
    long proxy = caps.key(InetAddress.getByName("10.1.2.3"));
    long client = caps.key(InetAddress.getByName("192.0.2.1"));

    assertThat(caps.arrived(proxy)).isTrue();
    assertThat(caps.arrived(proxy)).isTrue();
    assertThat(caps.arrived(client)).isTrue();
    assertThat(caps.arrived(client)).isFalse();
    caps.left(client);
    caps.left(client);
    assertThat(caps.addresses()).isZero();
  }

  @Test
  void anAddressOfIpv6CountsWithItsNeighbours() throws UnknownHostException {
    ConnectionCaps caps = new ConnectionCaps(most(10, 1), List.of());

    long one = caps.key(InetAddress.getByName("2001:db8:1:2::1"));

    assertThat(caps.key(InetAddress.getByName("2001:db8:1:2:ffff::9"))).isEqualTo(one);
    assertThat(caps.key(InetAddress.getByName("2001:db8:1:3::1"))).isNotEqualTo(one);
  }
}
