package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.access.Cidr;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.Listener;
import dev.gatehouse.testkit.RawHttp2;
import dev.gatehouse.testkit.TlsIdentity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that begin with a PROXY header; each attack passes when its one fault is mended. */
class ProxyProtocolTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  private static final String GOOD = "PROXY TCP4 192.0.2.7 10.0.0.1 51234 443\r\n";
  private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
  private static RawUpstream app;
  private static Door door;

  @BeforeAll
  static void open() {
    app = RawUpstream.answering(RawUpstream.OK);
    door = door("127.0.0.0/8", Optional.empty(), false);
  }

  @AfterAll
  static void close() {
    door.close();
    app.close();
  }

  @BeforeEach
  void forget() {
    door.gate().peers().clear();
    app.calls().clear();
  }

  private static Door door(String trusted, Optional<GatehouseConfig.Tls> tls, boolean h2c) {
    GatehouseConfig.Limits hasty =
        ChangedLimits.of().headTimeout(Duration.ofMillis(tls.isPresent() ? 10_000 : 1000)).limits();
    return Door.before(
        app,
        hasty,
        tls,
        new Listener(true, h2c, true, Optional.empty()),
        List.of(Cidr.parse(trusted).orElseThrow()));
  }

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 192.0.2.7 10.0.0.1 51234 443, 192.0.2.7",
    "PROXY TCP4 255.255.255.255 0.0.0.0 0 65535, 255.255.255.255",
    "PROXY TCP6 2001:db8::7 2001:db8::1 51234 443, [2001:db8:0:0:0:0:0:7]",
    "PROXY TCP6 ::ffff:192.0.2.7 ::1 51234 443, 192.0.2.7",
    "PROXY UNKNOWN, 127.0.0.1",
    "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535, 127.0.0.1",
  })
  @Rule("TH-HTTP-7")
  void theLineTellsTheAddress(String line, String address) {
    RawClient.Outcome outcome = RawClient.untilClosed(door.port(), line + "\r\n" + GET);

    assertThat(outcome.statuses()).containsExactly(200);
    assertThat(door.gate().peers()).containsExactly(address);
    assertThat(app.calls().get(0).head()).doesNotContain("PROXY");
  }

  static List<Object[]> binary() {
    String four = "\u00c0\0\2\7\n\0\0\1\u00c8\"\1\u00bb";
    String six = " \1\r\u00b8" + "\0".repeat(11) + "\7" + "\0".repeat(16) + "\u00c8\"\1\u00bb";
    return List.of(
        new Object[] {"IPv4", v2(0x21, 0x11, four), "192.0.2.7"},
        new Object[] {"IPv6", v2(0x21, 0x21, six), "[2001:db8:0:0:0:0:0:7]"},
        new Object[] {"extensions", v2(0x21, 0x11, four + "\3\0\4abcd"), "192.0.2.7"},
        new Object[] {"LOCAL", v2(0x20, 0x00, ""), "127.0.0.1"},
        new Object[] {"LOCAL with addresses", v2(0x20, 0x11, four), "127.0.0.1"},
        new Object[] {"unspecified", v2(0x21, 0x00, "abc"), "127.0.0.1"});
  }

  private static String v2(int command, int family, String rest) {
    return SIGNATURE
        + (char) command
        + (char) family
        + (char) (rest.length() >> 8)
        + (char) (rest.length() & 0xff)
        + rest;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("binary")
  @Rule("TH-HTTP-7")
  void theBinaryHeaderTellsTheAddress(String what, String header, String address) {
    RawClient.Outcome outcome = RawClient.untilClosed(door.port(), header + GET);

    assertThat(outcome.statuses()).containsExactly(200);
    assertThat(door.gate().peers()).containsExactly(address);
  }

  static List<String> malformed() {
    return List.of(
        "",
        "GET / HTTP/1.1\r\n",
        "proxy TCP4 192.0.2.7 10.0.0.1 51234 443\r\n",
        " " + GOOD,
        "\r\n" + GOOD,
        "PROXY  TCP4 192.0.2.7 10.0.0.1 51234 443\r\n",
        "PROXY TCP4  192.0.2.7 10.0.0.1 51234 443\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 51234 443 \r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 51234\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 51234 443 1\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 51234 443\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 51234 65536\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 -1 443\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 051234 443\r\n",
        "PROXY TCP4 192.0.2.256 10.0.0.1 51234 443\r\n",
        "PROXY TCP4 192.0.2 10.0.0.1 51234 443\r\n",
        "PROXY TCP4 localhost 10.0.0.1 51234 443\r\n",
        "PROXY TCP4 ::1 ::1 51234 443\r\n",
        "PROXY TCP6 192.0.2.7 10.0.0.1 51234 443\r\n",
        "PROXY TCP6 fe80::1%lo fe80::2 51234 443\r\n",
        "PROXY TCP6 2001:db8:::7 ::1 51234 443\r\n",
        "PROXY TCP6 [::1] ::1 51234 443\r\n",
        "PROXY TCP4 192.0.2.7\r\nX: 10.0.0.1 51234 443\r\n",
        "PROXY TCP5 192.0.2.7 10.0.0.1 51234 443\r\n",
        "PROXY UDP4 192.0.2.7 10.0.0.1 51234 443\r\n",
        "PROXY \r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 51234 443" + " ".repeat(100) + "\r\n",
        "PROXY UNKNOWN " + "a".repeat(200) + "\r\n",
        GOOD + GOOD,
        v2(0x11, 0x11, "\0".repeat(12)),
        v2(0x31, 0x11, "\0".repeat(12)),
        v2(0x22, 0x11, "\0".repeat(12)),
        v2(0x21, 0x11, "\0".repeat(11)),
        v2(0x21, 0x21, "\0".repeat(35)),
        v2(0x21, 0x12, "\0".repeat(12)),
        v2(0x21, 0x31, "\0".repeat(216)),
        v2(0x21, 0x11, "\0".repeat(1100)),
        v2(0x20, 0x00, "").replace("QUIT", "QUIX"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  @Rule("TH-HTTP-7")
  void whatIsNoHeaderEndsTheConnection(String header) {
    assertThat(RawClient.untilClosed(door.port(), GOOD + GET).statuses()).containsExactly(200);
    app.calls().clear();

    RawClient.Outcome refused = RawClient.untilClosed(door.port(), header + GET);

    assertThat(refused.statuses()).isIn(List.of(), List.of(400));
    assertThat(app.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "P", "PROXY TCP4 192.0.2.7", "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u000c"})
  @Rule("TH-DOS-10")
  void aHeaderHasToComeInTime(String part) {
    long begin = System.nanoTime();
    RawClient.Outcome cut = RawClient.untilClosed(door.port(), part);

    assertThat(cut.text()).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void aHeaderMayComeInPieces() throws IOException {
    try (Socket socket = RawClient.connect(door.port())) {
      for (byte b : (GOOD + GET).getBytes(ISO_8859_1)) {
        socket.getOutputStream().write(b);
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      RawClient.readAll(socket.getInputStream(), out);
      assertThat(out.toString(ISO_8859_1)).startsWith("HTTP/1.1 200 ");
      assertThat(door.gate().peers()).containsExactly("192.0.2.7");
    }
  }

  @Test
  @Rule("TH-HTTP-7")
  void whoIsNotTrustedIsRefusedAtOnce() {
    try (Door strict = door("192.0.2.0/24", Optional.empty(), false)) {
      RawClient.Outcome refused = RawClient.untilClosed(strict.port(), GOOD + GET);

      assertThat(refused.text()).isEmpty();
      assertThat(strict.gate().peers()).isEmpty();
      assertThat(RawClient.untilClosed(door.port(), GOOD + GET).statuses()).containsExactly(200);
    }
  }

  @Test
  void http2InTheClearFollowsTheHeader() throws IOException {
    try (Door both = door("127.0.0.1", Optional.empty(), true);
        RawHttp2 client = new RawHttp2(RawClient.connect(both.port()))) {
      client.bytes(GOOD.getBytes(ISO_8859_1));
      client.begin();
      client.get(1, "/");
      assertThat(client.await(1).status()).isEqualTo(200);
      assertThat(both.gate().peers()).containsExactly("192.0.2.7");
    }
  }

  @Test
  void tlsFollowsTheHeader(@TempDir Path folder) throws Exception {
    TlsIdentity identity = TlsIdentity.selfSigned("localhost", "EC");
    Path certificate = Files.writeString(folder.resolve("tls.crt"), identity.chainPem());
    Path key = Files.writeString(folder.resolve("tls.key"), identity.keyPem());
    try (Door secure =
            door("127.0.0.1", Optional.of(new GatehouseConfig.Tls(certificate, key)), false);
        Socket socket = RawClient.connect(secure.port())) {
      socket.getOutputStream().write(GOOD.getBytes(ISO_8859_1));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {anybody()}, null);
      SSLSocket tls =
          (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", 443, false);
      tls.getOutputStream().write(GET.getBytes(ISO_8859_1));

      assertThat(new String(tls.getInputStream().readAllBytes(), ISO_8859_1))
          .startsWith("HTTP/1.1 200 ");
      assertThat(secure.gate().peers()).containsExactly("192.0.2.7");
    }
  }

  private static TrustManager anybody() {
    return new X509TrustManager() {
      @Override
      public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

      @Override
      public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

      @Override
      public java.security.cert.X509Certificate[] getAcceptedIssuers() {
        return new java.security.cert.X509Certificate[0];
      }
    };
  }
}
