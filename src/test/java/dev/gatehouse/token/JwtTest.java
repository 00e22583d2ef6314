package dev.gatehouse.token;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.config.GatehouseConfig.Bearer;
import dev.gatehouse.config.GatehouseConfig.BearerValidation;
import dev.gatehouse.oidc.OpConnection;
import dev.gatehouse.oidc.StubOp;
import dev.gatehouse.oidc.TestClock;
import dev.gatehouse.oidc.TestKey;
import dev.gatehouse.oidc.TestTokens;
import dev.gatehouse.seal.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fault of a JWT access token (RFC 9068, threats.md §9). */
class JwtTest {
  private static final TokenVerdict REJECTED = new TokenVerdict.Rejected(BearerError.INVALID_TOKEN);
  private static StubOp op;

  private final TestClock clock = new TestClock();
  private OpConnection connection;
  private TokenVerifier verifier;

  @BeforeAll
  static void startOp() {
    op = new StubOp();
  }

  @AfterAll
  static void stopOp() {
    op.close();
  }

  @BeforeEach
  void open() {
    op.reset();
    open(Set.of("RS256", "ES256", "HS256"));
  }

  private void open(Set<String> algorithms) {
    connection =
        OpConnection.open(
            op.provider(algorithms), StubOp.backchannel(), true, clock, StubOp.RANDOM);
    verifier =
        TokenVerifiers.open(
            Bearer.of(TestTokens.API, BearerValidation.JWT),
            op.provider(algorithms),
            StubOp.backchannel(),
            connection);
  }

  @AfterEach
  void close() {
    verifier.close();
    connection.close();
  }

  private static TestTokens token() {
    return TestTokens.accessToken(op.issuer());
  }

  private static BearerCredential.Token credential(TestTokens token) {
    return BearerCredential.Token.of(Secret.of(token.compact()));
  }

  private TokenVerdict judge(BearerCredential.Token token) {
    return verifier
        .atOnce(token)
        .orElseGet(() -> verifier.verify(token).toCompletableFuture().join());
  }

  private TokenVerdict judge(TestTokens token) {
    return judge(credential(token));
  }

  record Case(String name, UnaryOperator<TestTokens> change, boolean good) {
    static Case refused(String name, UnaryOperator<TestTokens> change) {
      return new Case(name, change, false);
    }

