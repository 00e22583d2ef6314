package dev.gatehouse.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.Tokens;
import dev.gatehouse.testkit.Envelope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** OpenID Connect Core §3.1.3.7: one test for each rule, by its number. */
class IdTokenNumberedRulesTest {
  private static StubOp op;

  private DiscoveredProvider provider;

  @BeforeAll
  static void startOp() {
    op = new StubOp();
  }

  @AfterAll
  static void stopOp() {
    op.close();
  }

  @BeforeEach
  void openProvider() {
    op.reset();
    provider = open(op.provider());
  }

  @AfterEach
  void closeProvider() {
    provider.close();
  }

  private static DiscoveredProvider open(Provider configured) {
    return new DiscoveredProvider(
        OpConnection.open(configured, StubOp.backchannel(), true, new TestClock(), StubOp.RANDOM),
        configured,
        Set.of("sub"));
  }

  private void configure(Provider configured) {
    provider.close();
    provider = open(configured);
  }

  private LoginOutcome login(CodeGrant grant, UnaryOperator<TestTokens> change) {
    op.serveIdToken(change.apply(op.idToken()));
    return provider.complete(grant);
  }

  private void accepts(UnaryOperator<TestTokens> change) {
    assertThat(login(StubOp.GRANT, change)).isInstanceOf(LoginOutcome.LoggedIn.class);
  }

  private void refuses(String reason, UnaryOperator<TestTokens> change) {
    assertThat(login(StubOp.GRANT, change)).isEqualTo(new LoginOutcome.Refused(502, reason));
  }

  private static CodeGrant demanding(AuthenticationDemand demand) {
    return new CodeGrant(
        StubOp.GRANT.code(),
        StubOp.GRANT.redirectUri(),
        StubOp.GRANT.codeVerifier(),
        StubOp.GRANT.nonce(),
        demand,
        TestTokens.NOW);
  }

  // Further cases: EncryptedTokenTest.
  @Test
  @Rule("TH-IDT-18")
  void rule01EncryptedOnlyAsAgreed() {
    accepts(UnaryOperator.identity());
    refuses("encryption", t -> t.wholeText(Envelope::sealed));
  }

  @Test
  @Rule("TH-IDT-6")
  void rule02IssuerIsTheOneThatWasDiscovered() {
    accepts(t -> t.claim("iss", op.issuer()));
    refuses("iss", t -> t.claim("iss", op.issuer() + "/"));
  }

  @Test
  @Rule("TH-IDT-7")
  void rule03AudienceIsUsAndWhomWeTrust() {
    UnaryOperator<TestTokens> both =
        t -> t.claim("aud", List.of("gw", "https://api.example")).claim("azp", "gw");
    accepts(t -> t.claim("aud", List.of("gw")));
    refuses("aud", both);
    refuses("aud", t -> t.claim("aud", "https://api.example"));

    configure(op.provider().withTokens(trusting("https://api.example")));

    accepts(both);
    refuses("aud", t -> t.claim("aud", List.of("https://api.example")).claim("azp", "gw"));
    refuses("aud", t -> t.claim("aud", List.of("gw", "https://other.example")).claim("azp", "gw"));
  }

  @Test
  @Rule("TH-IDT-7")
  void rule04SeveralAudiencesNeedAzp() {
    configure(op.provider().withTokens(trusting("https://api.example")));

    accepts(t -> t.claim("aud", List.of("gw", "https://api.example")).claim("azp", "gw"));
    refuses("azp", t -> t.claim("aud", List.of("gw", "https://api.example")));
  }

  @Test
  @Rule("TH-IDT-7")
  void rule05AzpIsUs() {
    accepts(t -> t.claim("azp", "gw"));
    refuses("azp", t -> t.claim("azp", "other"));
  }

  @Test
  @Rule("TH-IDT-1")
  void rule06SignatureIsCheckedThoughTheTokenCameOverTls() {
    accepts(UnaryOperator.identity());
    refuses("signature", t -> t.signature(new byte[256]));
  }

  @Test
  @Rule("TH-IDT-2")
  void rule07AlgorithmIsOneThatWasAgreed() {
    accepts(t -> t.signedBy(TestKey.RSA, "PS256"));
    refuses("alg", t -> t.signedBy(TestKey.RSA, "RS512"));
    // RFC 9864 §2.2: two names for the same.
    accepts(t -> t.signedBy(TestKey.ED, "EdDSA"));
    accepts(t -> t.signedBy(TestKey.ED, "Ed25519"));

    configure(op.provider(Set.of("Ed25519")));

    accepts(t -> t.signedBy(TestKey.ED, "EdDSA"));
    refuses("alg", UnaryOperator.identity());
  }

