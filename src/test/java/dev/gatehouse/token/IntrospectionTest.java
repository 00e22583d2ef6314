package dev.gatehouse.token;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.config.GatehouseConfig.Bearer;
import dev.gatehouse.config.GatehouseConfig.BearerValidation;
import dev.gatehouse.oidc.OpConnection;
import dev.gatehouse.oidc.StubOp;
import dev.gatehouse.oidc.TestClock;
import dev.gatehouse.oidc.TestTokens;
import dev.gatehouse.seal.Secret;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is sent to the introspection endpoint, and each fault of what it answers (RFC 7662). */
class IntrospectionTest {
  private static final TokenVerdict REJECTED = new TokenVerdict.Rejected(BearerError.INVALID_TOKEN);
  private static final BearerCredential.Token TOKEN = token("a+b/c=");
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
    op.reset().serve("introspection", json(good()));
    connection = OpConnection.open(op.provider(), StubOp.backchannel(), true, clock, StubOp.RANDOM);
    verifier =
        TokenVerifiers.open(
            Bearer.of(TestTokens.API, BearerValidation.INTROSPECTION),
            op.provider(),
            StubOp.backchannel(),
            connection);
  }

  @AfterEach
  void close() {
    verifier.close();
    connection.close();
  }

  private static BearerCredential.Token token(String value) {
    return BearerCredential.Token.of(Secret.of(value));
  }

  private static Map<String, Object> good() {
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("active", true);
    response.put("sub", "alice-1");
    response.put("scope", "orders.read");
    response.put("aud", TestTokens.API);
    response.put("iss", op.issuer());
    response.put("client_id", "some-client");
    response.put("token_type", "Bearer");
    response.put("exp", TestTokens.NOW.plusSeconds(300).getEpochSecond());
    return response;
  }

  private static Map<String, Object> goodWith(String name, Object value) {
    Map<String, Object> response = good();
    if (value == null) {
      response.remove(name);
    } else {
      response.put(name, value);
    }
    return response;
  }

  private static ResponseDefinitionBuilder json(Map<String, Object> response) {
    try {
      return okJson(new JsonMapper().writeValueAsString(response));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static long at(Duration afterNow) {
    return TestTokens.NOW.plus(afterNow).getEpochSecond();
  }

  private TokenVerdict judge(BearerCredential.Token token) {
    return verifier
        .atOnce(token)
        .orElseGet(() -> verifier.verify(token).toCompletableFuture().join());
  }

  private int calls() {
    return op.calls("introspection").size();
  }

  @Test
  @Rule("TH-BEAR-9")
  @Rule("TH-QUIRK-17")
  void tokenIsPostedIntactAndInNoUrl() {
    assertThat(judge(TOKEN))
        .isInstanceOfSatisfying(
            TokenVerdict.Active.class,
            active -> {
              assertThat(active.subject()).isEqualTo("alice-1");
              assertThat(active.scopes()).containsExactly("orders.read");
              assertThat(active.expiresAt()).isEqualTo(TestTokens.NOW.plusSeconds(300));
            });

    LoggedRequest call = op.calls("introspection").get(0);
    assertThat(call.getMethod().getName()).isEqualTo("POST");
    assertThat(call.getUrl()).isEqualTo("/main/introspection");
    assertThat(call.getBodyAsString()).isEqualTo("token=a%2Bb%2Fc%3D&token_type_hint=access_token");
    String basic = call.getHeader("Authorization").substring("Basic ".length());
    assertThat(new String(Base64.getDecoder().decode(basic), UTF_8))
        .isEqualTo(TestTokens.CLIENT_ID + ":" + StubOp.CLIENT_SECRET);
  }

  /** One answer and what comes of it; null for a good token. */
  record Case(String name, Supplier<ResponseDefinitionBuilder> answer, TokenVerdict verdict) {
    static Case rejected(String name, String member, Object value) {
      return new Case(name, () -> json(goodWith(member, value)), REJECTED);
    }

    static Case fine(String name, String member, Object value) {
      return new Case(name, () -> json(goodWith(member, value)), null);
    }

    static Case undecided(
        String name, OpFailure failure, Supplier<ResponseDefinitionBuilder> answer) {
      return new Case(name, answer, new TokenVerdict.Undecided(failure));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private void check(Case fault) {
    assertThat(judge(TOKEN)).isInstanceOf(TokenVerdict.Active.class);
    op.serve("introspection", fault.answer().get());
    TokenVerdict verdict = judge(token("another"));
    if (fault.verdict() == null) {
      assertThat(verdict).isInstanceOf(TokenVerdict.Active.class);
    } else {
      assertThat(verdict).isEqualTo(fault.verdict());
    }
  }

  static Stream<Case> inactive() {
    return Stream.of(
        Case.rejected("false", "active", false),
        Case.rejected("a string", "active", "true"),
        Case.rejected("a number", "active", 1),
        Case.rejected("a list", "active", List.of(true)),
        Case.rejected("absent", "active", null),
        new Case("empty object", () -> okJson("{}"), REJECTED));
  }

  @ParameterizedTest
  @MethodSource("inactive")
  @Rule("TH-BEAR-10")
  void onlyTheJsonValueTrueIsActive(Case fault) {
    check(fault);
  }

  static Stream<Case> failures() {
    return Stream.of(
        Case.undecided("500", OpFailure.FAILED, () -> json(good()).withStatus(500)),
        Case.undecided("201", OpFailure.NONSENSE, () -> json(good()).withStatus(201)),
        Case.undecided("401", OpFailure.NONSENSE, () -> json(good()).withStatus(401)),
        Case.undecided("404", OpFailure.NONSENSE, () -> aResponse().withStatus(404)),
        Case.undecided("redirect", OpFailure.REDIRECTED, IntrospectionTest::redirect),
        Case.undecided("array", OpFailure.NONSENSE, () -> okJson("[]")),
        Case.undecided("empty", OpFailure.NONSENSE, () -> okJson("")),
        Case.undecided("two answers", OpFailure.NONSENSE, IntrospectionTest::duplicate),
        Case.undecided(
            "HTML", OpFailure.NONSENSE, () -> json(good()).withHeader("Content-Type", "text/html")),
        Case.undecided(
            "over 64 KiB", OpFailure.NONSENSE, () -> json(goodWith("junk", "A".repeat(65_536)))));
  }

  private static ResponseDefinitionBuilder redirect() {
    return aResponse()
        .withStatus(302)
        .withHeader("Location", op.server().baseUrl() + "/evil/introspection");
  }

  private static ResponseDefinitionBuilder duplicate() {
    return okJson("{\"active\":false,\"active\":true}");
  }

  @ParameterizedTest
  @MethodSource("failures")
  @Rule("TH-BEAR-10")
  void failureOfTheOpDecidesNothing(Case fault) {
    check(fault);
    assertThat(op.server().getAllServeEvents())
        .noneMatch(event -> event.getRequest().getUrl().startsWith("/evil"));
  }

  static Stream<Case> claims() {
    return Stream.of(
        Case.fine("no exp", "exp", null),
        Case.fine("no iss", "iss", null),
        Case.fine("no token_type", "token_type", null),
        Case.fine("token_type in lower case", "token_type", "bearer"),
        Case.fine("no scope", "scope", null),
        Case.fine("aud list", "aud", List.of("x", TestTokens.API)),
        Case.rejected("exp past", "exp", at(Duration.ofSeconds(-1))),
        Case.rejected("at its exp", "exp", at(Duration.ZERO)),
        Case.rejected("exp as a string", "exp", "9999999999"),
        Case.rejected("nbf ahead", "nbf", at(Duration.ofSeconds(61))),
        Case.rejected("iat ahead", "iat", at(Duration.ofSeconds(61))),
        Case.rejected("foreign iss", "iss", "https://evil.example"),
        Case.rejected("token_type DPoP", "token_type", "DPoP"),
        Case.rejected("token_type refresh", "token_type", "refresh_token"),
        Case.rejected("no sub", "sub", null));
  }

  @ParameterizedTest
  @MethodSource("claims")
  @Rule("TH-BEAR-11")
  void activeAnswerIsCheckedAllTheSame(Case fault) {
    check(fault);
  }

  static Stream<Case> audiences() {
    return Stream.of(
        Case.rejected("none", "aud", null),
        Case.rejected("another API", "aud", "https://other.example"),
        Case.rejected("our client id", "aud", TestTokens.CLIENT_ID),
        Case.rejected("prefix", "aud", TestTokens.API + ".evil.example"));
  }

  @ParameterizedTest
  @MethodSource("audiences")
  @Rule("TH-BEAR-7")
  void tokenIsForThisApi(Case fault) {
    check(fault);
  }

  @Test
  @Rule("TH-BEAR-17")
  void tokenBoundToAKeyIsWorthNothingAlone() {
    check(Case.rejected("cnf", "cnf", Map.of("jkt", "x")));
  }

  @Test
  @Rule("TH-BEAR-12")
  void answerIsUsedForAMinute() {
    judge(TOKEN);
    clock.advance(Duration.ofSeconds(59));
    judge(TOKEN);
    assertThat(calls()).isEqualTo(1);

    clock.advance(Duration.ofSeconds(1));
    assertThat(judge(TOKEN)).isInstanceOf(TokenVerdict.Active.class);
    assertThat(calls()).isEqualTo(2);
  }

  @Test
  @Rule("TH-BEAR-12")
  @Rule("TH-BEAR-15")
  void answerIsNotUsedPastTheExpiryOfTheToken() {
    op.serve("introspection", json(goodWith("exp", at(Duration.ofSeconds(5)))));
    assertThat(judge(TOKEN)).isInstanceOf(TokenVerdict.Active.class);

    clock.advance(Duration.ofSeconds(5));
    op.serve("introspection", aResponse().withStatus(503));
    assertThat(judge(TOKEN)).isEqualTo(new TokenVerdict.Undecided(OpFailure.FAILED));
  }

  @Test
  @Rule("TH-BEAR-15")
  void nothingStaleIsUsedWhileTheOpIsDown() {
    assertThat(judge(TOKEN)).isInstanceOf(TokenVerdict.Active.class);
    op.serve("introspection", aResponse().withStatus(503));

    clock.advance(Duration.ofSeconds(59));
    assertThat(judge(TOKEN)).isInstanceOf(TokenVerdict.Active.class);
    clock.advance(Duration.ofSeconds(1));
    assertThat(judge(TOKEN)).isEqualTo(new TokenVerdict.Undecided(OpFailure.FAILED));
  }

  @Test
  @Rule("TH-BEAR-13")
  void inactiveIsRememberedForTenSeconds() {
    op.serve("introspection", okJson("{\"active\":false}"));
    assertThat(judge(TOKEN)).isEqualTo(REJECTED);
    op.serve("introspection", json(good()));

    clock.advance(Duration.ofMillis(9999));
    assertThat(judge(TOKEN)).isEqualTo(REJECTED);
    assertThat(calls()).isEqualTo(1);
    clock.advance(Duration.ofMillis(1));
    assertThat(judge(TOKEN)).isInstanceOf(TokenVerdict.Active.class);
  }

  @Test
  @Rule("TH-BEAR-13")
  void failureIsNotRemembered() {
    op.serve("introspection", aResponse().withStatus(500));
    assertThat(judge(TOKEN)).isEqualTo(new TokenVerdict.Undecided(OpFailure.FAILED));
    op.serve("introspection", json(good()));

    assertThat(judge(TOKEN)).isInstanceOf(TokenVerdict.Active.class);
  }

  @Test
  @Rule("TH-DOS-6")
  void crowdWithOneTokenMakesOneCall() {
    op.serve("introspection", json(good()).withFixedDelay(300));

    List<CompletableFuture<TokenVerdict>> verdicts =
        IntStream.range(0, 500)
            .mapToObj(i -> verifier.verify(TOKEN).toCompletableFuture())
            .toList();

    assertThat(verdicts)
        .allSatisfy(verdict -> assertThat(verdict.join()).isInstanceOf(TokenVerdict.Active.class));
    assertThat(calls()).isEqualTo(1);
  }

  @Test
  @Rule("TH-DOS-5")
  void callsBeyondTheBoundsAreRefusedAtOnce() {
    op.serve("introspection", json(good()).withFixedDelay(1000));

    List<CompletableFuture<TokenVerdict>> verdicts =
        IntStream.range(0, 100)
            .mapToObj(i -> verifier.verify(token("token-" + i)).toCompletableFuture())
            .toList();

    assertThat(verdicts.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
        .hasSizeGreaterThanOrEqualTo(76)
        .containsOnly(new TokenVerdict.Undecided(OpFailure.OVERLOADED));
  }

  @Test
  @Rule("TH-DOS-6")
  void opThatFailsAgainAndAgainIsSparedForASecond() {
    judge(TOKEN);
    op.serve("introspection", aResponse().withStatus(503));
    for (int i = 0; i < 20; i++) {
      assertThat(judge(token("t" + i))).isInstanceOf(TokenVerdict.Undecided.class);
    }
    assertThat(calls()).isEqualTo(1 + 10);

    op.serve("introspection", json(good()));
    assertThat(judge(token("t"))).isInstanceOf(TokenVerdict.Undecided.class);
    clock.advance(Duration.ofSeconds(1));
    assertThat(judge(token("probe"))).isInstanceOf(TokenVerdict.Active.class);
    assertThat(judge(token("next"))).isInstanceOf(TokenVerdict.Active.class);
  }

  @Test
  @Rule("TH-DOS-6")
  void failedProbeKeepsTheBreakerOpen() {
    op.serve("introspection", aResponse().withStatus(503));
    for (int i = 0; i < 10; i++) {
      judge(token("t" + i));
    }
    clock.advance(Duration.ofSeconds(1));
    judge(token("probe"));
    judge(token("after the probe"));

    assertThat(calls()).isEqualTo(11);
  }

  @Test
  @Rule("TH-DOS-7")
  void floodOfInventedTokensDrivesNoGoodOneOut() {
    VerdictCache cache = new VerdictCache(clock, Duration.ofSeconds(60), Duration.ZERO);
    TokenHash hot = TokenHash.of(Secret.of("hot"));
    cache.keep(
        hot,
        new TokenVerdict.Active(
            op.issuer(),
            "alice-1",
            Set.of(),
            Map.of(),
            TestTokens.NOW.plusSeconds(300),
            TokenBinding.NONE));
    for (int i = 0; i < 100_000; i++) {
      cache.keepBad(TokenHash.of(Secret.of("invented-" + i)));
    }

    assertThat(cache.find(hot)).containsInstanceOf(TokenVerdict.Active.class);
  }

  @Test
  @Rule("TH-BEAR-14")
  void cacheHoldsTheAnswerWithItsScopes() {
    judge(TOKEN);

    assertThat(verifier.atOnce(TOKEN))
        .hasValueSatisfying(
            verdict ->
                assertThat(((TokenVerdict.Active) verdict).scopes())
                    .containsExactly("orders.read"));
  }

  @Test
  @Rule("TH-BEAR-16")
  void forgottenTokenIsAskedForAgain() {
    judge(TOKEN);
    verifier.forget(Secret.of("other"));
    assertThat(verifier.atOnce(TOKEN)).isPresent();

    verifier.forget(TOKEN.value());
    assertThat(verifier.atOnce(TOKEN)).isEmpty();

    judge(TOKEN);
    verifier.forgetSubject(op.issuer(), "alice-1");
    assertThat(verifier.atOnce(TOKEN)).isEmpty();
    assertThat(calls()).isEqualTo(2);
  }

  @Test
  void opWithoutIntrospectionDecidesNothing() {
    op.metadata("introspection_endpoint", null);
    close();
    connection = OpConnection.open(op.provider(), StubOp.backchannel(), true, clock, StubOp.RANDOM);
    verifier =
        TokenVerifiers.open(
            Bearer.of(TestTokens.API, BearerValidation.INTROSPECTION),
            op.provider(),
            StubOp.backchannel(),
            connection);

    assertThat(judge(TOKEN)).isEqualTo(new TokenVerdict.Undecided(OpFailure.METADATA_REFUSED));
    assertThat(calls()).isZero();
  }
}
