package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.TlsIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client authentication needs, and that a key which cannot do it stops the start. */
class ClientKeyRefusalsTest {
  private static final ECKey KEY = KeyFiles.ec(Curve.P_256, "k");
  private static final TlsIdentity OWN = TlsIdentity.selfSigned("gw", "EC");
  private static final TlsIdentity OTHER = TlsIdentity.selfSigned("gw", "EC");
  private static final String SECRET_LINES =
      "  client-secret: ${env:CLIENT_SECRET}\n" + "  client-authentication: client-secret-basic\n";
  private static final String LONG_SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;

  @BeforeEach
  void makeKey() {
    KeyFiles.write(folder.resolve("client.jwk"), KEY.toJSONString());
  }

  private static String with(String... lines) {
    assertThat(OneFlaw.GOOD).containsOnlyOnce(SECRET_LINES);
    return OneFlaw.GOOD.replace(SECRET_LINES, "  " + String.join("\n  ", lines) + "\n");
  }

  private LoadedConfig load(String yaml) throws ConfigException {
    Map<String, String> environment =
        Map.of("CLIENT_SECRET", LONG_SECRET, "SESSION_KEY", OneFlaw.SESSION_KEY);
    return ConfigReader.read(yaml, folder, environment, Door.STANDALONE);
  }

