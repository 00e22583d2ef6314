package dev.gatehouse.oidc;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.gatehouse.Rule;
import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.backchannel.AddressRule;
import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.OpClient;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.config.Provider.ClientAuthentication;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How metadata are read, kept and read again. */
class DiscoveryTest {
  private static final String WELL_KNOWN = ".well-known/openid-configuration";
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static StubOp op;

  private final TestClock clock = new TestClock();
  private OpClient client;
  private Discovery discovery;

  @BeforeAll
  static void startOp() {
    op = new StubOp();
  }

  @AfterAll
  static void stopOp() {
    op.close();
  }

  @BeforeEach
  void prepare() {
    op.reset();
    AddressRule addresses = new AddressRule("localhost", false);
    client = new OpClient(StubOp.backchannel(DEADLINE), addresses, true);
    discovery =
        new Discovery(
            op.provider(),
            client,
            new MetadataRules(op.issuer(), addresses, true),
            new OfferedAuthentication(ClientAuthentication.CLIENT_SECRET_BASIC, Optional::empty),
            false,
            clock);
  }

  @AfterEach
  void closeClient() {
    client.close();
  }

  private static Deadline deadline() {
    return Deadline.after(DEADLINE);
  }

  record Case(String name, ResponseDefinitionBuilder answer, OpFailure failure) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> faults() {
    String huge = "{\"junk\":\"" + "A".repeat(256 * 1024) + "\"}";
    return Stream.of(
        new Case("redirect", redirect(), OpFailure.REDIRECTED),
        new Case("too large", okJson(huge), OpFailure.NONSENSE),
        new Case("array", okJson("[]"), OpFailure.NONSENSE),
        new Case("HTML", okJson("{}").withHeader("Content-Type", "text/html"), OpFailure.NONSENSE),
        new Case("404", aResponse().withStatus(404), OpFailure.NONSENSE),
        new Case("500", aResponse().withStatus(500), OpFailure.FAILED),
        new Case("hangs", okJson("{}").withFixedDelay(6000), OpFailure.TIMED_OUT),
        new Case("breaks a rule", okJson("{}"), OpFailure.METADATA_REFUSED));
  }

  private static ResponseDefinitionBuilder redirect() {
    return aResponse().withStatus(302).withHeader("Location", op.server().baseUrl() + "/evil");
  }

  @ParameterizedTest
  @MethodSource("faults")
  @Rule("TH-CFG-3")
  void faultyDocumentIsNotUsed(Case fault) {
    op.serve(WELL_KNOWN, fault.answer());

    Deadline deadline =
        fault.failure() == OpFailure.TIMED_OUT ? Deadline.after(Duration.ofSeconds(2)) : deadline();
    assertThat(discovery.discover(deadline)).contains(fault.failure());
    assertThat(discovery.metadata()).isEmpty();
    assertThat(op.server().getAllServeEvents())
        .noneMatch(event -> event.getRequest().getUrl().startsWith("/evil"));

    op.reset();
    clock.advance(Duration.ofSeconds(1));
    assertThat(discovery.discover(deadline())).isEmpty();
    assertThat(discovery.metadata().orElseThrow().tokenEndpoint())
        .isEqualTo(URI.create(op.issuer() + "/token"));
  }

  @Test
  void failureIsRememberedForASecond() {
    op.down();
    assertThat(discovery.discover(deadline())).contains(OpFailure.FAILED);
    op.reset();

    clock.advance(Duration.ofMillis(999));
    assertThat(discovery.discover(deadline())).contains(OpFailure.FAILED);
    assertThat(op.calls(WELL_KNOWN)).isEmpty();

    clock.advance(Duration.ofMillis(1));
    assertThat(discovery.discover(deadline())).isEmpty();
  }

  @Test
  void callersAtTheSameTimeShareOneReading() {
    op.serve(WELL_KNOWN, aResponse().withStatus(500).withFixedDelay(300));
    ExecutorService crowd = Executors.newFixedThreadPool(10);
    try {
      List<CompletableFuture<Optional<OpFailure>>> calls =
          IntStream.range(0, 10)
              .mapToObj(
                  i -> CompletableFuture.supplyAsync(() -> discovery.discover(deadline()), crowd))
              .toList();

      assertThat(calls).allSatisfy(call -> assertThat(call.join()).contains(OpFailure.FAILED));
      assertThat(op.calls(WELL_KNOWN)).hasSize(1);
    } finally {
      crowd.shutdownNow();
    }
  }

