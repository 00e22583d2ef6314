package dev.gatehouse.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.config.GatehouseConfig.BearerValidation;
import dev.gatehouse.config.GatehouseConfig.ClientAuthentication;
import dev.gatehouse.config.GatehouseConfig.SessionStoreKind;
import dev.gatehouse.config.GatehouseConfig.Tls;
import dev.gatehouse.config.GatehouseConfig.TokenHygiene;
import dev.gatehouse.seal.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    assertThat(config.upstream()).contains(URI.create("http://127.0.0.1:8080"));
    assertThat(config.provider().issuer()).isEqualTo("https://op.example/realms/main");
    assertThat(config.provider().clientSecret()).contains(Secret.of("from-a-file-0123456789"));
    assertThat(config.provider().clientAuthentication())
        .isEqualTo(ClientAuthentication.CLIENT_SECRET_BASIC);
    assertThat(config.provider().scopes()).containsExactly("openid", "profile", "email");
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
    assertThat(config.rules().get(2).require()).isEqualTo(Map.of("groups", Set.of("admins")));
    assertThat(config.bearer().orElseThrow().validation()).isEqualTo(BearerValidation.JWT);
    assertThat(config.tokenHygiene()).isEqualTo(TokenHygiene.ENFORCE);
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

    assertThat(loaded.warnings())
        .extracting(ConfigProblem::code)
        .containsExactly("not-in-this-version");
    GatehouseConfig config = loaded.config();
    assertThat(config.publicUrl().basePath()).isEqualTo("/shop");
    assertThat(config.provider().signingAlgorithms())
        .containsExactlyInAnyOrder("RS256", "PS256", "ES256", "EdDSA");
    assertThat(config.session().idleTimeout()).isEqualTo(Duration.ofMinutes(30));
    assertThat(config.limits().maxHeadBytes()).isEqualTo(32 * 1024);
    assertThat(config.limits().maxBodyBytes()).isEqualTo(2L << 30);
    assertThat(config.backchannel().deadline()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.logout().appCookies()).containsExactly("JSESSIONID");
    assertThat(config.identity().headers()).containsEntry("X-Gatehouse-User", "sub");
    assertThat(config.rules().get(0).methods()).containsExactlyInAnyOrder("POST", "PUT");
    assertThat(config.rules().get(0).access()).isEqualTo(Access.LOGIN_OR_BEARER);
    assertThat(config.rules().get(0).require()).isEqualTo(Map.of("groups", Set.of("a", "b")));
    assertThat(config.rules().get(0).line()).isEqualTo(7);
  }
}
