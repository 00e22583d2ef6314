package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import dev.gatehouse.Rule;
import dev.gatehouse.config.Node.Mapping;
import dev.gatehouse.config.Setting.Kind;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration file that is shipped: complete, true to the defaults, and it loads. */
class ShippedConfigurationTest {
  private static final Path SHIPPED = Path.of("conf", "gatehouse.yaml");

  private static final ECKey KEY = KeyFiles.ec(Curve.P_256, "k");
  private static final TlsIdentity IDENTITY = TlsIdentity.selfSigned("gw", "EC");

  @TempDir Path folder;

  @BeforeEach
  void createWhatItRefersTo() throws IOException {
    Files.createDirectory(folder.resolve("secrets"));
    write("secrets/client-secret", "a3f9-from-the-provider\n");
    write("secrets/client-key-password", "b7c1-of-the-key\n");
    write("secrets/dpop-key-password", "c9d2-of-the-key\n");
    write("secrets/upstream-secret", "k4Xw-between-gateway-and-app\n");
    write("secrets/assertion-key-password", "d2e5-of-the-key\n");
    write("secrets/app-password", "e8f1-of-the-app\n");
    write("secrets/session-key", OneFlaw.SESSION_KEY + "\n");
    write("secrets/forward-auth-key", OneFlaw.SESSION_KEY + "\n");
    write("tls.crt", "-----BEGIN CERTIFICATE-----\n");
    write("tls.key", "-----BEGIN PRIVATE KEY-----\n");
    write("private-ca.pem", "-----BEGIN CERTIFICATE-----\n");
    Files.createDirectory(folder.resolve("keys"));
    write("keys/client.jwk", KEY.toJSONString());
    write("keys/decryption.jwk", KEY.toJSONString());
    write(
        "keys/dpop.pem",
        KeyFiles.pem("PRIVATE KEY", KeyFiles.pair("EC").getPrivate().getEncoded()));
    write(
        "keys/assertion.pem",
        KeyFiles.pem("PRIVATE KEY", KeyFiles.pair("EC").getPrivate().getEncoded()));
    write("keys/client.crt", IDENTITY.chainPem());
    write("keys/client.key", IDENTITY.keyPem());
  }

  private void write(String name, String text) throws IOException {
    Files.setPosixFilePermissions(
        Files.writeString(folder.resolve(name), text),
        PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void loadsAsItIs() throws Exception {
    Path file = Files.copy(SHIPPED, folder.resolve("gatehouse.yaml"));

    assertThat(ConfigReader.read(file, Map.of(), Door.STANDALONE).warnings()).isEmpty();
    assertThat(ConfigReader.read(file, Map.of(), Door.FILTER).warnings()).isEmpty();
  }

  @Test
  void loadsWithEverythingThatIsCommentedOut() throws Exception {
    LoadedConfig loaded =
        ConfigReader.read(withoutCommentSigns(), folder, Map.of(), Door.STANDALONE);

    assertThat(loaded.config().bearer()).isPresent();
    assertThat(loaded.config().backchannel().caBundle()).isPresent();
  }

  @Test
  void namesEverySetting() throws Exception {
    Set<String> written =
        flat(withoutCommentSigns()).lines().keySet().stream()
            .map(key -> key.replaceAll("\\[\\d+]", "[]"))
            .collect(Collectors.toCollection(LinkedHashSet::new));

    assertThat(Settings.all()).extracting(Setting::key).allMatch(written::contains);
  }

  @Test
  void statesTheDefaultsAsTheyAre() throws Exception {
    Map<String, Node> written = flat(withoutCommentSigns()).values();
    List<Setting> withDefault =
        Settings.all().stream()
            .filter(setting -> !setting.defaultText().isEmpty())
            .filter(setting -> !setting.key().contains("[]"))
            .filter(
                setting ->
                    !Set.of(Kind.RULES, Kind.UPSTREAMS, Kind.SECRETS).contains(setting.kind()))
            .toList();

    assertThat(withDefault)
        .hasSizeGreaterThan(25)
        .allSatisfy(
            setting ->
                assertThat(textOf(written.get(setting.key())))
                    .as(setting.key())
                    .isEqualTo(
                        textOf(
                            YamlText.read("x: " + setting.defaultText(), new Problems())
                                .entries()
                                .get("x"))));
  }

  private static String textOf(Node node) {
    if (node instanceof Node.Scalar scalar) {
      return scalar.text();
    }
    if (node instanceof Node.Sequence sequence) {
      return sequence.items().stream().map(ShippedConfigurationTest::textOf).toList().toString();
    }
    return ((Mapping) node)
        .entries().entrySet().stream()
            .map(entry -> entry.getKey() + ": " + textOf(entry.getValue()))
            .toList()
            .toString();
  }

  @Test
  @Rule("TH-SEC-5")
  void holdsNoUsableSecret() throws Exception {
    String text = Files.readString(SHIPPED);

    assertThat(text).contains("client-secret: ${file:").contains("- ${file:secrets/session-key}");
    assertThat(text.replaceAll("\\$\\{[^}]*}", "")).doesNotContainPattern("[A-Za-z0-9]{24,}");
  }

  private SettingsTree.Flat flat(String yaml) {
    Problems problems = new Problems();
    References references = new References(folder, Map.of(), new SecretFiles(problems), problems);
    return SettingsTree.flatten(YamlText.read(yaml, problems), references, problems);
  }

  private static String withoutCommentSigns() throws IOException {
    return Files.readString(SHIPPED)
        // A setting is commented out without a space, prose stands behind one.
        .replaceAll("(?m)^( *)#(?=[a-z-])", "$1")
        // Certificates need TLS.
        .replace("upstream: http://", "upstream: https://")
        .replace(
            "targets: [http://10.0.0.1:8080, http://10.0.0.2:8080]",
            "targets: [https://a.internal, https://b.internal]");
  }
}
