package dev.gatehouse.oidc;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.Userinfo;
import dev.gatehouse.config.Provider.UserinfoUse;
import dev.gatehouse.seal.Secret;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When userinfo is asked, and each fault of what it answers (OpenID Connect Core §5.3). */
class UserinfoTest {
  private static final String GOOD = "{\"sub\":\"alice-1\",\"groups\":[\"users\"]}";
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
    op.reset().serveIdToken(op.idToken()).serve("userinfo", okJson(GOOD));
    provider = open("sub", "email", "groups");
  }

  private DiscoveredProvider open(String... wanted) {
    return new DiscoveredProvider(
        OpConnection.open(
            op.provider(), StubOp.backchannel(), true, new TestClock(), StubOp.RANDOM),
        op.provider(),
        Set.of(wanted));
  }

  @AfterEach
  void closeProvider() {
    provider.close();
  }

  private LoginOutcome.LoggedIn loggedIn() {
    LoginOutcome outcome = provider.complete(StubOp.GRANT);
    assertThat(outcome).isInstanceOf(LoginOutcome.LoggedIn.class);
    return (LoginOutcome.LoggedIn) outcome;
  }

  @Test
  @Rule("TH-IDT-14")
  void missingClaimIsAskedForWithTheTokenInTheHeader() {
    assertThat(loggedIn().claims())
        .containsEntry("email", "alice@example.com")
        .containsEntry("groups", List.of("users"));

    LoggedRequest call = op.calls("userinfo").get(0);
    assertThat(call.getMethod().getName()).isEqualTo("GET");
    assertThat(call.getUrl()).isEqualTo("/main/userinfo");
    assertThat(call.getHeader("Authorization")).isEqualTo("Bearer " + StubOp.ACCESS_TOKEN);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429})
  @Rule("TH-TOK-13")
  void answerThatCameAtTheWrongMomentEndsNothing(int status) {
    op.serve("userinfo", okJson("{}").withStatus(status));

    assertThat(provider.recheck(Secret.of(StubOp.ACCESS_TOKEN), "alice-1"))
        .isEqualTo(new RefreshOutcome.Undecided(OpFailure.FAILED));
    assertThat(provider.complete(StubOp.GRANT))
        .isEqualTo(new LoginOutcome.Undecided(OpFailure.FAILED));

    op.serve("userinfo", okJson("{}").withStatus(401));
    assertThat(provider.recheck(Secret.of(StubOp.ACCESS_TOKEN), "alice-1"))
        .isEqualTo(new RefreshOutcome.Ended("userinfo"));
  }

  private void use(UserinfoUse use, String... wanted) {
    provider.close();
    Provider configured = op.provider().withUserinfo(new Userinfo(use, false, Map.of(), Map.of()));
    provider =
        new DiscoveredProvider(
            OpConnection.open(
                configured, StubOp.backchannel(), true, new TestClock(), StubOp.RANDOM),
            configured,
            Set.of(wanted));
  }

  @Test
  void alwaysAsksThoughTheIdTokenSaysAll() {
    use(UserinfoUse.ALWAYS, "sub");

    assertThat(loggedIn().claims()).containsEntry("groups", List.of("users"));
    assertThat(op.calls("userinfo")).hasSize(1);
  }

  @Test
  void alwaysRefusesAnOpWithoutUserinfo() {
    op.metadata("userinfo_endpoint", null);
    use(UserinfoUse.ALWAYS, "sub");

    assertThat(provider.complete(StubOp.GRANT))
        .isEqualTo(new LoginOutcome.Refused(502, "userinfo-missing"));
  }

  @Test
  void neverAsksThoughAClaimIsMissing() {
    use(UserinfoUse.NEVER, "groups");

    assertThat(loggedIn().claims()).doesNotContainKey("groups");
    assertThat(op.calls("userinfo")).isEmpty();
  }

  @Test
  void claimInsideOfAnotherIsFoundInTheIdToken() {
    op.serveIdToken(op.idToken().claim("realm_access", Map.of("roles", List.of("users"))));
    use(UserinfoUse.WHEN_NEEDED, "realm_access.roles", "email");

    loggedIn();
    assertThat(op.calls("userinfo")).isEmpty();

    use(UserinfoUse.WHEN_NEEDED, "realm_access.groups");

    loggedIn();
    assertThat(op.calls("userinfo")).hasSize(1);
  }

  private RefreshOutcome refreshed() {
    op.serveIdToken(op.idToken().claim("nonce", null));
    return provider.refresh(Secret.of("refresh-token-of-the-test"), "alice-1");
  }

  @Test
  void refreshAsksAgainWhereTheLoginHadTo() {
    assertThat(refreshed())
        .isInstanceOfSatisfying(
            RefreshOutcome.Refreshed.class,
            more -> assertThat(more.claims()).containsEntry("groups", List.of("users")));

    use(UserinfoUse.WHEN_NEEDED, "email");

    assertThat(refreshed()).isInstanceOf(RefreshOutcome.Refreshed.class);
    assertThat(op.calls("userinfo")).hasSize(1);
  }

  @Test
  @Rule("TH-TOK-13")
  void userinfoThatFailsLosesNoRefreshedTokens() {
    op.serve("userinfo", aResponse().withStatus(503));
    assertThat(refreshed()).isInstanceOf(RefreshOutcome.Refreshed.class);

    op.serve("userinfo", aResponse().withStatus(401));
    assertThat(refreshed()).isInstanceOf(RefreshOutcome.Refreshed.class);
  }

  @Test
  @Rule("TH-IDT-14")
  @Rule("TH-IDT-17")
  void userinfoOfSomebodyElseEndsTheSessionAtARefresh() {
    op.serve("userinfo", okJson("{\"sub\":\"bob-2\"}"));

    assertThat(refreshed()).isEqualTo(new RefreshOutcome.Ended("userinfo-sub"));
  }

  @Test
  void nothingIsAskedWhenTheIdTokenSaysAll() {
    provider.close();
    provider = open("sub", "email");

    assertThat(loggedIn().claims()).doesNotContainKey("groups");
    assertThat(op.calls("userinfo")).isEmpty();
  }

  @Test
  void nothingIsAskedWhereTheOpOffersNoUserinfo() {
    op.metadata("userinfo_endpoint", null);
    provider.close();
    provider = open("groups");

    assertThat(loggedIn().claims()).doesNotContainKey("groups");
  }

  @Test
  void signedClaimsStandAgainstUserinfo() {
    op.serve(
        "userinfo",
        okJson(
            "{\"sub\":\"alice-1\",\"email\":\"root@example.com\",\"sid\":\"other\","
                + "\"groups\":null}"));

    LoginOutcome.LoggedIn loggedIn = loggedIn();

    assertThat(loggedIn.claims())
        .containsEntry("email", "alice@example.com")
        .doesNotContainKey("groups");
    assertThat(loggedIn.sessionId()).contains("sid-1");
  }

  /** One answer and what comes of it. */
  record Case(String name, Supplier<ResponseDefinitionBuilder> answer, LoginOutcome outcome) {
    static Case refused(String name, String reason, Supplier<ResponseDefinitionBuilder> answer) {
      return new Case(name, answer, new LoginOutcome.Refused(502, reason));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> faults() {
    return Stream.of(
        Case.refused("another sub", "userinfo-sub", () -> okJson("{\"sub\":\"bob-2\"}")),
        Case.refused("sub in other case", "userinfo-sub", () -> okJson("{\"sub\":\"Alice-1\"}")),
        Case.refused("no sub", "userinfo-sub", () -> okJson("{\"groups\":[\"users\"]}")),
        Case.refused("sub is a list", "userinfo-sub", () -> okJson("{\"sub\":[\"alice-1\"]}")),
        Case.refused(
            "duplicate sub", "userinfo", () -> okJson("{\"sub\":\"bob-2\",\"sub\":\"alice-1\"}")),
        Case.refused("error", "userinfo", () -> okJson(GOOD).withStatus(401)),
        Case.refused("redirect", "userinfo", UserinfoTest::redirect),
        Case.refused(
            "signed", "userinfo", () -> okJson(GOOD).withHeader("Content-Type", "application/jwt")),
        Case.refused("over 256 KiB", "userinfo", UserinfoTest::big),
        new Case(
            "down",
            () -> aResponse().withStatus(503),
            new LoginOutcome.Undecided(OpFailure.FAILED)));
  }

  private static ResponseDefinitionBuilder redirect() {
    return aResponse()
        .withStatus(302)
        .withHeader("Location", op.server().baseUrl() + "/evil/userinfo");
  }

  private static ResponseDefinitionBuilder big() {
    return okJson("{\"sub\":\"alice-1\",\"junk\":\"" + "A".repeat(256 * 1024) + "\"}");
  }

  @ParameterizedTest
  @MethodSource("faults")
  @Rule("TH-IDT-14")
  void faultyUserinfoMakesNoLogin(Case fault) {
    loggedIn();

    op.serve("userinfo", fault.answer().get());

    assertThat(provider.complete(StubOp.GRANT)).isEqualTo(fault.outcome());
    assertThat(op.server().getAllServeEvents())
        .noneMatch(event -> event.getRequest().getUrl().startsWith("/evil"));
  }
}
