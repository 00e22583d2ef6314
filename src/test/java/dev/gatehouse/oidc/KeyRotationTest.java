package dev.gatehouse.oidc;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.AddressRule;
import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.OpClient;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.jose.JwsVerdict;
import dev.gatehouse.jose.JwsVerifier;
import dev.gatehouse.jose.PinnedKeys;
import dev.gatehouse.jose.RefetchBudget;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When the OP's keys are fetched, and what is used while they cannot be. */
class KeyRotationTest {
  private static StubOp op;

  private final TestClock clock = new TestClock();
  private OpClient client;
  private PinnedKeys keys;
  private JwsVerifier logins;
  private JwsVerifier bearers;

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
    client = new OpClient(StubOp.backchannel(), new AddressRule("localhost", false), true);
    keys = new PinnedKeys(client, () -> Optional.of(URI.create(op.issuer() + "/jwks")), clock);
    logins = verifier(RefetchBudget.forLogins(clock), RefetchBudget.forLogins(clock));
    bearers = verifier(RefetchBudget.forClients(clock), RefetchBudget.forClients(clock));
  }

  private JwsVerifier verifier(RefetchBudget unknownKeys, RefetchBudget badSignatures) {
    return new JwsVerifier(Set.of("RS256"), Optional::empty, keys, unknownKeys, badSignatures);
  }

  @AfterEach
  void closeClient() {
    client.close();
  }

  private static JwsVerdict judge(JwsVerifier verifier, TestTokens token) {
    return verifier.verify(token.compact(), Deadline.after(Duration.ofSeconds(10)));
  }

  private static TestTokens token() {
    return op.idToken();
  }

  private static TestTokens unknownKid(int number) {
    return token().header("kid", "unknown-" + number);
  }

  private static final JwsVerdict UNKNOWN_KID = new JwsVerdict.Refused("kid");

  @Test
  @Rule("TH-IDT-4")
  void unknownKeyIdsFromClientsFetchTheKeysOnceAMinute() {
    assertThat(judge(bearers, token())).isInstanceOf(JwsVerdict.Signed.class);
    for (int i = 0; i < 100; i++) {
      assertThat(judge(bearers, unknownKid(i))).isEqualTo(UNKNOWN_KID);
    }
    assertThat(op.calls("jwks")).hasSize(2);

    clock.advance(Duration.ofSeconds(59));
    assertThat(judge(bearers, unknownKid(100))).isEqualTo(UNKNOWN_KID);
    assertThat(op.calls("jwks")).hasSize(2);

    clock.advance(Duration.ofSeconds(1));
    assertThat(judge(bearers, unknownKid(101))).isEqualTo(UNKNOWN_KID);
    assertThat(op.calls("jwks")).hasSize(3);
  }

  @Test
  @Rule("TH-IDT-4")
  void unknownKeyIdsInLoginsFetchTheKeysTwiceAMinuteAtMost() {
    assertThat(judge(logins, token())).isInstanceOf(JwsVerdict.Signed.class);
    for (int second = 0; second <= 64; second++) {
      assertThat(judge(logins, unknownKid(second))).isEqualTo(UNKNOWN_KID);
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(op.calls("jwks")).hasSize(1 + 2);

    assertThat(judge(logins, unknownKid(65))).isEqualTo(UNKNOWN_KID);
    assertThat(op.calls("jwks")).hasSize(1 + 3);
  }

  @Test
  @Rule("TH-IDT-4")
  void badSignaturesFetchTheKeysOnceAMinute() {
    for (int i = 0; i < 100; i++) {
      assertThat(judge(bearers, token().signature(new byte[256])))
          .isEqualTo(new JwsVerdict.Refused("signature"));
    }
    assertThat(op.calls("jwks")).hasSize(2);
  }

  @Test
  void badSignaturesDoNotStandInTheWayOfANewKey() {
    assertThat(judge(logins, token().signature(new byte[256])))
        .isEqualTo(new JwsVerdict.Refused("signature"));

    op.serveKeys(TestKey.NEXT);

    assertThat(judge(logins, token().signedBy(TestKey.NEXT, "RS256")))
        .isInstanceOf(JwsVerdict.Signed.class);
  }

  @Test
  void keysMayChangeAgainAndAgain() {
    assertThat(judge(logins, token())).isInstanceOf(JwsVerdict.Signed.class);
    for (TestKey key : List.of(TestKey.NEXT, TestKey.RSA, TestKey.NEXT, TestKey.RSA)) {
      op.serveKeys(key);
      assertThat(judge(logins, token().signedBy(key, "RS256")))
          .isInstanceOf(JwsVerdict.Signed.class);
    }
  }

  @Test
  void newKeyAfterAForgedOneIsUsedWithinSeconds() {
    assertThat(judge(logins, unknownKid(1))).isEqualTo(UNKNOWN_KID);
    op.serveKeys(TestKey.NEXT);
    clock.advance(Duration.ofSeconds(5));

    assertThat(judge(logins, token().signedBy(TestKey.NEXT, "RS256")))
        .isInstanceOf(JwsVerdict.Signed.class);
  }

  @Test
  void newKeyIsUsedAtOnce() {
    TestTokens next = token().signedBy(TestKey.NEXT, "RS256");
    assertThat(judge(logins, token())).isInstanceOf(JwsVerdict.Signed.class);

    op.serveKeys(TestKey.RSA, TestKey.NEXT);

    assertThat(judge(logins, next)).isInstanceOf(JwsVerdict.Signed.class);
  }

  @Test
  void newKeyUnderTheOldIdIsUsedAtOnce() {
    assertThat(judge(logins, token())).isInstanceOf(JwsVerdict.Signed.class);

    op.serveKeys(TestKey.ATTACKER); // here it is the OP's own

    assertThat(judge(logins, token().signedBy(TestKey.ATTACKER, "RS256")))
        .isInstanceOf(JwsVerdict.Signed.class);
    assertThat(judge(logins, token())).isEqualTo(new JwsVerdict.Refused("signature"));
  }

  @Test
  void forgedBearerTokensDoNotUseUpTheBudgetOfLogins() {
    assertThat(judge(logins, token())).isInstanceOf(JwsVerdict.Signed.class);
    assertThat(judge(bearers, unknownKid(1))).isEqualTo(UNKNOWN_KID);

    op.serveKeys(TestKey.NEXT);

    TestTokens next = token().signedBy(TestKey.NEXT, "RS256");
    assertThat(judge(bearers, next)).isEqualTo(UNKNOWN_KID);
    assertThat(judge(logins, next)).isInstanceOf(JwsVerdict.Signed.class);
    assertThat(judge(bearers, next)).isInstanceOf(JwsVerdict.Signed.class);
  }

  record Case(String name, ResponseDefinitionBuilder answer, OpFailure failure) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> faults() {
    String huge = "{\"keys\":[],\"junk\":\"" + "A".repeat(256 * 1024) + "\"}";
    return Stream.of(
        new Case("503", aResponse().withStatus(503), OpFailure.FAILED),
        new Case("redirect", redirect(), OpFailure.REDIRECTED),
        new Case("no keys", okJson("{\"keys\":[]}"), OpFailure.NONSENSE),
        new Case("no set", okJson("{}"), OpFailure.NONSENSE),
        new Case(
            "nonsense among keys", okJson("{\"keys\":[1,{},{\"kty\":\"x\"}]}"), OpFailure.NONSENSE),
        new Case(
            "symmetric key",
            okJson("{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"),
            OpFailure.NONSENSE),
        new Case("too large", okJson(huge), OpFailure.NONSENSE));
  }

  private static ResponseDefinitionBuilder redirect() {
    return aResponse().withStatus(307).withHeader("Location", op.server().baseUrl() + "/evil");
  }

  @ParameterizedTest
  @MethodSource("faults")
  @Rule("TH-CFG-3")
  @Rule("TH-CFG-16")
  void knownKeysStayInUseWhileTheOpServesNone(Case fault) {
    assertThat(judge(logins, token())).isInstanceOf(JwsVerdict.Signed.class);

    op.serve("jwks", fault.answer());

    assertThat(keys.refresh(Deadline.after(Duration.ofSeconds(5)))).contains(fault.failure());
    assertThat(judge(logins, token())).isInstanceOf(JwsVerdict.Signed.class);
    assertThat(judge(logins, unknownKid(1))).isEqualTo(new JwsVerdict.Undecided(fault.failure()));
    assertThat(judge(logins, unknownKid(2))).isEqualTo(UNKNOWN_KID);
    assertThat(op.server().getAllServeEvents())
        .noneMatch(event -> event.getRequest().getUrl().startsWith("/evil"));
  }

  @Test
  void withoutAnyKeysNothingIsDecided() {
    op.serve("jwks", aResponse().withStatus(503));
    assertThat(judge(logins, token())).isEqualTo(new JwsVerdict.Undecided(OpFailure.FAILED));
    assertThat(judge(logins, token())).isEqualTo(new JwsVerdict.Undecided(OpFailure.FAILED));
    assertThat(op.calls("jwks")).hasSize(1);

    op.reset();
    clock.advance(Duration.ofSeconds(1));
    assertThat(judge(logins, token())).isInstanceOf(JwsVerdict.Signed.class);
  }

  @Test
  void loginsAtTheSameTimeShareOneFetchOfNewKeys() {
    assertThat(judge(logins, token())).isInstanceOf(JwsVerdict.Signed.class);
    op.serve("jwks", okJson(TestTokens.jwks(TestKey.NEXT)).withFixedDelay(300));
    ExecutorService crowd = Executors.newFixedThreadPool(10);
    try {
      TestTokens next = token().signedBy(TestKey.NEXT, "RS256");
      List<CompletableFuture<JwsVerdict>> verdicts =
          IntStream.range(0, 10)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> judge(logins, next), crowd))
              .toList();

      assertThat(verdicts)
          .allSatisfy(verdict -> assertThat(verdict.join()).isInstanceOf(JwsVerdict.Signed.class));
      assertThat(op.calls("jwks")).hasSize(2);
    } finally {
      crowd.shutdownNow();
    }
  }
}
