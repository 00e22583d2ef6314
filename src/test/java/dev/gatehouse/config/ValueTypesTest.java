package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.access.Cidr;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses, blocks, durations, sizes and hosts as the configuration writes them. */
class ValueTypesTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, 11.0.0.0",
    "192.168.1.128/25, 192.168.1.128, 192.168.1.127",
    "192.168.1.7, 192.168.1.7, 192.168.1.8",
    "fd00::/8, fdff::1, fe00::1",
    "::1, ::1, ::2",
    "2001:db8::/33, 2001:db8:7fff::, 2001:db8:8000::",
    "127.0.0.0/8, 127.9.9.9, '::1'"
  })
  void blockHoldsItsAddressesAndNoOthers(String block, String inside, String outside)
      throws Exception {
    Cidr cidr = Cidr.parse(block).orElseThrow();

    assertThat(cidr.contains(InetAddress.getByName(inside))).isTrue();
    assertThat(cidr.contains(InetAddress.getByName(outside))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10",
        "10.0.0",
        "10.0.0.1/8",
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "fd00::/129",
        "fd00::1/8",
        "localhost",
        "a.example/8",
        "10.0.0.0/8 ",
        "1.2.3.4.5",
        "256.0.0.0/8",
        ":::",
        "10.0.0.0/08x"
      })
  void anythingElseIsNoBlock(String text) {
    assertThat(Cidr.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0:8443, 0.0.0.0, 8443",
    "localhost:0, localhost, 0",
    "'[::1]:65535', ::1, 65535",
    "app_1.internal:80, app_1.internal, 80"
  })
  void addressToListenOn(String text, String host, int port) {
    assertThat(HostPort.parse(text)).contains(new HostPort(host, port));
    assertThat(HostPort.parse(text).orElseThrow()).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "80", ":80", "a:", "a:65536", "a:-1", "::1:80", "a:80:90", "a b:80"})
  void anythingElseIsNoAddress(String text) {
    assertThat(HostPort.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0s, 0", "500ms, 500", "30s, 30000", "15m, 900000", "8h, 28800000", "2d, 172800000"})
  void durations(String text, long millis) {
    assertThat(Durations.parse(text)).contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "30", "s", "-1s", "1.5h", "30 s", "30S", "1h30m", "1w", "PT30S"})
  void anythingElseIsNoDuration(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0B, 0", "512B, 512", "64KiB, 65536", "1MiB, 1048576", "2GiB, 2147483648"})
  void sizes(String text, long bytes) {
    assertThat(Sizes.parse(text)).hasValue(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "64", "64KB", "64kib", "64K", "-1B", "1.5MiB", "999999999999PiB"})
  void anythingElseIsNoSize(String text) {
    assertThat(Sizes.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.255.255.254", "::1", "[::1]"})
  void hostsThatCannotLeaveTheMachine(String host) {
    assertThat(Loopback.isHost(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost.",
        "a.localhost",
        "localhost.example",
        "127.0.0.1.example",
        "127.1",
        "127.0.0.256",
        "128.0.0.1",
        "0.0.0.0",
        "::",
        "[::]",
        "::ffff:127.0.0.1",
        "2130706433",
        "0x7f.0.0.1",
        ""
      })
  void hostsThatMightLeaveIt(String host) {
    assertThat(Loopback.isHost(host)).isFalse();
  }
}
