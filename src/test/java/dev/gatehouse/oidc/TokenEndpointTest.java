package dev.gatehouse.oidc;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.ClientAuthentication;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is sent to the token endpoint, and each fault of what it answers (threats.md §5). */
class TokenEndpointTest {
  /** For replies that do not end. */
  private static final Duration DEADLINE = Duration.ofSeconds(2);

  /** For those that do. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static StubOp op;

  private final TestClock clock = new TestClock();
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

  private DiscoveredProvider open(Provider registration) {
    return open(registration, PATIENCE);
  }

  private DiscoveredProvider open(Provider registration, Duration deadline) {
    return new DiscoveredProvider(
        OpConnection.open(registration, StubOp.backchannel(deadline), true, clock, StubOp.RANDOM),
        registration,
        Set.of("sub"));
  }

  @AfterEach
  void closeProvider() {
    provider.close();
  }

  private LoginOutcome login() {
    return provider.complete(StubOp.GRANT);
  }

  private static Map<String, Object> good() {
    return StubOp.tokenResponse(op.idToken().compact());
  }

  private static Map<String, Object> goodWith(String name, Object value) {
    Map<String, Object> response = new LinkedHashMap<>(good());
    if (value == null) {
      response.remove(name);
    } else {
      response.put(name, value);
    }
    return response;
  }

  private static ResponseDefinitionBuilder json(Map<String, Object> response) {
    return okJson(TestTokens.json(response));
  }

  private LoginOutcome.LoggedIn loggedInWith(Map<String, Object> response) {
    op.serve("token", json(response));
    assertThat(login()).isInstanceOf(LoginOutcome.LoggedIn.class);
    return (LoginOutcome.LoggedIn) login();
  }

  @Test
  @Rule("TH-TOK-1")
  @Rule("TH-TOK-2")
  void codeIsPostedInAFormWithoutQuery() {
    op.serve("token", json(good()));

    assertThat(login()).isInstanceOf(LoginOutcome.LoggedIn.class);

    assertThat(op.calls("token")).hasSize(1);
    LoggedRequest call = op.calls("token").get(0);
    assertThat(call.getMethod().getName()).isEqualTo("POST");
    assertThat(call.getUrl()).isEqualTo("/main/token");
    assertThat(call.getHeader("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
    assertThat(call.getBodyAsString())
        .isEqualTo(
            "grant_type=authorization_code&code=code-of-the-test"
                + "&redirect_uri=https%3A%2F%2Fapp.example%2Fgatehouse%2Fcallback"
                + "&code_verifier=verifier-verifier-verifier-verifier-verifier");
  }

  @Test
  @Rule("TH-TOK-3")
  void basicCredentialsAreFormEncodedFirst() {
    provider.close();
    provider = open(op.provider(ClientAuthentication.CLIENT_SECRET_BASIC, "gw", "a:b%+ü"));
    op.serve("token", json(good()));

    assertThat(login()).isInstanceOf(LoginOutcome.LoggedIn.class);

    LoggedRequest call = op.calls("token").get(0);
    String basic = call.getHeader("Authorization").substring("Basic ".length());
    assertThat(new String(Base64.getDecoder().decode(basic), UTF_8))
        .isEqualTo("gw:a%3Ab%25%2B%C3%BC");
    assertThat(call.getBodyAsString()).doesNotContain("client_id", "client_secret");
  }

  @Test
  @Rule("TH-TOK-3")
  void postedCredentialsAreSentByThatMethodAlone() {
    provider.close();
    provider = open(op.provider(ClientAuthentication.CLIENT_SECRET_POST, "gw", "a:b%+ü"));
    op.serve("token", json(good()));

    assertThat(login()).isInstanceOf(LoginOutcome.LoggedIn.class);

    LoggedRequest call = op.calls("token").get(0);
    assertThat(call.containsHeader("Authorization")).isFalse();
    assertThat(call.getBodyAsString()).endsWith("&client_id=gw&client_secret=a%3Ab%25%2B%C3%BC");
  }

  /** One answer and what comes of it. */
  record Case(String name, Supplier<ResponseDefinitionBuilder> answer, LoginOutcome outcome) {
    static Case refused(String name, String reason, Supplier<ResponseDefinitionBuilder> answer) {
      return new Case(name, answer, new LoginOutcome.Refused(502, reason));
    }