    static Case fine(String name, UnaryOperator<TestTokens> change) {
      return new Case(name, change, true);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private void check(Case fault) {
    assertThat(judge(token())).isInstanceOf(TokenVerdict.Active.class);
    TokenVerdict verdict = judge(fault.change().apply(token()));
    if (fault.good()) {
      assertThat(verdict).isInstanceOf(TokenVerdict.Active.class);
    } else {
      assertThat(verdict).isEqualTo(REJECTED);
    }
  }

  @Test
  @Rule("TH-BEAR-5")
  void goodTokenIsActive() {
    assertThat(judge(token()))
        .isInstanceOfSatisfying(
            TokenVerdict.Active.class,
            active -> {
              assertThat(active.issuer()).isEqualTo(op.issuer());
              assertThat(active.subject()).isEqualTo("alice-1");
              assertThat(active.scopes()).containsExactlyInAnyOrder("orders.read", "orders.write");
              assertThat(active.claims()).containsEntry("client_id", "some-client");
              assertThat(active.expiresAt()).isEqualTo(TestTokens.NOW.plusSeconds(300));
            });
  }

  static Stream<Case> claims() {
    return Stream.of(
        Case.fine("long typ", t -> t.header("typ", "application/at+jwt")),
        Case.fine("typ in upper case", t -> t.header("typ", "AT+JWT")),
        Case.fine("ES256", t -> t.signedBy(TestKey.EC, "ES256")),
        Case.fine("no jti", t -> t.claim("jti", null)),
        Case.fine("no scope", t -> t.claim("scope", null)),
        Case.fine("audience in a list", t -> t.claim("aud", List.of("x", TestTokens.API))),
        Case.refused("typ JWT", t -> t.header("typ", "JWT")),
        Case.refused("no typ", t -> t.header("typ", null)),
        Case.refused("typ is a list", t -> t.header("typ", List.of("at+jwt"))),
        Case.refused("iss with a slash", t -> t.claim("iss", op.issuer() + "/")),
        Case.refused("no iss", t -> t.claim("iss", null)),
        Case.refused("no sub", t -> t.claim("sub", null)),
        Case.refused("empty sub", t -> t.claim("sub", "")),
        Case.refused("sub is a number", t -> t.claim("sub", 1)),
        Case.refused("no client_id", t -> t.claim("client_id", null)),
        Case.refused("empty client_id", t -> t.claim("client_id", "")),
        Case.refused("no iat", t -> t.claim("iat", null)),
        Case.fine("iat 60 s ahead", t -> t.time("iat", Duration.ofSeconds(60))),
        Case.refused("iat 61 s ahead", t -> t.time("iat", Duration.ofSeconds(61))),
        Case.refused("nbf 61 s ahead", t -> t.time("nbf", Duration.ofSeconds(61))),
        Case.refused("nbf as a string", t -> t.claim("nbf", "0")),
        Case.refused("no exp", t -> t.claim("exp", null)),
        Case.refused("exp as a string", t -> t.claim("exp", "9999999999")),
        Case.refused("at its exp", t -> t.time("exp", Duration.ZERO)),
        Case.fine("one second before its exp", t -> t.time("exp", Duration.ofSeconds(1))));
  }

  @ParameterizedTest
  @MethodSource("claims")
  @Rule("TH-BEAR-5")
  void everyRuleOfRfc9068IsKept(Case fault) {
    check(fault);
  }

  static Stream<Case> audiences() {
    return Stream.of(
        Case.refused("another API", t -> t.claim("aud", "https://other.example")),
        Case.refused("none", t -> t.claim("aud", null)),
        Case.refused("empty list", t -> t.claim("aud", List.of())),
        Case.refused("our client id", t -> t.claim("aud", TestTokens.CLIENT_ID)),
        Case.refused("trailing slash", t -> t.claim("aud", TestTokens.API + "/")),
        Case.refused("in one string", t -> t.claim("aud", TestTokens.API + " x")),
        Case.refused("object", t -> t.claim("aud", Map.of(TestTokens.API, true))));
  }

  @ParameterizedTest
  @MethodSource("audiences")
  @Rule("TH-BEAR-7")
  void tokenIsForThisApi(Case fault) {
    check(fault);
  }

  static Stream<Case> signatures() {
    return Stream.of(
        Case.refused("none", t -> t.header("alg", "none").signature()),
        Case.refused("attacker's key", t -> t.signedBy(TestKey.ATTACKER, "RS256")),
        Case.refused("not on the list", t -> t.signedBy(TestKey.RSA, "RS512")),
        Case.refused("unknown kid", t -> t.header("kid", "nobody")),
        Case.refused("HS256 by the secret", t -> t.macedBy(StubOp.CLIENT_SECRET.getBytes(UTF_8))),
        Case.refused(
            "ES256 of zeros", t -> t.signedBy(TestKey.EC, "ES256").signature(new byte[64])),
        Case.refused("not three parts", t -> t.wholeText(token -> token + ".x")),
        Case.refused("opaque", t -> t.wholeText(token -> "opaque")),
        Case.refused("crit", t -> t.header("crit", List.of("x"))));
  }

  @ParameterizedTest
  @MethodSource("signatures")
  @Rule("TH-BEAR-5")
  void signatureIsOfThePinnedKeys(Case fault) {
    check(fault);
  }

  static Stream<Case> otherTokens() {
    Map<String, Object> logout =
        Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of());
    return Stream.of(
        Case.refused("ID token", t -> idToken()),
        Case.refused("ID token for the API", t -> idToken().claim("aud", TestTokens.API)),
        Case.refused("logout token", t -> t.header("typ", "logout+jwt").claim("events", logout)),
        Case.refused("refresh token", t -> t.header("typ", "JWT").claim("typ", "Refresh")),
        Case.refused("code", t -> t.wholeText(token -> "SplxlOBeZQQYbYS6WxSbIA")));
  }

  private static TestTokens idToken() {
    return TestTokens.idToken(op.issuer(), "n").claim("client_id", TestTokens.CLIENT_ID);
  }

  @ParameterizedTest
  @MethodSource("otherTokens")
  @Rule("TH-BEAR-20")
  void onlyAccessTokensAreAccessTokens(Case fault) {
    check(fault);
  }

  static Stream<Case> boundTokens() {
    return Stream.of(
        Case.refused("DPoP", t -> t.claim("cnf", Map.of("jkt", "x"))),
        Case.refused("mTLS", t -> t.claim("cnf", Map.of("x5t#S256", "x"))),
        Case.refused("empty", t -> t.claim("cnf", Map.of())),
        Case.refused("no object", t -> t.claim("cnf", "x")));
  }

  @ParameterizedTest
  @MethodSource("boundTokens")
  @Rule("TH-BEAR-17")
  void tokenBoundToAKeyIsWorthNothingAlone(Case fault) {
    check(fault);
  }

