package dev.gatehouse.oidc;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.config.GatehouseConfig.Backchannel;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.ClientAuthentication;
import dev.gatehouse.seal.RandomTokens;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An OP over real HTTP: correct as it comes, wrong on demand. */
public final class StubOp implements AutoCloseable {
  /** Draws what must not be guessed. */
  public static final RandomTokens RANDOM = new RandomTokens(new SecureRandom());

  /** Long enough for HS256. */
  public static final String CLIENT_SECRET = "s3cr3t-0123456789abcdef-0123456789abcdef";

  public static final String NONCE = "nonce-of-this-attempt";
  public static final String ACCESS_TOKEN = "access-token-of-the-test";
  public static final CodeGrant GRANT =
      new CodeGrant(
          Secret.of("code-of-the-test"),
          URI.create("https://app.example/gatehouse/callback"),
          Secret.of("verifier-verifier-verifier-verifier-verifier"),
          Secret.of(NONCE),
          AuthenticationDemand.NONE,
          TestTokens.NOW);

  private final WireMockServer server =
      new WireMockServer(
          WireMockConfiguration.options().dynamicPort().gzipDisabled(true).containerThreads(30));
  private final Map<String, Object> metadata = new LinkedHashMap<>();

  /** Starts on a free port and serves metadata and keys. */
  public StubOp() {
    server.start();
    reset();
  }

  /** Back to an OP that does everything right. */
  public StubOp reset() {
    server.resetAll();
    metadata.clear();
    metadata.put("issuer", issuer());
    metadata.put("authorization_endpoint", issuer() + "/authorize");
    for (String name : List.of("token", "userinfo", "introspection", "end_session")) {
      metadata.put(name + "_endpoint", issuer() + "/" + name);
    }
    metadata.put("jwks_uri", issuer() + "/jwks");
    metadata.put("response_types_supported", List.of("code"));
    metadata.put("code_challenge_methods_supported", List.of("S256"));
    serveMetadata();
    serveKeys(TestKey.RSA, TestKey.EC, TestKey.ED);
    return this;
  }

  public WireMockServer server() {
    return server;
  }

  public String issuer() {
    return server.baseUrl() + "/main";
  }

  /** Changes one member of the metadata; null leaves it out. */
  public StubOp metadata(String name, Object value) {
    if (value == null) {
      metadata.remove(name);
    } else {
      metadata.put(name, value);
    }
    return serveMetadata();
  }

  private StubOp serveMetadata() {
    server.stubFor(
        get("/main/.well-known/openid-configuration")
            .willReturn(okJson(TestTokens.json(metadata))));
    return this;
  }

  public StubOp serveKeys(TestKey... keys) {
    return serve("jwks", okJson(TestTokens.jwks(keys)));
  }

  /** What {@code endpoint} answers from now on, whatever the method. */
  public StubOp serve(String endpoint, ResponseDefinitionBuilder answer) {
    server.stubFor(any(urlPathEqualTo("/main/" + endpoint)).willReturn(answer));
    return this;
  }

  /** A token response with that ID token, as it should be. */
  public StubOp serveIdToken(TestTokens idToken) {
    return serve("token", okJson(TestTokens.json(tokenResponse(idToken.compact()))));
  }

  /** The members of a good token response. */
  public static Map<String, Object> tokenResponse(String idToken) {
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("access_token", ACCESS_TOKEN);
    response.put("token_type", "Bearer");
    response.put("expires_in", 3600);
    response.put("id_token", idToken);
    return response;
  }

  /** Every endpoint answers 503. */
  public StubOp down() {
    server.resetMappings();
    server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(503)));
    return this;
  }

  /** The good ID token of {@link #GRANT}. */
  public TestTokens idToken() {
    return TestTokens.idToken(issuer(), NONCE);
  }

  public List<LoggedRequest> calls(String endpoint) {
    return server.findAll(anyRequestedFor(urlPathEqualTo("/main/" + endpoint)));
  }

  /** Our registration there. */
  public Provider provider() {
    return provider(ClientAuthentication.CLIENT_SECRET_BASIC, TestTokens.CLIENT_ID, CLIENT_SECRET);
  }

  public Provider provider(ClientAuthentication method, String clientId, String clientSecret) {
    return provider(
        clientId, Secret.of(clientSecret), method, Set.of("RS256", "PS256", "ES256", "EdDSA"));
  }

  public Provider provider(Set<String> signingAlgorithms) {
    return provider(
        TestTokens.CLIENT_ID,
        Secret.of(CLIENT_SECRET),
        ClientAuthentication.CLIENT_SECRET_BASIC,
        signingAlgorithms);
  }

  private Provider provider(
      String clientId,
      Secret clientSecret,
      ClientAuthentication method,
      Set<String> signingAlgorithms) {
    return Provider.of(issuer(), clientId, Provider.Proof.bySecret(method, clientSecret))
        .withTokens(Provider.Tokens.DEFAULT.with(signingAlgorithms));
  }

  /** Short enough for tests, long enough for a busy machine. */
  public static Backchannel backchannel() {
    return backchannel(Duration.ofSeconds(10));
  }

  public static Backchannel backchannel(Duration deadline) {
    return new Backchannel(
        Duration.ofSeconds(2), Duration.ofSeconds(5), deadline, 8, 16, Optional.empty(), false);
  }

  @Override
  public void close() {
    server.stop();
  }
}