    static Case undecided(
        String name, OpFailure failure, Supplier<ResponseDefinitionBuilder> answer) {
      return new Case(name, answer, new LoginOutcome.Undecided(failure));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private void check(Case fault) {
    op.serve("token", json(good()));
    assertThat(login()).isInstanceOf(LoginOutcome.LoggedIn.class);
    if (fault.outcome().equals(new LoginOutcome.Undecided(OpFailure.TIMED_OUT))) {
      hurry();
    }
    op.serve("token", fault.answer().get());
    assertThat(login()).isEqualTo(fault.outcome());
  }

  /** Opens the provider anew, with the metadata read, to wait for {@link #DEADLINE} only. */
  private void hurry() {
    provider.close();
    provider = open(op.provider(), DEADLINE);
    assertThat(provider.discover()).isEmpty();
  }

  static Stream<Case> bodies() {
    return Stream.of(
        Case.refused("error at 200", "token-error", () -> okJson("{\"error\":\"bad\"}")),
        Case.refused("error beside tokens", "token-error", () -> json(goodWith("error", "x"))),
        Case.refused("empty error beside tokens", "token-error", () -> json(goodWith("error", ""))),
        Case.refused("status 201", "token-error", () -> json(good()).withStatus(201)),
        Case.refused("status 400", "token-error", () -> json(good()).withStatus(400)),
        Case.refused("array", "token-error", () -> okJson("[]")),
        Case.refused("string", "token-error", () -> okJson("\"x\"")),
        Case.refused("empty", "token-error", () -> okJson("")),
        Case.refused("cut off", "token-error", () -> okJson("{\"access_token\":\"x\"")),
        Case.refused("duplicate member", "token-error", TokenEndpointTest::duplicate),
        Case.refused("two objects", "token-error", () -> okJson(TestTokens.json(good()) + "{}")),
        Case.refused("deep", "token-error", () -> json(goodWith("deep", nested()))),
        Case.refused("10 MB", "token-error", () -> json(goodWith("junk", "A".repeat(10_000_000)))),
        Case.refused("just over 64 KiB", "token-error", () -> padded(64 * 1024 + 1)),
        Case.refused("gzip", "token-error", TokenEndpointTest::gzip),
        Case.refused("gzip bomb", "token-error", TokenEndpointTest::gzipBomb),
        Case.refused("unknown encoding", "token-error", () -> encoded("br")),
        Case.refused("HTML", "token-error", () -> typed("text/html")),
        Case.refused("form-encoded", "token-error", TokenEndpointTest::form),
        Case.refused("no type", "token-error", TokenEndpointTest::untyped),
        Case.refused(
            "Latin-1",
            "token-error",
            () -> okJson("").withBody(new byte[] {'{', (byte) 0xfc, '}'})),
        Case.refused("no access_token", "token-error", () -> json(goodWith("access_token", null))),
        Case.refused("empty access_token", "token-error", () -> json(goodWith("access_token", ""))),
        Case.refused("number", "token-error", () -> json(goodWith("access_token", 1))),
        Case.refused(
            "CR LF in it", "token-error", () -> json(goodWith("access_token", "x\r\nX-Evil: 1"))),
        Case.refused("scope is a list", "token-error", () -> json(goodWith("scope", List.of("a")))),
        Case.refused("no id_token", "id-token-missing", () -> json(goodWith("id_token", null))),
        Case.refused("empty id_token", "id-token-missing", () -> json(goodWith("id_token", ""))),
        Case.refused(
            "id_token is an object",
            "id-token-missing",
            () -> json(goodWith("id_token", Map.of()))));
  }

  private static ResponseDefinitionBuilder duplicate() {
    return okJson(TestTokens.json(good()).replaceFirst("\\{", "{\"access_token\":\"evil\","));
  }

  private static Object nested() {
    Object value = "x";
    for (int i = 0; i < 40; i++) {
      value = List.of(value);
    }
    return value;
  }

  private static ResponseDefinitionBuilder padded(int length) {
    int used = TestTokens.json(goodWith("junk", "")).length();
    return json(goodWith("junk", "A".repeat(length - used)));
  }

  private static ResponseDefinitionBuilder typed(String contentType) {
    return json(good()).withHeader("Content-Type", contentType);
  }

  private static ResponseDefinitionBuilder encoded(String encoding) {
    return json(good()).withHeader("Content-Encoding", encoding);
  }

  private static ResponseDefinitionBuilder untyped() {
    return aResponse().withStatus(200).withBody(TestTokens.json(good()));
  }

  private static ResponseDefinitionBuilder form() {
    return aResponse()
        .withStatus(200)
        .withHeader("Content-Type", "application/x-www-form-urlencoded")
        .withBody("access_token=x&token_type=Bearer");
  }

  private static ResponseDefinitionBuilder gzip() {
    return encoded("gzip").withBody(gzipped(TestTokens.json(good())));
  }

  private static ResponseDefinitionBuilder gzipBomb() {
    return encoded("gzip")
        .withBody(gzipped(TestTokens.json(goodWith("junk", "A".repeat(50_000_000)))));
  }

  private static byte[] gzipped(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @MethodSource("bodies")
  @Rule("TH-TOK-7")
  @Rule("TH-IDT-1")
  @Rule("TH-DOS-11")
  @Rule("TH-QUIRK-12")
  void onlyAStrictJsonObjectIsATokenResponse(Case fault) {
    check(fault);
  }

  @Test
  @Rule("TH-TOK-7")
  void bodyOfExactly64KiBIsRead() {
    op.serve("token", padded(64 * 1024));

    assertThat(login()).isInstanceOf(LoginOutcome.LoggedIn.class);
  }

  static Stream<Case> types() {
    return Stream.of(
        Case.refused("mac", "token-type", () -> json(goodWith("token_type", "mac"))),
        Case.refused("DPoP, unasked", "token-type", () -> json(goodWith("token_type", "DPoP"))),
        Case.refused("none", "token-type", () -> json(goodWith("token_type", null))),
        Case.refused("prefix", "token-type", () -> json(goodWith("token_type", "Bearer "))),
        Case.refused("list", "token-type", () -> json(goodWith("token_type", List.of("Bearer")))));
  }

  @ParameterizedTest
  @MethodSource("types")
  @Rule("TH-TOK-8")
  @Rule("TH-QUIRK-11")
  void onlyBearerTokensAreTaken(Case fault) {
    check(fault);
  }

  @Test
  @Rule("TH-TOK-8")
  void caseOfTheTypeDoesNotMatter() {
    for (String type : List.of("bearer", "BEARER", "bEaReR")) {
      op.serve("token", json(goodWith("token_type", type)));
      assertThat(login()).as(type).isInstanceOf(LoginOutcome.LoggedIn.class);
    }
  }

  static Stream<Case> failures() {
    return Stream.of(
        Case.undecided("500", OpFailure.FAILED, () -> json(good()).withStatus(500)),
        Case.undecided("503", OpFailure.FAILED, () -> aResponse().withStatus(503)),
        Case.undecided(
            "reset",
            OpFailure.UNREACHABLE,
            () -> aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)),
        Case.undecided(
            "closed", OpFailure.UNREACHABLE, () -> aResponse().withFault(Fault.EMPTY_RESPONSE)),
        Case.undecided(
            "hangs", OpFailure.TIMED_OUT, () -> json(good()).withFixedDelay(4 * millis(DEADLINE))),
        Case.undecided(
            "drips",
            OpFailure.TIMED_OUT,
            () -> json(good()).withChunkedDribbleDelay(40, 10 * millis(DEADLINE))),
        new Case(
            "rejects the client",
            () -> okJson("{\"error\":\"invalid_client\"}").withStatus(401),
            new LoginOutcome.Refused(502, "token-error")),
        new Case(
            "rejects the code",
            () -> okJson("{\"error\":\"invalid_grant\"}").withStatus(400),
            new LoginOutcome.Refused(400, "code-rejected")),
        new Case(
            "rejects the code at 200",
            () -> okJson("{\"error\":\"invalid_grant\"}"),
            new LoginOutcome.Refused(400, "code-rejected")));
  }

  private static int millis(Duration duration) {
    return (int) duration.toMillis();
  }

  @ParameterizedTest
  @MethodSource("failures")
  @Rule("TH-TOK-6")
  @Rule("TH-STATE-11")
  void codeIsSentOnceWhateverComesBack(Case fault) {
    check(fault);
    // One call for the good login, one for the bad: none is repeated.
    assertThat(op.calls("token")).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  @Rule("TH-TOK-6")
  void deadlineHoldsAgainstADrippingReply() {
    op.serve("token", json(good()).withChunkedDribbleDelay(100, 60_000));
    hurry();

    long start = System.nanoTime();
    LoginOutcome outcome = login();

    assertThat(outcome).isEqualTo(new LoginOutcome.Undecided(OpFailure.TIMED_OUT));
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .as("the whole reply would take a minute")
        .isBetween(DEADLINE.minusMillis(50), Duration.ofSeconds(30));
  }

  static Stream<Integer> redirects() {
    return Stream.of(301, 302, 303, 307, 308);
  }

  @ParameterizedTest
  @MethodSource("redirects")
  @Rule("TH-TOK-5")
  void redirectIsAFailureAndNotFollowed(int status) {
    check(
        Case.refused(
            "redirect",
            "token-redirect",
            () ->
                json(good())
                    .withStatus(status)
                    .withHeader("Location", op.server().baseUrl() + "/evil")));
    assertThat(op.server().getAllServeEvents())
        .noneMatch(event -> event.getRequest().getUrl().startsWith("/evil"));
  }

  @Test
  @Rule("TH-TOK-10")
  void narrowerScopeIsRecordedAndWiderIsNotUsed() {
    assertThat(loggedInWith(good()).authentication().scopes())
        .containsExactlyInAnyOrder("openid", "profile", "email");
    assertThat(loggedInWith(goodWith("scope", "openid")).authentication().scopes())
        .containsExactly("openid");
    assertThat(loggedInWith(goodWith("scope", "openid admin EMAIL")).authentication().scopes())
        .containsExactly("openid");
  }

  static Stream<Map.Entry<Object, Optional<Instant>>> lifetimes() {
    Instant now = TestTokens.NOW;
    return Stream.of(
        Map.entry(3600, Optional.of(now.plusSeconds(3600))),
        Map.entry("3600", Optional.of(now.plusSeconds(3600))),
        Map.entry(new BigDecimal("3600.0"), Optional.of(now.plusSeconds(3600))),
        Map.entry(0, Optional.of(now)),
        Map.entry(-1, Optional.of(now)),
        Map.entry("-1", Optional.empty()),
        Map.entry("1h", Optional.empty()),
        Map.entry("", Optional.empty()),
        Map.entry(new BigDecimal("1.5"), Optional.empty()),
        Map.entry(new BigDecimal("1e99"), Optional.empty()),
        Map.entry(366 * 86_400, Optional.empty()),
        Map.entry(true, Optional.empty()));
  }

  @ParameterizedTest
  @MethodSource("lifetimes")
  @Rule("TH-QUIRK-9")
  @Rule("TH-QUIRK-10")
  void lifetimeIsNeverForEver(Map.Entry<Object, Optional<Instant>> lifetime) {
    assertThat(loggedInWith(goodWith("expires_in", lifetime.getKey())).accessTokenExpiresAt())
        .isEqualTo(lifetime.getValue());
    assertThat(loggedInWith(goodWith("expires_in", null)).accessTokenExpiresAt()).isEmpty();
  }

  @Test
  void tokensAreHandedOverAsSecrets() {
    LoginOutcome.LoggedIn loggedIn = loggedInWith(goodWith("refresh_token", "rt+/x=="));

    assertThat(loggedIn.refreshToken().orElseThrow().reveal()).isEqualTo("rt+/x==");
    assertThat(loggedIn.accessToken().reveal()).isEqualTo(StubOp.ACCESS_TOKEN);
    assertThat(loggedIn.sessionId()).contains("sid-1");
    assertThat(loggedIn.toString()).doesNotContain("rt+/x==", StubOp.ACCESS_TOKEN);
  }
}