  @Test
  @Rule("TH-BEAR-8")
  void scopesAreExactTokens() {
    TokenVerdict verdict = judge(token().claim("scope", "administrator Orders.Read"));

    assertThat(verdict)
        .isInstanceOfSatisfying(
            TokenVerdict.Active.class,
            active ->
                assertThat(active.scopes())
                    .contains("administrator", "Orders.Read")
                    .doesNotContain("admin", "orders.read"));
    assertThat(judge(token().claim("scope", List.of("admin"))))
        .isInstanceOfSatisfying(
            TokenVerdict.Active.class, active -> assertThat(active.scopes()).isEmpty());
  }

  @Test
  void knownTokenNeedsNeitherKeysNorOp() {
    BearerCredential.Token token = credential(token());
    assertThat(judge(token)).isInstanceOf(TokenVerdict.Active.class);
    op.down();

    assertThat(verifier.atOnce(token)).containsInstanceOf(TokenVerdict.Active.class);
    assertThat(verifier.atOnce(credential(token().claim("jti", "another"))))
        .as("its key is known")
        .containsInstanceOf(TokenVerdict.Active.class);
  }

  @Test
  @Rule("TH-BEAR-12")
  void knownTokenEndsAtItsExpiry() {
    BearerCredential.Token token = credential(token().time("exp", Duration.ofSeconds(5)));
    assertThat(judge(token)).isInstanceOf(TokenVerdict.Active.class);

    clock.advance(Duration.ofMillis(4999));
    assertThat(verifier.atOnce(token)).containsInstanceOf(TokenVerdict.Active.class);
    clock.advance(Duration.ofMillis(1));
    assertThat(judge(token)).isEqualTo(REJECTED);
  }

  @Test
  @Rule("TH-BEAR-12")
  void knownTokenIsVerifiedAgainAfterAMinute() {
    BearerCredential.Token token = credential(token());
    assertThat(judge(token)).isInstanceOf(TokenVerdict.Active.class);
    op.serveKeys(TestKey.NEXT);
    assertThat(connection.keys().refresh(connection.deadline())).isEmpty();

    clock.advance(Duration.ofSeconds(59));
    assertThat(judge(token)).isInstanceOf(TokenVerdict.Active.class);
    clock.advance(Duration.ofSeconds(1));
    assertThat(judge(token)).isEqualTo(REJECTED);
  }

  @Test
  @Rule("TH-BEAR-10")
  void withoutKeysNothingIsDecided() {
    close();
    op.down();
    open(Set.of("RS256"));
    BearerCredential.Token token = credential(token());

    assertThat(verifier.atOnce(token)).isEmpty();
    assertThat(judge(token)).isInstanceOf(TokenVerdict.Undecided.class);

    op.reset();
    clock.advance(Duration.ofSeconds(1));
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> judge(token) instanceof TokenVerdict.Active);
  }

  @Test
  void forgedTokensAskTheOpOnceAMinuteForKeys() {
    assertThat(judge(token())).isInstanceOf(TokenVerdict.Active.class);
    int before = op.calls("jwks").size();
    for (int i = 0; i < 50; i++) {
      assertThat(judge(token().header("kid", "unknown-" + i))).isEqualTo(REJECTED);
    }
    assertThat(op.calls("jwks").size() - before).isLessThanOrEqualTo(1);
    assertThat(verifier.atOnce(credential(token().header("kid", "nobody")))).contains(REJECTED);
  }

  @Test
  void keysThatCannotBeFetchedLeaveANewKeyUndecided() {
    assertThat(judge(token())).isInstanceOf(TokenVerdict.Active.class);
    op.serve("jwks", aResponse().withStatus(503));

    assertThat(judge(token().signedBy(TestKey.NEXT, "RS256")))
        .isEqualTo(new TokenVerdict.Undecided(OpFailure.FAILED));
  }

  @Test
  @Rule("TH-BEAR-16")
  void forgottenTokenIsJudgedAgain() {
    BearerCredential.Token token = credential(token());
    assertThat(judge(token)).isInstanceOf(TokenVerdict.Active.class);
    op.serveKeys(TestKey.NEXT);
    assertThat(connection.keys().refresh(connection.deadline())).isEmpty();
    assertThat(verifier.atOnce(token)).isPresent();

    verifier.forgetSubject(op.issuer(), "bob-2");
    assertThat(judge(token)).isInstanceOf(TokenVerdict.Active.class);
    verifier.forgetSubject(op.issuer(), "alice-1");
    assertThat(judge(token)).isEqualTo(REJECTED);
  }
}
