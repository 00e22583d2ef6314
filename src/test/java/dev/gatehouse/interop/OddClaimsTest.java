package dev.gatehouse.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.EachDoor;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.LiveGateway;
import dev.gatehouse.testkit.Reply;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code mock-oauth2-server} puts into its ID tokens whatever it is told: what is odd but harmless
 * reaches the app without loss, what contradicts the specifications makes no session.
 */
@ParameterizedClass(name = "{0}")
@EachDoor
@ExtendWith(LeakWatch.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OddClaimsTest {
  private static final String CLIENT_ID = "gw";
  private static final String ISSUER_ID = "odd";
  private static final long TOKEN_SECONDS = 3600;

  @Parameter private DoorKind door;

  private MockOAuth2Server op;
  private LiveGateway gateway;

  @BeforeParameterizedClassInvocation
  void open() throws UnknownHostException {
    op = new MockOAuth2Server(new OAuth2Config(false));
    op.start(InetAddress.getByName("127.0.0.1"), 0);
    gateway =
        LiveGateway.open(
            door,
            "http://127.0.0.1:" + op.baseUrl().port() + "/" + ISSUER_ID,
            """
            provider: {client-id: gw, client-secret: a-secret-of-this-test-0123456789}
            identity:
              headers:
                X-Gatehouse-Name: name
                X-Gatehouse-Country: address.country
                X-Gatehouse-Groups: groups
            rules:
              - {path: /verified/**, access: login, require: {email: alice@example.com}}
            """);
  }

  @AfterParameterizedClassInvocation
  void close() {
    gateway.close();
    op.shutdown();
  }

  /** Alice with all claims that the gateway looks for, but for what {@code odd} changes. */
  private static Map<String, Object> alice(Map<String, ?> odd) {
    Map<String, Object> claims = new HashMap<>();
    claims.put("name", "Alice A");
    claims.put("address", Map.of("country", "JP"));
    claims.put("groups", List.of("users"));
    claims.put("email", "alice@example.com");
    claims.putAll(odd);
    return claims;
  }

  /** What the OP puts into its next token. */
  private void next(Map<String, ?> odd, long lifeSeconds) {
    op.enqueueCallback(
        new DefaultOAuth2TokenCallback(
            ISSUER_ID, "alice-1", "JWT", List.of(CLIENT_ID), alice(odd), lifeSeconds));
  }

  private Reply signIn(Browser browser, Map<String, ?> odd) {
    next(odd, TOKEN_SECONDS);
    return signIn(browser);
  }

  private Reply signIn(Browser browser) {
    Reply start = browser.get("/x");
    assertThat(start.status()).as("%s", start).isEqualTo(302);
    Reply atOp = browser.send(Ask.get(start.location()).site("cross-site"));
    assertThat(atOp.status()).as("%s", atOp).isEqualTo(302);
    return browser.send(Ask.get(atOp.location()).site("cross-site"));
  }

  static Stream<Arguments> harmless() {
    return Stream.of(
        Arguments.of("nothing odd", Map.of(), "X-Gatehouse-Name", "Alice A"),
        Arguments.of("a number", Map.of("name", 42), "X-Gatehouse-Name", "42"),
        Arguments.of(
            "more digits than a double holds",
            Map.of("name", 9007199254740993L),
            "X-Gatehouse-Name",
            "9007199254740993"),
        Arguments.of(
            "a fraction", Map.of("name", new BigDecimal("3.50")), "X-Gatehouse-Name", "3.5"),
        Arguments.of("a boolean", Map.of("name", false), "X-Gatehouse-Name", "false"),
        Arguments.of("empty", Map.of("name", ""), "X-Gatehouse-Name", null),
        Arguments.of(
            "Hangul", Map.of("name", "홍길동"), "X-Gatehouse-Name", "%ED%99%8D%EA%B8%B8%EB%8F%99"),
        Arguments.of(
            "a comma", Map.of("groups", List.of("a,b", "c")), "X-Gatehouse-Groups", "a%2Cb,c"),
        Arguments.of(
            "a list of all kinds",
            Map.of("groups", Arrays.asList(1, true, "x", null, "")),
            "X-Gatehouse-Groups",
            "1,true,x"),
        Arguments.of(
            "one text for a list", Map.of("groups", "users"), "X-Gatehouse-Groups", "users"),
        Arguments.of("an empty list", Map.of("groups", List.of()), "X-Gatehouse-Groups", null),
        Arguments.of("a member of an object", Map.of(), "X-Gatehouse-Country", "JP"),
        Arguments.of(
            "a claim with a dot in its name",
            Map.of("address.country", "KR"),
            "X-Gatehouse-Country",
            "KR"),
        Arguments.of(
            "claims that nobody asked for",
            Map.of("__proto__", Map.of("a", List.of(1)), "class", 1),
            "X-Gatehouse-Name",
            "Alice A"),
        Arguments.of("aud as a list", Map.of("aud", List.of("gw")), "X-Gatehouse-Name", "Alice A"),
        Arguments.of("aud as a text", Map.of("aud", "gw"), "X-Gatehouse-Name", "Alice A"),
        Arguments.of(
            "aud twice ours",
            Map.of("aud", List.of("gw", "gw"), "azp", "gw"),
            "X-Gatehouse-Name",
            "Alice A"),
        Arguments.of("sid a number", Map.of("sid", 5), "X-Gatehouse-Name", "Alice A"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("harmless")
  @Rule("TH-HDR-8")
  @Rule("TH-HDR-9")
  @Rule("TH-IDT-7")
  void oddClaimReachesTheAppWithoutLoss(
      String what, Map<String, ?> odd, String header, String expected) {
    Browser browser = gateway.browser();

    assertThat(signIn(browser, odd).status()).isEqualTo(303);

    gateway.app().forget();
    assertThat(App.made(browser.get("/x"))).isTrue();
    assertThat(gateway.app().only().header(header)).isEqualTo(expected);
  }

  static Stream<Arguments> wrong() {
    Map<String, Object> noNonce = new HashMap<>();
    noNonce.put("nonce", null);
    Map<String, Object> noSubject = new HashMap<>();
    noSubject.put("sub", null);
    Map<String, Object> noAudience = new HashMap<>();
    noAudience.put("aud", null);
    return Stream.of(
        Arguments.of("no nonce", "nonce", noNonce),
        Arguments.of("nonce a number", "nonce", Map.of("nonce", 1)),
        Arguments.of("nonce a list", "nonce", Map.of("nonce", List.of("x"))),
        Arguments.of("no sub", "sub", noSubject),
        Arguments.of("sub a number", "sub", Map.of("sub", 7)),
        Arguments.of("sub a list", "sub", Map.of("sub", List.of("alice-1"))),
        Arguments.of("sub of 256", "sub", Map.of("sub", "s".repeat(256))),
        Arguments.of("sub of 10000", "sub", Map.of("sub", "s".repeat(10_000))),
        Arguments.of("sub of blanks", "sub", Map.of("sub", "   ")),
        Arguments.of("sub with a line end", "claim-chars", Map.of("sub", "alice\r\nX-Evil: 1")),
        Arguments.of("no aud", "aud", noAudience),
        Arguments.of("aud a number", "aud", Map.of("aud", 1)),
        Arguments.of("aud a list in a list", "aud", Map.of("aud", List.of(List.of("gw")))),
        Arguments.of("aud with a stranger", "aud", Map.of("aud", List.of("gw", "x"), "azp", "gw")),
        Arguments.of("iss a list", "iss", Map.of("iss", List.of("x"))),
        Arguments.of(
            "iat a text", "iat", Map.of("iat", String.valueOf(Instant.now().getEpochSecond()))),
        Arguments.of("name an object", "claim-type", Map.of("name", Map.of("given", "A"))),
        Arguments.of("groups of objects", "claim-type", Map.of("groups", List.of(Map.of("id", 1)))),
        Arguments.of("a line end in the name", "claim-chars", Map.of("name", "A\r\nX-Evil: 1")),
        Arguments.of("more groups than a header holds", "claim-size", Map.of("groups", many(700))),
        Arguments.of("more than a token may hold", "malformed", Map.of("groups", many(1200))),
        Arguments.of("deeper than any claim", "malformed", Map.of("name", deep(20))));
  }

  private static List<String> many(int number) {
    return IntStream.range(0, number).mapToObj(i -> "group-" + i).toList();
  }

  private static Object deep(int levels) {
    return levels == 0 ? "x" : Map.of("a", deep(levels - 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  @Rule("TH-IDT-7")
  @Rule("TH-IDT-8")
  @Rule("TH-IDT-9")
  @Rule("TH-IDT-13")
  @Rule("TH-IDT-18")
  @Rule("TH-HDR-7")
  void wrongClaimMakesNoSession(String what, String reason, Map<String, ?> odd) {
    Browser browser = gateway.browser();
    gateway.app().forget();

    Reply back = signIn(browser, odd);

    assertThat(back.status()).as("%s", back).isIn(403, 502);
    assertThat(back.text()).contains("<h1").doesNotContain("X-Evil");
    assertThat(browser.get("/x").status()).isEqualTo(302);
    assertThat(gateway.app().seen()).isEmpty();
    assertThat(LeakWatch.lines())
        .as("what tells the operator")
        .anyMatch(line -> line.contains("audit") && line.contains("reason=\"" + reason + "\""));
  }

  static Stream<Arguments> verifications() {
    return Stream.of(
        Arguments.of(true, true),
        Arguments.of("true", false),
        Arguments.of(1, false),
        Arguments.of(List.of(true), false));
  }

  @ParameterizedTest
  @MethodSource("verifications")
  @Rule("TH-IDT-16")
  void onlyTheBooleanTrueVerifiesAnAddress(Object verified, boolean opens) {
    Browser browser = gateway.browser();
    assertThat(signIn(browser, Map.of("email_verified", verified)).status()).isEqualTo(303);

    assertThat(App.made(browser.get("/verified/x"))).isEqualTo(opens);
  }

  @Test
  @Rule("TH-TOK-16")
  @Rule("TH-OUT-2")
  void sessionIsRefreshedBeforeItsTokenExpiresAndEndsHereAndAtTheOp() {
    Browser browser = gateway.browser();
    next(Map.of(), 20);
    assertThat(signIn(browser).status()).isEqualTo(303);

    next(Map.of("name", "Alice B"), TOKEN_SECONDS);
    assertThat(browser.get("/x?show").text()).contains("Alice B");

    Reply leaving = browser.send(Form.in(browser.get("/gatehouse/logout")).submission());
    assertThat(leaving.status()).as("%s", leaving).isEqualTo(303);
    assertThat(browser.get("/x").status()).isEqualTo(302);
    Reply left = browser.send(Ask.get(leaving.location()).site("cross-site"));
    assertThat(left.location()).startsWith(gateway.url() + "/gatehouse/logged-out?");
  }
}
