package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Rule;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.Listener;
import dev.gatehouse.testkit.RawHttp2;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with the PEM files that operators have. */
class TlsTest {
  @TempDir static Path folder;

  @BeforeAll
  static void makeKeys() throws Exception {
    make("RSA", "RSA", 2048);
    make("EC", "EC", 256);
    make("Ed25519", "Ed25519", 0);
    make("other", "RSA", 2048);
  }

  /** A self-signed certificate by the JDK's own tool, as PEM files. */
  private static void make(String name, String algorithm, int bits) throws Exception {
    Path store = folder.resolve(name + ".p12");
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "x",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit"));
    if (bits > 0) {
      command.addAll(List.of("-keysize", "" + bits));
    }
    Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(tool.getInputStream().readAllBytes(), US_ASCII);
    assertThat(tool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(tool.exitValue()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    pem(name + ".crt", "CERTIFICATE", keys.getCertificate("x").getEncoded());
    pem(name + ".key", "PRIVATE KEY", keys.getKey("x", "changeit".toCharArray()).getEncoded());
  }

  private static void pem(String file, String label, byte[] der) throws IOException {
    String text = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der);
    Files.writeString(
        folder.resolve(file),
        "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n");
  }

  private static Optional<GatehouseConfig.Tls> files(String certificate, String key) {
    return Optional.of(new GatehouseConfig.Tls(folder.resolve(certificate), folder.resolve(key)));
  }

  private static SSLSocket connect(int port, String certificate, String... protocols)
      throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(folder.resolve(certificate))) {
      trusted.setCertificateEntry(
          "x", java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    return socket;
  }

  private static String get(SSLSocket socket) throws IOException {
    socket
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    socket.getInputStream().transferTo(out);
    return out.toString(ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void everyKindOfKeyServes(String kind) throws Exception {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app.uri(), Door.LIMITS, files(kind + ".crt", kind + ".key"));
        SSLSocket socket = connect(door.port(), kind + ".crt")) {
      assertThat(get(socket)).startsWith("HTTP/1.1 200 ").endsWith("ok");
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
    }
  }

  private static void offer(SSLSocket socket, String... protocols) {
    SSLParameters offer = socket.getSSLParameters();
    offer.setApplicationProtocols(protocols);
    socket.setSSLParameters(offer);
  }

  @Test
  @Rule("TH-HTTP-5")
  void whoOffersHttp2IsServedHttp2() throws Exception {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app.uri(), Door.LIMITS, files("RSA.crt", "RSA.key"));
        SSLSocket socket = connect(door.port(), "RSA.crt")) {
      offer(socket, "http/1.1", "h2");
      socket.startHandshake();
      assertThat(socket.getApplicationProtocol()).isEqualTo("h2");

      RawHttp2 client = new RawHttp2(socket);
      client.begin();
      client.get(1, "/");

      assertThat(client.await(1).text()).isEqualTo("ok");
    }
  }

  @Test
  void whoOffersHttp11OrNothingIsServedThat() throws Exception {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app.uri(), Door.LIMITS, files("RSA.crt", "RSA.key"));
        SSLSocket plain = connect(door.port(), "RSA.crt");
        SSLSocket older = connect(door.port(), "RSA.crt")) {
      offer(older, "http/1.1");

      assertThat(get(plain)).startsWith("HTTP/1.1 200 ").endsWith("ok");
      assertThat(get(older)).startsWith("HTTP/1.1 200 ").endsWith("ok");
      assertThat(older.getApplicationProtocol()).isEqualTo("http/1.1");
    }
  }

  @Test
  void whereHttp2IsOffItIsNotChosen() throws Exception {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door =
            Door.before(
                app,
                Door.LIMITS,
                files("RSA.crt", "RSA.key"),
                new Listener(false, false, false, Optional.empty()),
                List.of());
        SSLSocket socket = connect(door.port(), "RSA.crt")) {
      offer(socket, "h2", "http/1.1");

      assertThat(get(socket)).startsWith("HTTP/1.1 200 ").endsWith("ok");
      assertThat(socket.getApplicationProtocol()).isIn("", "http/1.1");
    }
  }

  @Test
  void tls12ServesWithForwardSecrecyOnly() throws Exception {
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app.uri(), Door.LIMITS, files("RSA.crt", "RSA.key"));
        SSLSocket socket = connect(door.port(), "RSA.crt", "TLSv1.2");
        SSLSocket weak = connect(door.port(), "RSA.crt", "TLSv1.2")) {
      assertThat(get(socket)).startsWith("HTTP/1.1 200 ");
      assertThat(socket.getSession().getCipherSuite()).startsWith("TLS_ECDHE_");

      weak.setEnabledCipherSuites(
          new String[] {"TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"});
      assertThatThrownBy(weak::startHandshake).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void anAnswerCutShortIsNoOrderlyEndOverTlsEither() throws Exception {
    CountDownLatch cut = new CountDownLatch(1);
    try (RawUpstream app =
            new RawUpstream(
                call -> {
                  call.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf");
                  try {
                    return !cut.await(20, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    throw new IOException(e);
                  }
                });
        Door door = Door.before(app.uri(), Door.LIMITS, files("RSA.crt", "RSA.key"));
        SSLSocket socket = connect(door.port(), "RSA.crt")) {
      socket.getOutputStream().write("GET / HTTP/1.0\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      cut.countDown();

      assertThatThrownBy(() -> socket.getInputStream().readAllBytes())
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  @Rule("TH-DOS-10")
  void aHandshakeThatDoesNotEndIsCut() throws Exception {
    GatehouseConfig.Limits hasty = ChangedLimits.of().headTimeout(Duration.ofSeconds(2)).limits();
    try (RawUpstream app = RawUpstream.answering(RawUpstream.OK);
        Door door = Door.before(app.uri(), hasty, files("RSA.crt", "RSA.key"));
        Socket silent = RawClient.connect(door.port());
        SSLSocket honest = connect(door.port(), "RSA.crt")) {
      assertThat(get(honest)).startsWith("HTTP/1.1 200 ");

      silent.getOutputStream().write(new byte[] {22, 3, 1});
      ByteArrayOutputStream nothing = new ByteArrayOutputStream();
      RawClient.readAll(silent.getInputStream(), nothing);

      assertThat(nothing.size()).isZero();
    }
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() {
    assertThatThrownBy(
            () -> PemKeyStore.read(folder.resolve("RSA.crt"), folder.resolve("other.key")))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("other.key")
        .hasMessageContaining("is not the key of");
  }

  @Test
  void anOldKeyFormatIsRefusedWithTheCommandThatMendsIt() throws IOException {
    Path old = folder.resolve("old.key");
    Files.writeString(
        old, "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");

    assertThatThrownBy(() -> PemKeyStore.read(folder.resolve("RSA.crt"), old))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
  }

  @Test
  void whatIsNoCertificateIsRefused() throws IOException {
    Path wrong = folder.resolve("wrong.crt");
    Files.writeString(wrong, "hello");

    assertThatThrownBy(() -> PemKeyStore.read(wrong, folder.resolve("RSA.key")))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("wrong.crt");
  }
}