  private ConfigProblem onlyProblem(String yaml) {
    ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load(yaml));
    assertThat(refused).as("refusal of%n%s", yaml).isNotNull();
    assertThat(refused.problems()).hasSize(1);
    assertThat(refused.getMessage()).doesNotContain(KEY.getD().toString());
    return refused.problems().get(0);
  }

  private void assertRefused(String code, String name, String remedy, String yaml) {
    ConfigProblem problem = onlyProblem(yaml);
    assertThat(problem.code() + " " + problem.key()).isEqualTo(code + " provider." + name);
    assertThat(problem.message()).contains(remedy);
    assertThat(problem.line()).isPositive();
  }

  @Test
  @Rule("TH-CFG-11")
  void privateKeyJwtNeedsAKey() throws ConfigException {
    assertThat(
            load(with("client-authentication: private-key-jwt", "client-key: client.jwk"))
                .warnings())
        .isEmpty();

    assertRefused(
        "client-auth-missing",
        "client-key",
        "private-key-jwt",
        with("client-authentication: private-key-jwt"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls-client-auth", "self-signed-tls-client-auth"})
  @Rule("TH-CFG-11")
  void mutualTlsNeedsACertificateWithItsKey(String method) throws ConfigException {
    KeyFiles.write(folder.resolve("c.crt"), OWN.chainPem());
    KeyFiles.write(folder.resolve("c.key"), OWN.keyPem());
    String chosen = "client-authentication: " + method;
    String certificate = "client-certificate: c.crt";
    assertThat(load(with(chosen, certificate, "client-certificate-key: c.key")).warnings())
        .isEmpty();

    assertRefused("client-auth-missing", "client-certificate", "OP knows", with(chosen));
    assertRefused(
        "missing-key", "client-certificate-key", "private key", with(chosen, certificate));
    KeyFiles.write(folder.resolve("c.key"), OTHER.keyPem());
    assertRefused(
        "certificate-mismatch",
        "client-certificate",
        "client-certificate-key",
        with(chosen, certificate, "client-certificate-key: c.key"));
    assertRefused(
        "public-key-only",
        "client-certificate-key",
        "private key",
        with(chosen, certificate, "client-certificate-key: c.crt"));
    assertRefused(
        "bad-pem",
        "client-certificate",
        "openssl x509",
        with(chosen, "client-certificate: c.key", "client-certificate-key: c.key"));
  }

  @ParameterizedTest
  @CsvSource({"31, HS256", "47, HS384", "63, HS512"})
  @Rule("TH-CFG-11")
  void secretThatIsShorterThanTheHashIsRefused(int bytes, String algorithm) throws ConfigException {
    String[] lines = {
      "client-authentication: client-secret-jwt", "client-key-algorithm: " + algorithm, ""
    };
    String good = "client-secret: " + "k1-".repeat(22).substring(0, bytes + 1);
    lines[2] = good;
    assertThat(load(with(lines)).config().provider().proof().macAlgorithm()).isEqualTo(algorithm);

    lines[2] = good.substring(0, good.length() - 1);
    ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load(with(lines)));
    assertThat(refused.problems())
        .extracting(ConfigProblem::code)
        .contains("weak-client-secret")
        .doesNotContain("key-algorithm");
  }

  @ParameterizedTest
  @CsvSource({
    "client.jwk,          RS256, key-algorithm, ES256",
    "client.jwk,          HS256, key-algorithm, ES256",
  })
  void algorithmHasToFitTheKey(String file, String algorithm, String code, String remedy)
      throws ConfigException {
    String[] lines = {"client-authentication: private-key-jwt", "client-key: " + file, ""};
    lines[2] = "client-key-algorithm: ES256";
    assertThat(load(with(lines)).warnings()).isEmpty();

    lines[2] = "client-key-algorithm: " + algorithm;
    assertRefused(code, "client-key-algorithm", remedy, with(lines));
  }

  @Test
  void algorithmWithoutAKeyIsRefused() {
    assertRefused(
        "key-algorithm",
        "client-key-algorithm",
        "client-key",
        OneFlaw.changed(
            "client-secret: ${env:CLIENT_SECRET}",
            "client-secret: ${env:CLIENT_SECRET}\\n  client-key-algorithm: ES256"));
  }

  @Test
  void missingAndUnreadableKeyFilesAreNamed() {
    String method = "client-authentication: private-key-jwt";
    assertRefused(
        "missing-file", "client-key", "create it", with(method, "client-key: nowhere.jwk"));
    assertRefused("unreadable-file", "client-key", "owner", with(method, "client-key: ."));
    KeyFiles.write(folder.resolve("weak.jwk"), KeyFiles.rsa("w", 1024).toJSONString());
    assertRefused("weak-key", "client-key", "2048", with(method, "client-key: weak.jwk"));
    assertRefused(
        "weak-key",
        "decryption-key",
        "2048",
        with(method, "client-key: client.jwk", "decryption-key: weak.jwk"));
  }

  @Test
  void passwordThatDoesNotOpenIsToldAtItsOwnKey() throws Exception {
    String pem =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n";
    KeyFiles.write(folder.resolve("client.pem"), pem);
    KeyFiles.write(folder.resolve("password"), "wrong-password-1");
    String method = "client-authentication: private-key-jwt";

    assertRefused(
        "key-password",
        "client-key-password",
        "openssl pkcs8",
        with(method, "client-key: client.pem", "client-key-password: ${file:password}"));
    ConfigProblem none = onlyProblem(with(method, "client-key: client.pem"));
    assertThat(none.code()).isEqualTo("key-password");
    assertThat(none.message()).contains("client.pem").contains("-password");
  }

  @Test
  @Rule("TH-SEC-2")
  void keyFileThatOthersCanReadWarns() throws Exception {
    String yaml = with("client-authentication: private-key-jwt", "client-key: client.jwk");
    for (String mode : List.of("rw-r-----", "rw----r--")) {
      Files.setPosixFilePermissions(
          folder.resolve("client.jwk"), PosixFilePermissions.fromString(mode));
      assertThat(load(yaml).warnings())
          .extracting(problem -> problem.code() + " " + problem.key())
          .containsExactly("secret-file-mode provider.client-key");
    }
  }

  @Test
  @Rule("TH-CFG-11")
  @Rule("TH-QUIRK-14")
  void publicClientIsWarnedOfRefusedByStrictAndKeepsPkce() throws ConfigException {
    String yaml = with("client-authentication: none", "public-client: true");
    assertThat(load(yaml).warnings())
        .extracting(problem -> problem.code() + " " + problem.key())
        .containsExactly("public-client provider.public-client");

    assertRefused("public-client", "public-client", "credentials", yaml + "strict: true\n");
    assertRefused(
        "client-auth-missing",
        "client-authentication",
        "public-client: true",
        with("client-authentication: none"));
    ConfigException withoutPkce =
        catchThrowableOfType(
            ConfigException.class,
            () -> load(with("client-authentication: none", "public-client: true", "pkce: off")));
    assertThat(withoutPkce.problems()).anyMatch(problem -> problem.key().equals("provider.pkce"));
  }

  @Test
  @Rule("TH-SEC-4")
  void fileOfASecretIsRememberedOnlyWhereItHoldsTheWhole() throws Exception {
    KeyFiles.write(folder.resolve("secret"), LONG_SECRET);
    assertThat(secretFile("${file:secret}")).isEqualTo(List.of(folder.resolve("secret")));
    assertThat(secretFile("'x-${file:secret}'")).isEmpty();
    assertThat(secretFile("${env:CLIENT_SECRET}")).isEmpty();
  }

  private List<Path> secretFile(String written) throws ConfigException {
    return load(OneFlaw.changed("${env:CLIENT_SECRET}", written))
        .config()
        .provider()
        .proof()
        .secretFile()
        .stream()
        .toList();
  }
}