  @Test
  @Rule("TH-CFG-16")
  void failedRefreshKeepsTheLastGoodMetadata() {
    assertThat(discovery.discover(deadline())).isEmpty();
    ProviderMetadata good = discovery.metadata().orElseThrow();

    op.metadata("issuer", "https://evil.example");
    assertThat(discovery.refresh(deadline())).contains(OpFailure.METADATA_REFUSED);
    assertThat(discovery.metadata()).contains(good);

    op.down();
    assertThat(discovery.refresh(deadline())).contains(OpFailure.FAILED);
    assertThat(discovery.metadata()).contains(good);

    op.reset().metadata("code_challenge_methods_supported", List.of("plain"));
    assertThat(discovery.refresh(deadline())).contains(OpFailure.METADATA_REFUSED);
    assertThat(discovery.metadata()).contains(good);
  }

  @Test
  @Rule("TH-CFG-16")
  void refreshNeverDropsThePromiseOfTheIssuerParameter() {
    op.metadata("authorization_response_iss_parameter_supported", true);
    assertThat(discovery.discover(deadline())).isEmpty();
    op.metadata("authorization_response_iss_parameter_supported", null)
        .metadata("token_endpoint", op.issuer() + "/token2");

    try (LogCapture log = new LogCapture("dev.gatehouse.oidc")) {
      assertThat(discovery.refresh(deadline())).isEmpty();
      assertThat(log.lines()).anyMatch(line -> line.startsWith("WARN the OP no longer promises"));
    }

    ProviderMetadata refreshed = discovery.metadata().orElseThrow();
    assertThat(refreshed.promisesIssuerParameter()).isTrue();
    assertThat(refreshed.tokenEndpoint()).isEqualTo(URI.create(op.issuer() + "/token2"));
  }

  @Test
  @Rule("TH-AUTHZ-2")
  void refusedMetadataAreReportedOnceAndClearly() {
    op.metadata("code_challenge_methods_supported", List.of("plain"));

    try (LogCapture log = new LogCapture("dev.gatehouse.oidc")) {
      assertThat(discovery.refresh(deadline())).contains(OpFailure.METADATA_REFUSED);
      assertThat(discovery.refresh(deadline())).contains(OpFailure.METADATA_REFUSED);

      assertThat(log.lines())
          .filteredOn(line -> line.startsWith("ERROR"))
          .singleElement()
          .asString()
          .contains("pkce-plain-only", "nobody can sign in");
    }
  }

  @Test
  @Rule("TH-CFG-13")
  @Rule("TH-QUIRK-4")
  void weaknessesOfTheOpAreReportedOnce() {
    op.metadata("code_challenge_methods_supported", null)
        .metadata("id_token_signing_alg_values_supported", List.of("RS256", "none"))
        .metadata("response_types_supported", List.of("code", "code id_token"));

    try (LogCapture log = new LogCapture("dev.gatehouse.oidc")) {
      assertThat(discovery.discover(deadline())).isEmpty();
      assertThat(discovery.refresh(deadline())).isEmpty();

      assertThat(log.lines())
          .filteredOn(line -> line.startsWith("WARN"))
          .singleElement()
          .asString()
          .endsWith(
              "op-weak:no-s256 op-weak:no-iss op-weak:alg-none op-weak:implicit op-weak:no-scope");
    }
  }

  @Test
  @Rule("TH-CFG-13")
  void strongOpIsNotReported() {
    op.metadata("authorization_response_iss_parameter_supported", true)
        .metadata("scopes_supported", List.of("openid"));

    try (LogCapture log = new LogCapture("dev.gatehouse.oidc")) {
      assertThat(discovery.discover(deadline())).isEmpty();

      assertThat(log.lines()).noneMatch(line -> line.startsWith("WARN"));
    }
  }

  @Test
  void opThatComesBackIsUsedWithoutARestart() {
    op.down();
    try (DiscoveredProvider provider =
        new DiscoveredProvider(
            OpConnection.open(op.provider(), StubOp.backchannel(), true, clock, StubOp.RANDOM),
            op.provider(),
            Set.of())) {
      assertThat(provider.discover()).contains(OpFailure.FAILED);
      assertThat(provider.discovered()).isFalse();
      assertThat(provider.promisesIssuerParameter()).isFalse();
      assertThat(provider.complete(StubOp.GRANT))
          .isEqualTo(new LoginOutcome.Undecided(OpFailure.FAILED));
      assertThatThrownBy(
              () ->
                  provider.authenticationRequest(
                      new AuthenticationRequest(
                          URI.create("https://a.example/"),
                          "s",
                          "n",
                          "v",
                          "i",
                          AuthenticationDemand.NONE,
                          Map.of(),
                          false)))
          .isInstanceOf(IllegalStateException.class);

      op.reset();
      clock.advance(Duration.ofSeconds(1));

      Awaitility.await().atMost(Duration.ofSeconds(15)).until(provider::discovered);
      op.serveIdToken(op.idToken());
      assertThat(provider.complete(StubOp.GRANT)).isInstanceOf(LoginOutcome.LoggedIn.class);
    }
  }
}
