package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.OpCall;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TlsIdentity;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Client authentication by certificate, at an OP that demands one in real TLS (RFC 8705). */
class MutualTlsTest extends ContractTest {
  private static final TlsIdentity SERVER = TlsIdentity.selfSigned("localhost", "EC");
  private static final TlsIdentity CLIENT = TlsIdentity.signedByAuthority("gw");
  private static final TlsIdentity STRANGER = TlsIdentity.signedByAuthority("gw");

  private static final TlsIdentity EC = TlsIdentity.selfSigned("gw", "EC");
  private static final TlsIdentity RSA = TlsIdentity.selfSigned("gw", "RSA");
  private static final TlsIdentity ED25519 = TlsIdentity.selfSigned("gw", "Ed25519");

  @Override
  protected String configuration() {
    return changes("tls-client-auth", CLIENT, KeyFiles.folder())
        + """
          bearer: {audience: https://api.example, validation: introspection}
          rules:
            - {path: /api/**, access: bearer, scopes: [read]}
          """;
  }

  @Override
  protected void provider(StubOp op) {
    op.demandCertificates(SERVER.demanding(CLIENT)).client(call -> shows(call, CLIENT));
  }

  private static String changes(String method, TlsIdentity shown, Path folder) {
    return """
        provider:
          client-secret: null
          client-authentication: %s
          client-certificate: %s
          client-certificate-key: %s
        backchannel: {ca-bundle: %s}
        """
        .formatted(
            method,
            KeyFiles.write(folder.resolve("client.crt"), shown.chainPem()),
            KeyFiles.write(folder.resolve("client.key"), shown.keyPem()),
            KeyFiles.write(folder.resolve("op.crt"), SERVER.chainPem()));
  }

  private static boolean shows(OpCall call, TlsIdentity client) {
    return call.certificate().equals(Optional.of(client.certificate()))
        && StubOp.CLIENT_ID.equals(call.form("client_id"))
        && call.form("client_secret") == null
        && call.form("client_assertion") == null
        && call.header("Authorization") == null;
  }

  @Test
  @Rule("TH-TOK-3")
  @Rule("TH-TOK-4")
  void certificateIsTheOnlyProofAtTheTokenEndpoint() {
    scene.login(scene.browser(), "/x").complete();

    OpCall call = scene.op().calls("token").get(0);
    assertThat(call.certificate()).contains(CLIENT.certificate());
    assertThat(call.form().keySet())
        .containsExactlyInAnyOrder(
            "grant_type", "code", "redirect_uri", "code_verifier", "client_id");
  }

  @Test
  @Rule("TH-TOK-4")
  void introspectionAndRevocationAreProvenTheSameWay() {
    String token = scene.op().opaqueToken(Map.of("active", false));
    Ask ask = Ask.get("/api/x").kind(Ask.Kind.XHR).header("Authorization", "Bearer " + token);
    assertThat(scene.browser().send(ask).status()).isEqualTo(401);
    assertThat(scene.op().calls("introspect").get(0).certificate()).contains(CLIENT.certificate());

    Browser browser = scene.signedIn();
    browser.send(Form.in(browser.get("/gatehouse/logout")).submission());
    await().until(() -> !scene.op().calls("revoke").isEmpty());
    assertThat(scene.op().calls("revoke").get(0).certificate()).contains(CLIENT.certificate());
  }

  @Test
  @Rule("TH-TOK-4")
  void pushedRequestIsProvenTheSameWay() {
    String pushing =
        changes("tls-client-auth", CLIENT, KeyFiles.folder())
            .replace(
                "client-authentication:", "pushed-authorization: always\n  client-authentication:");
    try (Scene other = Scene.open(door, pushing, this::provider)) {
      other.login(other.browser(), "/x").complete();

      assertThat(other.op().calls("par").get(0).certificate()).contains(CLIENT.certificate());
    }
  }

  @Test
  void otherEndpointsStayWhereTheMetadataNameThem() {
    scene.login(scene.browser(), "/x").plan(Plan.honest().claim("groups", null)).complete();

    assertThat(scene.op().calls("userinfo"))
        .singleElement()
        .satisfies(call -> assertThat(call.certificate()).isEmpty());
  }

  @Test
  @Rule("TH-TOK-4")
  void certificateOfAnotherAuthorityGetsNobodyIn() {
    String changes = changes("tls-client-auth", STRANGER, KeyFiles.folder());
    try (Scene other = Scene.open(door, changes, this::provider)) {
      Browser browser = other.browser();

      // Whether the alert or the end of the connection is read first is a matter of luck.
      assertThat(other.login(browser, "/x").comeBack().status()).isIn(502, 503);
      assertThat(other.op().calls("token")).isEmpty();
    }
  }

  static Stream<Arguments> selfSigned() {
    return Stream.of(
        Arguments.of("EC", EC), Arguments.of("RSA", RSA), Arguments.of("Ed25519", ED25519));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("selfSigned")
  @Rule("TH-TOK-4")
  void selfSignedCertificateIsShownThoughTheServerNamesNoIssuer(String what, TlsIdentity own) {
    try (Scene other =
        Scene.open(
            door,
            changes("self-signed-tls-client-auth", own, KeyFiles.folder()),
            op -> op.demandCertificates(SERVER.demanding()).client(call -> shows(call, own)))) {
      other.login(other.browser(), "/x").complete();

      assertThat(other.op().calls("token").get(0).certificate()).contains(own.certificate());
    }
  }

  @Test
  @Rule("TH-SEC-4")
  void newCertificateIsShownByTheNextCall() {
    Path folder = KeyFiles.folder();
    try (Scene other =
        Scene.open(
            door,
            changes("self-signed-tls-client-auth", EC, folder),
            op -> op.demandCertificates(SERVER.demanding()).client(call -> shows(call, EC)))) {
      Browser earlier = other.signedIn();

      KeyFiles.write(folder.resolve("client.crt"), RSA.chainPem());
      other.signedIn(); // half of the change: key and certificate do not belong together
      assertThat(LeakWatch.lines())
          .filteredOn(line -> line.startsWith("WARN") && line.contains("certificate-mismatch"))
          .hasSize(1);

      KeyFiles.write(folder.resolve("client.key"), RSA.keyPem());
      other.op().client(call -> shows(call, RSA));
      other.op().forgetCalls();
      other.signedIn();
      assertThat(other.op().calls("token").get(0).certificate()).contains(RSA.certificate());
      assertThat(other.userSeen(earlier, "/x")).isEqualTo("alice-1");
    }
  }
}
