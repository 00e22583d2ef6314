package dev.gatehouse.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.access.Requirement;
import dev.gatehouse.config.GatehouseConfig.BearerValidation;
import dev.gatehouse.config.GatehouseConfig.SessionStoreKind;
import dev.gatehouse.config.GatehouseConfig.Tls;
import dev.gatehouse.config.Provider.ClientAuthentication;
import dev.gatehouse.seal.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reader makes of configurations that hold. */
class ConfigReaderTest {
  private static final String KEY = "q0XyJ8mV3nB5tZ7wE1rK9pL2sD4fG6hU8iO0aQcYxTs";

  @TempDir Path folder;

  @Test
  void wholeContractExampleLoads() throws Exception {
    writeContractFiles();

    GatehouseConfig config =
        ConfigReader.read(folder.resolve("gatehouse.yaml"), Map.of(), Door.STANDALONE).config();

    assertThat(config.publicUrl()).isEqualTo(new PublicUrl("https", "app.example", ""));
    assertThat(config.listen()).contains(new HostPort("0.0.0.0", 8443));
    assertThat(config.tls())
        .contains(new Tls(folder.resolve("tls.crt"), folder.resolve("tls.key")));
    assertThat(config.upstreams().targets())
        .containsExactly(UpstreamTarget.at(URI.create("http://127.0.0.1:8080")));
    assertThat(config.provider().issuer()).isEqualTo("https://op.example/realms/main");
    assertThat(config.provider().proof().secret()).contains(Secret.of("from-a-file-0123456789"));
    assertThat(config.provider().proof().method())
        .isEqualTo(ClientAuthentication.CLIENT_SECRET_BASIC);
    assertThat(config.provider().request().scopes()).containsExactly("openid", "profile", "email");
    assertThat(config.login().transactionLifetime()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.login().maxPending()).isEqualTo(8);
    assertThat(config.session().store()).isEqualTo(SessionStoreKind.MEMORY);
    assertThat(config.session().maxLifetime()).isEqualTo(Duration.ofHours(8));
    assertThat(config.session().keys()).containsExactly(Secret.of(KEY));
    assertThat(config.identity().headers())
        .containsExactly(
            Map.entry("X-Gatehouse-User", "sub"),
            Map.entry("X-Gatehouse-Email", "email"),
            Map.entry("X-Gatehouse-Groups", "groups"));
    assertThat(config.rules())
        .extracting(rule -> rule.pattern() + " " + rule.access())
        .containsExactly("/static/** ANONYMOUS", "/api/** BEARER", "/admin/** LOGIN");
    assertThat(config.rules().get(1).scopes()).containsExactly("orders.read");
    assertThat(config.rules().get(2).require())
        .isEqualTo(Requirement.of(Map.of("groups", Set.of("admins"))));
    assertThat(config.bearer().orElseThrow().validation()).isEqualTo(BearerValidation.JWT);
    assertThat(config.tokenHygiene().mode()).isEqualTo(HygieneMode.ENFORCE);
    assertThat(config.trustedProxies()).isEmpty();
    assertThat(config.management()).contains(new HostPort("127.0.0.1", 9090));
    assertThat(config.insecureAllowHttp()).isFalse();
  }