  @Test
  @Rule("TH-IDT-2")
  void rule08MacIsByTheClientSecretWhereThatWasAgreed() {
    UnaryOperator<TestTokens> maced = t -> t.macedBy(StubOp.CLIENT_SECRET.getBytes(UTF_8));
    refuses("alg", maced);

    configure(op.provider(Set.of("HS256")));

    accepts(maced);
    refuses("signature", t -> t.macedBy("another-secret-0123456789abcdef-01".getBytes(UTF_8)));
  }

  @Test
  @Rule("TH-IDT-8")
  void rule09ExpiredTokenIsRefused() {
    accepts(t -> t.time("exp", Duration.ofSeconds(1)));
    refuses("exp", t -> t.time("exp", IdTokenVerifier.SKEW.negated()));
  }

  @Test
  @Rule("TH-IDT-8")
  void rule10TokenFromADrawerIsRefused() {
    accepts(t -> t.time("iat", IdTokenVerifier.MAX_AGE.negated()));
    refuses("iat", t -> t.time("iat", IdTokenVerifier.MAX_AGE.negated().minusSeconds(1)));
  }

  @Test
  @Rule("TH-IDT-9")
  void rule11NonceIsTheOneThatWasSent() {
    accepts(t -> t.claim("nonce", StubOp.NONCE));
    assertThat(login(StubOp.GRANT, t -> t.claim("nonce", "another")))
        .isEqualTo(new LoginOutcome.Refused(403, "nonce"));
  }

  @Test
  @Rule("TH-IDT-10")
  void rule12AcrIsOneThatWasAskedFor() {
    CodeGrant strong =
        demanding(new AuthenticationDemand(List.of("gold", "silver"), Optional.empty(), Set.of()));

    assertThat(login(strong, t -> t.claim("acr", "silver")))
        .isInstanceOf(LoginOutcome.LoggedIn.class);
    assertThat(login(strong, t -> t.claim("acr", "bronze")))
        .isInstanceOfSatisfying(
            LoginOutcome.Refused.class, refused -> assertThat(refused.status()).isEqualTo(403));
    assertThat(login(strong, UnaryOperator.identity())).isInstanceOf(LoginOutcome.Refused.class);
  }

  @Test
  @Rule("TH-IDT-10")
  void rule13AuthenticationIsNotOlderThanAskedFor() {
    CodeGrant fresh =
        demanding(
            new AuthenticationDemand(List.of(), Optional.of(Duration.ofMinutes(5)), Set.of()));

    assertThat(login(fresh, t -> t.time("auth_time", Duration.ofMinutes(-1))))
        .isInstanceOf(LoginOutcome.LoggedIn.class);
    assertThat(login(fresh, t -> t.time("auth_time", Duration.ofMinutes(-10))))
        .isInstanceOfSatisfying(
            LoginOutcome.Refused.class, refused -> assertThat(refused.status()).isEqualTo(403));
    assertThat(login(fresh, UnaryOperator.identity())).isInstanceOf(LoginOutcome.Refused.class);
  }

  // The conformance suite's kid-absent-single-jwks and kid-absent-multiple-jwks: without kid, each
  // key that fits may have signed. That several do is no reason to refuse the one that did.
  @Test
  @Rule("TH-IDT-3")
  void withoutKidEveryKeyThatFitsIsTried() {
    op.serveKeys(TestKey.RSA);
    accepts(t -> t.header("kid", null));

    op.serveKeys(TestKey.NEXT, TestKey.RSA, TestKey.EC);
    configure(op.provider());
    accepts(t -> t.header("kid", null));
    refuses("kid", t -> t.header("kid", "nobody"));
  }

  private static Tokens trusting(String audience) {
    Tokens plain = Tokens.DEFAULT;
    return new Tokens(
        plain.signingAlgorithms(),
        Set.of(audience),
        plain.decryptionKey(),
        plain.encryptionRequired(),
        plain.senderConstraint(),
        plain.dpopKey(),
        plain.maxLifetime(),
        plain.defaultLifetime());
  }
}
