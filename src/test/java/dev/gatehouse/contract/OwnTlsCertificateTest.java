package dev.gatehouse.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.RawHttp2;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.TlsIdentity;
import dev.gatehouse.testkit.TokenRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are bound to the certificate which a client shows to the gateway's own TLS. */
class OwnTlsCertificateTest {
  private static final TlsIdentity SERVER = TlsIdentity.selfSigned("app.example", "EC");
  private static final TlsIdentity CLIENT = TlsIdentity.selfSigned("client", "EC");
  private static final TlsIdentity THIEF = TlsIdentity.selfSigned("client", "EC");
  private static Scene scene;

  @BeforeAll
  static void open() throws IOException {
    Path folder = KeyFiles.folder();
    Files.writeString(folder.resolve("gw.crt"), SERVER.chainPem());
    Files.writeString(folder.resolve("gw.key"), SERVER.keyPem());
    scene =
        Scene.open(
            DoorKind.PROXY,
            """
            tls: {certificate: %s, private-key: %s, client-certificates: optional}
            bearer: {audience: https://api.example, sender-constraint: mtls}
            rules:
              - {path: /api/**, access: bearer}
              - {path: /open/**, access: anonymous}
              - {path: /old/**, access: bearer, token-hygiene: report, reason: old clients}
            """
                .formatted(folder.resolve("gw.crt"), folder.resolve("gw.key")));
  }

  @AfterAll
  static void close() {
    scene.close();
  }

  private static String token(Map<String, Object> claims) {
    return scene.op().accessToken(TokenRecipe.correct().header("typ", "at+jwt"), claims);
  }

  private static String bound() {
    return token(Map.of("cnf", Map.of("x5t#S256", CLIENT.thumbprint())));
  }

  /** The status line of the answer. */
  private static String ask(SSLSocket socket, String path, String token) throws IOException {
    try (socket) {
      String request =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: app.example\r\nAuthorization: Bearer "
              + token
              + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      String reply = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      return reply.substring(0, "HTTP/1.1 200".length());
    }
  }

  /** The status of the answer in HTTP/2, where many requests share what was shown once. */
  private static int askOverHttp2(SSLSocket socket, String token) throws IOException {
    SSLParameters offer = socket.getSSLParameters();
    offer.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(offer);
    socket.startHandshake();
    try (RawHttp2 client = new RawHttp2(socket)) {
      client.begin();
      client.get(1, "/api/x", "authorization", "Bearer " + token);
      return client.await(1).status();
    }
  }

  @Test
  @Rule("TH-BEAR-17")
  @Rule("TH-HTTP-5")
  void aBoundTokenIsGoodWithItsCertificateInHttp2Too() throws IOException {
    assertThat(askOverHttp2(CLIENT.connect(scene.port(), "TLSv1.3"), bound())).isEqualTo(200);
    assertThat(askOverHttp2(THIEF.connect(scene.port(), "TLSv1.3"), bound())).isEqualTo(401);
    assertThat(askOverHttp2(TlsIdentity.nobody(scene.port(), "TLSv1.3"), bound())).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  @Rule("TH-BEAR-17")
  @Rule("TH-BEAR-19")
  void theHolderOfTheCertificatePassesAndNobodyElse(String protocol) throws IOException {
    assertThat(ask(CLIENT.connect(scene.port(), protocol), "/api/x", bound())).endsWith("200");
    assertThat(ask(THIEF.connect(scene.port(), protocol), "/api/x", bound())).endsWith("401");
    assertThat(ask(TlsIdentity.nobody(scene.port(), protocol), "/api/x", bound())).endsWith("401");
  }

  @Test
  @Rule("TH-BEAR-19")
  void nobodyNeedsACertificateForAnythingElse() throws IOException {
    assertThat(ask(TlsIdentity.nobody(scene.port(), "TLSv1.3"), "/open/x", "t")).endsWith("200");
  }

  /** A request that is judged without a part of its query is still on the same connection. */
  @ParameterizedTest
  @ValueSource(strings = {"/old/x", "/old/x?access_token=y", "/api/x?_method=POST"})
  @Rule("TH-BEAR-17")
  @Rule("TH-LEAK-10")
  void theCertificateCountsWhateverTheQueryHolds(String target) throws IOException {
    assertThat(ask(CLIENT.connect(scene.port(), "TLSv1.3"), target, bound())).endsWith("200");
    assertThat(ask(THIEF.connect(scene.port(), "TLSv1.3"), target, bound())).endsWith("401");
  }

  @Test
  @Rule("TH-BEAR-17")
  void aTokenThatIsNotBoundIsNotTaken() throws IOException {
    assertThat(ask(CLIENT.connect(scene.port(), "TLSv1.3"), "/api/x", token(Map.of())))
        .endsWith("401");
  }
}
