package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.TlsIdentity;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens that are bound to a certificate which a trusted proxy tells of (RFC 8705, RFC 9440). */
class CertificateBoundTest extends ContractTest {
  static final TlsIdentity CLIENT = TlsIdentity.selfSigned("client", "EC");
  private static final TlsIdentity THIEF = TlsIdentity.selfSigned("client", "EC");

  @Override
  protected String configuration() {
    return configuration("127.0.0.0/8");
  }

  static String configuration(String trusted) {
    return """
        trusted-proxies: [%s]
        bearer:
          audience: https://api.example
          client-certificate-header: X-Peer-Cert
        rules:
          - {path: /api/**, access: bearer}
          - {path: /open/**, access: anonymous}
        """
        .formatted(trusted);
  }

  private Reply ask(String... certificates) {
    return ask(boundTo(CLIENT), certificates);
  }

  private String boundTo(TlsIdentity identity) {
    return token(Map.of("cnf", Map.of("x5t#S256", identity.thumbprint())));
  }

  private String token(Map<String, Object> more) {
    return scene.op().accessToken(TokenRecipe.correct().header("typ", "at+jwt"), more);
  }

  private Reply ask(String token, String[] certificates) {
    Ask ask = Ask.get("/api/x").kind(Ask.Kind.XHR).header("Authorization", "Bearer " + token);
    for (String certificate : certificates) {
      ask = ask.header("X-Peer-Cert", certificate);
    }
    return scene.browser().send(ask);
  }

  private static String byteSequence(TlsIdentity identity) {
    return ":" + Base64.getEncoder().encodeToString(identity.der()) + ":";
  }

  private static String pem(TlsIdentity identity) {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(identity.der())
        + "\n-----END CERTIFICATE-----\n";
  }

  /** As nginx' {@code $ssl_client_escaped_cert} has it. */
  private static String escaped(TlsIdentity identity) {
    return pem(identity)
        .replace("\n", "%0A")
        .replace(" ", "%20")
        .replace("+", "%2B")
        .replace("/", "%2F")
        .replace("=", "%3D");
  }

  static Stream<Arguments> forms() {
    return Stream.of(
        Arguments.of("RFC 9440", byteSequence(CLIENT)),
        Arguments.of("URL-escaped PEM", escaped(CLIENT)),
        Arguments.of("URL-escaped PEM with plus signs", escaped(CLIENT).replace("%2B", "+")),
        Arguments.of("PEM in one line", pem(CLIENT).replace("\n", " ")),
        Arguments.of("PEM with tabs", pem(CLIENT).replace("\n", "\t")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  @Rule("TH-BEAR-17")
  @Rule("TH-BEAR-19")
  void theCertificateThatATrustedProxyTellsProvesTheToken(String form, String field) {
    Reply reply = ask(field);

    assertThat(App.made(reply)).as("%s", reply).isTrue();
    assertThat(scene.app().only().headers("X-Peer-Cert")).isEmpty();
  }

  static Stream<Arguments> nothings() {
    return Stream.of(
        Arguments.of("none", List.of()),
        Arguments.of("empty", List.of("")),
        Arguments.of("another's", List.of(byteSequence(THIEF))),
        Arguments.of("two fields", List.of(byteSequence(CLIENT), byteSequence(CLIENT))),
        Arguments.of("two in one", List.of(escaped(CLIENT) + escaped(CLIENT))),
        Arguments.of("thief's and client's", List.of(escaped(THIEF) + escaped(CLIENT))),
        Arguments.of("list", List.of(byteSequence(CLIENT) + ", " + byteSequence(CLIENT))),
        Arguments.of("the hash alone", List.of(CLIENT.thumbprint())),
        Arguments.of("no colon", List.of(byteSequence(CLIENT).substring(1))),
        Arguments.of("no base64", List.of(":!!!:")),
        Arguments.of("bad escape", List.of(escaped(CLIENT) + "%zz")),
        Arguments.of("cut escape", List.of(escaped(CLIENT) + "%0")),
        Arguments.of("something behind", List.of(escaped(CLIENT) + "x")),
        Arguments.of("no end", List.of(escaped(CLIENT).replace("END", "BND"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nothings")
  @Rule("TH-BEAR-17")
  @Rule("TH-BEAR-19")
  void anythingElseProvesNothing(String what, List<String> fields) {
    assertThat(App.made(ask(byteSequence(CLIENT)))).isTrue();
    scene.app().forget();

    Reply reply = ask(fields.toArray(new String[0]));

    assertThat(reply.status()).as("%s", reply).isEqualTo(401);
    assertThat(reply.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
    assertAppUnreached();
  }

  @Test
  @Rule("TH-BEAR-19")
  void theAppNeverSeesTheField() {
    Ask ask = Ask.get("/open/x").header("x_peer.cert", byteSequence(CLIENT));

    assertThat(App.made(scene.browser().send(ask))).isTrue();
    assertThat(scene.app().only().everything()).doesNotContain(byteSequence(CLIENT));
  }

  @Test
  @Rule("TH-BEAR-17")
  void aTokenThatIsBoundTwiceIsProvenTwice() {
    String both =
        token(Map.of("cnf", Map.of("x5t#S256", CLIENT.thumbprint(), "jkt", CLIENT.thumbprint())));

    assertThat(ask(both, new String[] {byteSequence(CLIENT)}).status()).isEqualTo(401);
    assertThat(App.made(ask(token(Map.of()), new String[0]))).isTrue();
  }
}
