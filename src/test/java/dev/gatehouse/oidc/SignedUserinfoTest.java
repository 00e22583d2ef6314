package dev.gatehouse.oidc;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.Userinfo;
import dev.gatehouse.config.Provider.UserinfoUse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code userinfo-format: jwt}: an answer that the OP signed (OpenID Connect Core §5.3.2). */
class SignedUserinfoTest {
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
    op.reset().serveIdToken(op.idToken());
    provider = open(true);
  }

  @AfterEach
  void closeProvider() {
    provider.close();
  }

  private static DiscoveredProvider open(boolean signed) {
    Provider configured =
        op.provider().withUserinfo(new Userinfo(UserinfoUse.ALWAYS, signed, Map.of(), Map.of()));
    return new DiscoveredProvider(
        OpConnection.open(configured, StubOp.backchannel(), true, new TestClock(), StubOp.RANDOM),
        configured,
        Set.of());
  }

  private static TestTokens good() {
    return op.idToken()
        .claim("nonce", null)
        .claim("exp", null)
        .claim("iat", null)
        .claim("groups", List.of("users"));
  }

  private LoginOutcome answered(String contentType, String body) {
    op.serve("userinfo", aResponse().withHeader("Content-Type", contentType).withBody(body));
    return provider.complete(StubOp.GRANT);
  }

  private LoginOutcome answered(UnaryOperator<TestTokens> change) {
    return answered("application/jwt", change.apply(good()).compact());
  }

  @Test
  @Rule("TH-IDT-14")
  void claimsOfASignedAnswerAreUsed() {
    assertThat(answered(UnaryOperator.identity()))
        .isInstanceOfSatisfying(
            LoginOutcome.LoggedIn.class,
            in -> assertThat(in.claims()).containsEntry("groups", List.of("users")));
    assertThat(op.calls("userinfo").get(0).getHeader("Accept")).isEqualTo("application/jwt");
  }

  @Test
  @Rule("TH-IDT-14")
  void theOtherFormatIsRefusedEitherWay() {
    String json = "{\"sub\":\"alice-1\"}";
    String jwt = good().compact();
    LoginOutcome refused = new LoginOutcome.Refused(502, "userinfo");

    assertThat(answered("application/json", json)).isEqualTo(refused);
    assertThat(answered("application/jwt", json)).isEqualTo(refused);
    assertThat(answered("application/json", jwt)).isEqualTo(refused);

    provider.close();
    provider = open(false);

    assertThat(answered("application/jwt", jwt)).isEqualTo(refused);
    assertThat(answered("application/json", json)).isInstanceOf(LoginOutcome.LoggedIn.class);
  }

  /** One change, and the reason of the refusal. */
  record Case(String name, String reason, UnaryOperator<TestTokens> change) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> wrong() {
    return Stream.of(
        new Case("unsigned", "userinfo", t -> t.header("alg", "none").signature()),
        new Case("HS256", "userinfo", t -> t.macedBy(new byte[32])),
        new Case("another's key", "userinfo", t -> t.signedBy(TestKey.NEXT, "RS256")),
        new Case("no signature", "userinfo", t -> t.signature()),
        new Case("no iss", "userinfo", t -> t.claim("iss", null)),
        new Case("foreign iss", "userinfo", t -> t.claim("iss", "https://evil.example")),
        new Case("no aud", "userinfo", t -> t.claim("aud", null)),
        new Case("foreign aud", "userinfo", t -> t.claim("aud", "other")),
        new Case("foreign auds", "userinfo", t -> t.claim("aud", List.of("a", "b"))),
        new Case("expired", "userinfo", t -> t.time("exp", Duration.ofMinutes(-2))),
        new Case("exp as text", "userinfo", t -> t.claim("exp", "never")),
        new Case("access token", "userinfo", t -> t.header("typ", "at+jwt")),
        new Case("logout token", "userinfo", t -> t.header("typ", "logout+jwt")),
        new Case("another sub", "userinfo-sub", t -> t.claim("sub", "bob-2")),
        new Case("no sub", "userinfo-sub", t -> t.claim("sub", null)),
        new Case("compressed", "userinfo", t -> t.header("zip", "DEF")),
        new Case("too long", "userinfo", t -> t.claim("junk", "A".repeat(16_384))));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  @Rule("TH-IDT-14")
  @Rule("TH-IDT-2")
  void wrongAnswerMakesNoSession(Case wrong) {
    assertThat(answered(wrong.change())).isEqualTo(new LoginOutcome.Refused(502, wrong.reason()));
    assertThat(answered(UnaryOperator.identity())).isInstanceOf(LoginOutcome.LoggedIn.class);
  }

  @Test
  @Rule("TH-IDT-14")
  void unsignedAnswerInPlainJsonIsNoWayAround() {
    op.serve("userinfo", okJson("{\"sub\":\"alice-1\",\"groups\":[\"admins\"]}"));

    assertThat(provider.complete(StubOp.GRANT))
        .isEqualTo(new LoginOutcome.Refused(502, "userinfo"));
  }
}