  private void writeContractFiles() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/config/contract.yaml")) {
      Files.write(folder.resolve("gatehouse.yaml"), in.readAllBytes());
    }
    Files.writeString(folder.resolve("client-secret"), "from-a-file-0123456789\n", UTF_8);
    Files.writeString(folder.resolve("cookie-key"), KEY + "\n", UTF_8);
    Files.writeString(folder.resolve("tls.crt"), "-----BEGIN CERTIFICATE-----\n", UTF_8);
    Files.writeString(folder.resolve("tls.key"), "-----BEGIN PRIVATE KEY-----\n", UTF_8);
  }

  @Test
  void fewestKeysOfTheFilterLoadWithDefaults() throws Exception {
    String yaml =
        """
        public-url: https://app.example/shop/
        provider:
          issuer: https://op.example
          client-id: old-app
          client-secret: ${env:CLIENT_SECRET}
        rules:
          - {path: /x/*, access: login-or-bearer, methods: [POST, PUT], require: {groups: [a, b]}}
        bearer: {audience: x}
        """;
    Map<String, String> environment = Map.of("CLIENT_SECRET", "9f8a7d");

    LoadedConfig loaded = ConfigReader.read(yaml, folder, environment, Door.FILTER);

    assertThat(loaded.warnings()).isEmpty();
    GatehouseConfig config = loaded.config();
    assertThat(config.publicUrl().basePath()).isEqualTo("/shop");
    assertThat(config.provider().tokens().signingAlgorithms())
        .containsExactlyInAnyOrder("RS256", "PS256", "ES256", "EdDSA");
    assertThat(config.session().idleTimeout()).isEqualTo(Duration.ofMinutes(30));
    assertThat(config.limits().maxHeadBytes()).isEqualTo(32 * 1024);
    assertThat(config.limits().maxBodyBytes()).isEqualTo(2L << 30);
    assertThat(config.backchannel().deadline()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.logout().appCookies()).containsExactly("JSESSIONID");
    assertThat(config.identity().headers()).containsEntry("X-Gatehouse-User", "sub");
    assertThat(config.rules().get(0).methods()).containsExactlyInAnyOrder("POST", "PUT");
    assertThat(config.rules().get(0).access()).isEqualTo(Access.LOGIN_OR_BEARER);
    assertThat(config.rules().get(0).require())
        .isEqualTo(Requirement.of(Map.of("groups", Set.of("a", "b"))));
    assertThat(config.rules().get(0).line()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"main", "tls", "cookie", "intro", "short", "strip", "report"})
  void filesWrittenByAScriptLoad(String scene) throws Exception {
    writeContractFiles();
    try (InputStream in = getClass().getResourceAsStream("/config/scenes/" + scene + ".yaml")) {
      Files.write(folder.resolve("gatehouse.yaml"), in.readAllBytes());
    }

    GatehouseConfig config =
        ConfigReader.read(folder.resolve("gatehouse.yaml"), Map.of(), Door.STANDALONE).config();

    assertThat(config.rules()).hasSize(7);
    assertThat(config.rules().get(4).scopes()).containsExactly("read");
    assertThat(config.tls().isPresent()).isEqualTo(scene.equals("tls"));
    assertThat(config.session().store().name())
        .isEqualTo(scene.equals("cookie") ? "COOKIE" : "MEMORY");
    assertThat(config.login().transactionLifetime())
        .isEqualTo(Duration.ofSeconds(scene.equals("short") ? 5 : 600));
    assertThat(config.tokenHygiene().mode().name().toLowerCase(Locale.ROOT))
        .isEqualTo(scene.equals("strip") || scene.equals("report") ? scene : "enforce");
    assertThat(config.bearer().orElseThrow().validation() == BearerValidation.INTROSPECTION)
        .isEqualTo(scene.equals("intro"));
  }

  @Test
  void filterNeedsNothingOfTheStandaloneGateway() throws Exception {
    String yaml =
        OneFlaw.GOOD.replaceAll("(?m)^(listen|upstream|management|limits):.*\\n", "")
            + "tls: {certificate: not-there.crt, private-key: not-there.key}\n";

    assertThat(ConfigReader.read(yaml, folder, OneFlaw.ENVIRONMENT, Door.FILTER).warnings())
        .isEmpty();
    assertThat(catchThrowable(() -> OneFlaw.load(yaml)))
        .hasMessageContaining("listen: is missing")
        .hasMessageContaining("upstream: is missing")
        .hasMessageContaining("not-there.crt, which does not exist")
        .hasMessageContaining("not-there.key, which does not exist");
  }

  @Test
  void keyThatIsNotPkcs8IsRefusedWithTheCommandThatConvertsIt() throws Exception {
    writeContractFiles();
    Path file = folder.resolve("gatehouse.yaml");
    assertThat(ConfigReader.read(file, Map.of(), Door.STANDALONE).config().tls()).isPresent();

    Files.writeString(folder.resolve("tls.key"), "-----BEGIN RSA PRIVATE KEY-----\n");

    assertThat(catchThrowable(() -> ConfigReader.read(file, Map.of(), Door.STANDALONE)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tls.private-key")
        .hasMessageContaining("openssl pkcs8 -topk8");
  }

  @Test
  void tlsWithAPlainPublicUrlIsRefused() throws Exception {
    writeContractFiles();
    String tls = "tls: {certificate: tls.crt, private-key: tls.key}\ninsecure-allow-http: true\n";
    String good = OneFlaw.GOOD.replace("insecure-allow-http: false\n", tls);
    assertThat(ConfigReader.read(good, folder, OneFlaw.ENVIRONMENT, Door.STANDALONE).config().tls())
        .isPresent();

    String plain = good.replace("https://app.example", "http://127.0.0.1:8443");

    assertThat(
            catchThrowable(
                () -> ConfigReader.read(plain, folder, OneFlaw.ENVIRONMENT, Door.STANDALONE)))
        .hasMessageContaining("[tls-mismatch]");
  }

  @Test
  void fileThatIsNoneIsRefused() throws Exception {
    Path file = folder.resolve("gatehouse.yaml");
    assertThat(catchThrowable(() -> ConfigReader.read(file, Map.of(), Door.FILTER)))
        .hasMessageContaining("[missing-file]");
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xC3, '('});
    assertThat(catchThrowable(() -> ConfigReader.read(file, Map.of(), Door.FILTER)))
        .hasMessageContaining("[encoding]");
    Files.writeString(file, "\uFEFF" + OneFlaw.GOOD);
    assertThat(ConfigReader.read(file, OneFlaw.ENVIRONMENT, Door.FILTER).warnings()).isEmpty();
  }
}
