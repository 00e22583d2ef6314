package dev.gatehouse.oidc;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
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

/** Each fault of an ID token, in a login that is otherwise right (threats.md §6). */
class IdTokenTest {
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
    provider = open();
  }

  private DiscoveredProvider open() {
    return open(Set.of("RS256", "PS256", "ES256", "EdDSA"));
  }

  private DiscoveredProvider open(Set<String> algorithms) {
    return new DiscoveredProvider(
        OpConnection.open(
            op.provider(algorithms), StubOp.backchannel(), true, clock, StubOp.RANDOM),
        op.provider(algorithms),
        Set.of("sub"));
  }

  @AfterEach
  void closeProvider() {
    provider.close();
  }

  /** One change and what comes of it. */
  record Case(String name, UnaryOperator<TestTokens> change, int status, String reason) {
    static Case refused(String name, String reason, UnaryOperator<TestTokens> change) {
      return new Case(name, change, 502, reason);
    }

    static Case fine(String name, UnaryOperator<TestTokens> change) {
      return new Case(name, change, 200, "");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private LoginOutcome loginWith(UnaryOperator<TestTokens> change) {
    op.serveIdToken(change.apply(op.idToken()));
    return provider.complete(StubOp.GRANT);
  }

  private void check(Case fault) {
    assertThat(loginWith(UnaryOperator.identity())).isInstanceOf(LoginOutcome.LoggedIn.class);
    LoginOutcome outcome = loginWith(fault.change());
    if (fault.status() == 200) {
      assertThat(outcome).isInstanceOf(LoginOutcome.LoggedIn.class);
    } else {
      assertThat(outcome).isEqualTo(new LoginOutcome.Refused(fault.status(), fault.reason()));
    }
  }

  static Stream<Case> algorithms() {
    return Stream.of(
        Case.fine("PS256", t -> t.signedBy(TestKey.RSA, "PS256")),
        Case.fine("ES256", t -> t.signedBy(TestKey.EC, "ES256")),
        Case.fine("EdDSA", t -> t.signedBy(TestKey.ED, "EdDSA")),
        Case.refused("none", "alg", t -> t.header("alg", "none").signature()),
        Case.refused("nOnE", "alg", t -> t.header("alg", "nOnE").signature()),
        Case.refused("NONE", "alg", t -> t.header("alg", "NONE").signature()),
        Case.refused("no alg", "alg", t -> t.header("alg", null)),
        Case.refused("empty alg", "alg", t -> t.header("alg", "")),
        Case.refused("alg in lower case", "alg", t -> t.header("alg", "rs256")),
        Case.refused("alg is a list", "alg", t -> t.header("alg", List.of("RS256"))),
        Case.refused("RS384 not on the list", "alg", t -> t.signedBy(TestKey.RSA, "RS384")),
        Case.refused("RS512 not on the list", "alg", t -> t.signedBy(TestKey.RSA, "RS512")),
        Case.refused("HS256 by the public key's PEM", "alg", t -> t.macedBy(pem().getBytes(UTF_8))),
        Case.refused(
            "HS256 by the public key's DER",
            "alg",
            t -> t.macedBy(TestKey.RSA.pair().getPublic().getEncoded())),
        Case.refused(
            "HS256 by the client secret",
            "alg",
            t -> t.macedBy(StubOp.CLIENT_SECRET.getBytes(UTF_8))));
  }

  private static String pem() {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(TestKey.RSA.pair().getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  @Rule("TH-IDT-2")
  void onlyConfiguredAlgorithmsAreAccepted(Case fault) {
    check(fault);
  }

  @Test
  @Rule("TH-IDT-2")
  void hs256IsAcceptedOnlyWhereConfigured() {
    provider.close();
    provider = open(Set.of("HS256"));

    assertThat(loginWith(t -> t.macedBy(StubOp.CLIENT_SECRET.getBytes(UTF_8))))
        .isInstanceOf(LoginOutcome.LoggedIn.class);
    assertThat(loginWith(t -> t.macedBy("another-secret-another-secret-another".getBytes(UTF_8))))
        .isEqualTo(new LoginOutcome.Refused(502, "signature"));
    assertThat(loginWith(t -> t)).isEqualTo(new LoginOutcome.Refused(502, "alg"));
  }

  static Stream<Case> signatures() {
    return Stream.of(
        Case.refused("changed payload", "signature", t -> t.wholeText(IdTokenTest::tamper)),
        Case.refused("no signature", "signature", t -> t.signature()),
        Case.refused("zero byte", "signature", t -> t.signature((byte) 0)),
        Case.refused("attacker's key", "signature", t -> t.signedBy(TestKey.ATTACKER, "RS256")),
        Case.refused(
            "ES256 of 64 zero bytes",
            "signature",
            t -> t.signedBy(TestKey.EC, "ES256").signature(new byte[64])),
        Case.refused(
            "ES256 with s = 0",
            "signature",
            t -> t.signedBy(TestKey.EC, "ES256").signature(half(0))),
        Case.refused(
            "ES256 with r = 0",
            "signature",
            t -> t.signedBy(TestKey.EC, "ES256").signature(half(32))),
        Case.refused(
            "ES256 beyond the order",
            "signature",
            t -> t.signedBy(TestKey.EC, "ES256").signature(ones())),
        Case.refused(
            "ES256 one byte short",
            "signature",
            t -> t.signedBy(TestKey.EC, "ES256").signature(new byte[63])),
        Case.refused(
            "EdDSA of zero bytes",
            "signature",
            t -> t.signedBy(TestKey.ED, "EdDSA").signature(new byte[64])),
        Case.refused("RS256 names an EC key", "kid", t -> t.header("kid", TestKey.EC.kid())),
        Case.refused(
            "ES256 names an RSA key",
            "kid",
            t -> t.signedBy(TestKey.EC, "ES256").header("kid", TestKey.RSA.kid())),
        Case.refused("unknown kid", "kid", t -> t.header("kid", "nobody")),
        Case.refused("kid is a number", "header", t -> t.header("kid", 1)),
        Case.fine("no kid", t -> t.header("kid", null)));
  }

  private static String tamper(String token) {
    String[] parts = token.split("\\.");
    String payload = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
    String root = payload.replace("alice-1", "root-00");
    return parts[0] + "." + TestTokens.base64url(root.getBytes(UTF_8)) + "." + parts[2];
  }

  private static byte[] half(int from) {
    byte[] signature = new byte[64];
    signature[from + 31] = 1;
    return signature;
  }

  private static byte[] ones() {
    byte[] signature = new byte[64];
    Arrays.fill(signature, (byte) 0xff);
    return signature;
  }

  @ParameterizedTest
  @MethodSource("signatures")
  @Rule("TH-IDT-1")
  @Rule("TH-IDT-5")
  void signatureIsVerified(Case fault) {
    check(fault);
  }

  static Stream<Case> headerTricks() {
    Map<String, Object> attackersKey = TestKey.ATTACKER.jwk();
    String elsewhere = op.server().baseUrl() + "/evil/jwks";
    return Stream.of(
        Case.refused(
            "embedded jwk",
            "signature",
            t -> t.signedBy(TestKey.ATTACKER, "RS256").header("jwk", attackersKey)),
        Case.refused(
            "jku",
            "signature",
            t -> t.signedBy(TestKey.ATTACKER, "RS256").header("jku", elsewhere)),
        Case.refused(
            "x5u",
            "signature",
            t -> t.signedBy(TestKey.ATTACKER, "RS256").header("x5u", elsewhere)),
        Case.refused(
            "x5c",
            "signature",
            t -> t.signedBy(TestKey.ATTACKER, "RS256").header("x5c", List.of("MIIB"))),
        Case.fine("embedded jwk beside a good signature", t -> t.header("jwk", attackersKey)),
        Case.fine("x5c that is no certificate", t -> t.header("x5c", "nonsense")));
  }

  @ParameterizedTest
  @MethodSource("headerTricks")
  @Rule("TH-IDT-3")
  void keysInTheHeaderAreIgnored(Case fault) {
    check(fault);
    assertThat(op.server().getAllServeEvents())
        .noneMatch(event -> event.getRequest().getUrl().startsWith("/evil"));
  }

  static Stream<Case> extensions() {
    return Stream.of(
        Case.refused("crit", "header", t -> t.header("crit", List.of("exp")).header("exp", 1)),
        Case.refused("empty crit", "header", t -> t.header("crit", List.of())),
        Case.refused("unencoded payload", "header", t -> t.header("b64", false)),
        Case.refused(
            "unencoded payload with crit",
            "header",
            t -> t.header("b64", false).header("crit", List.of("b64"))),
        Case.refused("zip", "header", t -> t.header("zip", "DEF")));
  }

  @ParameterizedTest
  @MethodSource("extensions")
  @Rule("TH-IDT-5")
  void extensionsAreRefused(Case fault) {
    check(fault);
  }

  @ParameterizedTest
  @MethodSource("unfitKeys")
  @Rule("TH-IDT-3")
  void keysThatDoNotFitAreNotUsed(UnfitKey unfit) {
    Map<String, Object> changed = unfit.key().jwk();
    changed.putAll(unfit.change());
    changed.values().removeIf(""::equals);
    op.serve("jwks", okJson(TestTokens.json(Map.of("keys", List.of(changed, TestKey.NEXT.jwk())))));
    provider.close();
    provider = open();

    assertThat(loginWith(t -> t.signedBy(TestKey.NEXT, "RS256")))
        .isInstanceOf(LoginOutcome.LoggedIn.class);
    assertThat(loginWith(t -> t.signedBy(unfit.key(), unfit.algorithm())))
        .isEqualTo(new LoginOutcome.Refused(502, "kid"));
  }

  record UnfitKey(String name, TestKey key, String algorithm, Map<String, Object> change) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<UnfitKey> unfitKeys() {
    return Stream.of(
        new UnfitKey("RSA of 1024 bits", TestKey.WEAK, "RS256", Map.of()),
        new UnfitKey("for encryption", TestKey.RSA, "RS256", Map.of("use", "enc")),
        new UnfitKey("for another alg", TestKey.RSA, "RS256", Map.of("alg", "RS512")),
        new UnfitKey(
            "for other operations",
            TestKey.RSA,
            "RS256",
            Map.of("use", "", "key_ops", List.of("encrypt"))),
        new UnfitKey("EC key for another alg", TestKey.EC, "ES256", Map.of("alg", "ES384")));
  }

  static Stream<Case> issuers() {
    return Stream.of(
        Case.refused("trailing slash", "iss", t -> t.claim("iss", op.issuer() + "/")),
        Case.refused("another OP", "iss", t -> t.claim("iss", "https://evil.example")),
        Case.refused("upper case", "iss", t -> t.claim("iss", op.issuer().replace("http", "HTTP"))),
        Case.refused("none", "iss", t -> t.claim("iss", null)),
        Case.refused("list", "iss", t -> t.claim("iss", List.of(op.issuer()))));
  }

  @ParameterizedTest
  @MethodSource("issuers")
  @Rule("TH-IDT-6")
  void issuerIsComparedExactly(Case fault) {
    check(fault);
  }

  static Stream<Case> audiences() {
    return Stream.of(
        Case.fine("array of us", t -> t.claim("aud", List.of("gw"))),
        Case.fine("array of us, azp us", t -> t.claim("aud", List.of("gw")).claim("azp", "gw")),
        Case.refused("other client", "aud", t -> t.claim("aud", "other")),
        Case.refused("upper case", "aud", t -> t.claim("aud", "GW")),
        Case.refused("none", "aud", t -> t.claim("aud", null)),
        Case.refused("empty array", "aud", t -> t.claim("aud", List.of())),
        Case.refused("prefix", "aud", t -> t.claim("aud", "gw2")),
        Case.refused("in one string", "aud", t -> t.claim("aud", "gw other")),
        Case.refused("object", "aud", t -> t.claim("aud", Map.of("gw", true))),
        Case.refused("number among us", "aud", t -> t.claim("aud", List.of("gw", 1))),
        Case.refused("further one, no azp", "aud", t -> t.claim("aud", List.of("gw", "x"))),
        Case.refused(
            "further one that nobody trusts",
            "aud",
            t -> t.claim("aud", List.of("gw", "x")).claim("azp", "gw")),
        Case.refused("twice us, no azp", "azp", t -> t.claim("aud", List.of("gw", "gw"))),
        Case.refused("azp is another", "azp", t -> t.claim("azp", "other")),
        Case.refused("azp is a list", "azp", t -> t.claim("azp", List.of("gw"))));
  }

  @ParameterizedTest
  @MethodSource("audiences")
  @Rule("TH-IDT-7")
  void audienceIsUsAlone(Case fault) {
    check(fault);
  }

  static Stream<Case> times() {
    return Stream.of(
        Case.fine("exp 59 s ago", t -> t.time("exp", Duration.ofSeconds(-59))),
        Case.refused("exp 60 s ago", "exp", t -> t.time("exp", Duration.ofSeconds(-60))),
        Case.refused("exp 61 s ago", "exp", t -> t.time("exp", Duration.ofSeconds(-61))),
        Case.refused("no exp", "exp", t -> t.claim("exp", null)),
        Case.refused("exp as a string", "exp", t -> t.claim("exp", "9e99")),
        Case.refused("exp as digits", "exp", t -> t.claim("exp", "99999999999")),
        Case.refused("exp 9e99", "exp", t -> t.claim("exp", new BigDecimal("9e99"))),
        Case.refused("exp beyond 2^53", "exp", t -> t.claim("exp", (1L << 53) + 1)),
        Case.fine("exp 2^53", t -> t.claim("exp", 1L << 53)),
        Case.refused("negative exp", "exp", t -> t.claim("exp", -1)),
        Case.refused("exp true", "exp", t -> t.claim("exp", true)),
        Case.refused(
            "exp with an exponent that eats memory",
            "exp",
            t -> t.payloadText(json -> json.replaceFirst("\"exp\":\\d+", "\"exp\":1e999999999"))),
        Case.fine(
            "exp with a fraction",
            t -> t.payloadText(json -> json.replaceFirst("\"exp\":(\\d+)", "\"exp\":$1.5"))),
        Case.fine("iat 60 s ahead", t -> t.time("iat", Duration.ofSeconds(60))),
        Case.refused("iat 61 s ahead", "iat", t -> t.time("iat", Duration.ofSeconds(61))),
        Case.fine("iat 10 min ago", t -> t.time("iat", Duration.ofMinutes(-10))),
        Case.refused(
            "iat 10 min 1 s ago",
            "iat",
            t -> t.time("iat", Duration.ofMinutes(-10).minusSeconds(1))),
        Case.refused("no iat", "iat", t -> t.claim("iat", null)),
        Case.refused("iat as a string", "iat", t -> t.claim("iat", "1")),
        Case.fine("nbf 60 s ahead", t -> t.time("nbf", Duration.ofSeconds(60))),
        Case.refused("nbf 61 s ahead", "nbf", t -> t.time("nbf", Duration.ofSeconds(61))),
        Case.refused("nbf as a string", "nbf", t -> t.claim("nbf", "0")));
  }

  @ParameterizedTest
  @MethodSource("times")
  @Rule("TH-IDT-8")
  void timesAreNumbersWithinBounds(Case fault) {
    check(fault);
  }

  static Stream<Case> nonces() {
    return Stream.of(
        new Case("of another attempt", t -> t.claim("nonce", "nonce-of-another"), 403, "nonce"),
        new Case("none", t -> t.claim("nonce", null), 403, "nonce"),
        new Case("empty", t -> t.claim("nonce", ""), 403, "nonce"),
        new Case("longer", t -> t.claim("nonce", StubOp.NONCE + "x"), 403, "nonce"),
        new Case("list", t -> t.claim("nonce", List.of(StubOp.NONCE)), 403, "nonce"));
  }

  @ParameterizedTest
  @MethodSource("nonces")
  @Rule("TH-IDT-9")
  void nonceIsThatOfTheAttempt(Case fault) {
    check(fault);
  }

  static Stream<Case> hashes() {
    return Stream.of(
        Case.fine("at_hash", t -> t.claim("at_hash", "ISOz5gsIJ6Or54O3jYog7A")),
        Case.fine("c_hash", t -> t.claim("c_hash", "jtTKADMAiNnOGwl6q2QR-A")),
        Case.refused("at_hash of another token", "at_hash", t -> t.claim("at_hash", "AAAA")),
        Case.refused("at_hash is no string", "at_hash", t -> t.claim("at_hash", 1)),
        Case.refused("c_hash of another code", "c_hash", t -> t.claim("c_hash", "AAAA")));
  }

  @ParameterizedTest
  @MethodSource("hashes")
  @Rule("TH-IDT-11")
  void hashesMatchWherePresent(Case fault) {
    check(fault);
  }

  static Stream<Case> types() {
    Map<String, Object> events = new HashMap<>();
    events.put("http://schemas.openid.net/event/backchannel-logout", Map.of());
    return Stream.of(
        Case.fine("jwt in lower case", t -> t.header("typ", "jwt")),
        Case.fine("no typ", t -> t.header("typ", null)),
        Case.refused("access token", "typ", t -> t.header("typ", "at+jwt")),
        Case.refused("access token, long", "typ", t -> t.header("typ", "application/at+jwt")),
        Case.refused("logout token", "typ", t -> t.header("typ", "logout+jwt")),
        Case.refused("DPoP proof", "typ", t -> t.header("typ", "dpop+jwt")),
        Case.refused("typ is a number", "typ", t -> t.header("typ", 1)),
        Case.refused("logout event", "events", t -> t.claim("events", events)));
  }

  @ParameterizedTest
  @MethodSource("types")
  @Rule("TH-IDT-12")
  void onlyIdTokensAreIdTokens(Case fault) {
    check(fault);
  }

  static Stream<Case> subjects() {
    return Stream.of(
        Case.fine("255 characters", t -> t.claim("sub", "a".repeat(255))),
        Case.refused("256 characters", "sub", t -> t.claim("sub", "a".repeat(256))),
        Case.refused("none", "sub", t -> t.claim("sub", null)),
        Case.refused("empty", "sub", t -> t.claim("sub", "")),
        Case.refused("blank", "sub", t -> t.claim("sub", " ")),
        Case.refused("number", "sub", t -> t.claim("sub", 42)),
        Case.refused("not ASCII", "sub", t -> t.claim("sub", "山田")));
  }

  @ParameterizedTest
  @MethodSource("subjects")
  @Rule("TH-IDT-13")
  void subjectIsShortAscii(Case fault) {
    check(fault);
  }

  static Stream<Case> forms() {
    return Stream.of(
        Case.refused(
            "duplicate aud",
            "malformed",
            t -> t.payloadText(json -> json.replaceFirst("\\{", "{\"aud\":\"gw\","))),
        Case.refused(
            "duplicate alg",
            "malformed",
            t -> t.headerText(json -> json.replaceFirst("\\{", "{\"alg\":\"none\","))),
        Case.refused(
            "duplicate by escape",
            "malformed",
            t -> t.payloadText(json -> json.replaceFirst("\\{", "{\"\\\\u0061ud\":\"x\","))),
        Case.refused("longer than 16 KiB", "malformed", t -> t.claim("junk", "A".repeat(15_000))),
        Case.refused("deep", "malformed", t -> t.claim("deep", nested(17))),
        Case.refused("padding", "malformed", t -> t.wholeText(token -> token + "=")),
        Case.refused("line break", "malformed", t -> t.wholeText(token -> token + "\n")),
        Case.refused("four parts", "malformed", t -> t.wholeText(token -> token + ".x")),
        Case.refused("five parts", "encryption", t -> t.wholeText(token -> token + ".x.y")),
        Case.refused("two parts", "malformed", t -> t.wholeText(IdTokenTest::withoutSignature)),
        Case.refused("JSON serialization", "malformed", t -> t.wholeText(IdTokenTest::asJson)),
        Case.refused("array payload", "malformed", t -> t.payloadText(json -> "[" + json + "]")),
        Case.refused("garbage after", "malformed", t -> t.payloadText(json -> json + "{}")),
        Case.refused(
            "NaN", "malformed", t -> t.payloadText(j -> j.replaceFirst("\\{", "{\"a\":NaN,"))),
        Case.refused("comment", "malformed", t -> t.payloadText(j -> "/**/" + j)),
        Case.fine("white space", t -> t.payloadText(json -> " \n" + json + " ")));
  }

  private static String withoutSignature(String token) {
    return token.substring(0, token.lastIndexOf('.'));
  }

  private static String asJson(String token) {
    String[] parts = token.split("\\.");
    return "{\"protected\":\""
        + parts[0]
        + "\",\"payload\":\""
        + parts[1]
        + "\",\"signature\":\""
        + parts[2]
        + "\"}";
  }

  private static Object nested(int depth) {
    Object value = "x";
    for (int i = 0; i < depth; i++) {
      value = List.of(value);
    }
    return value;
  }

  @ParameterizedTest
  @MethodSource("forms")
  @Rule("TH-IDT-18")
  @Rule("TH-IDT-5")
  void formIsStrict(Case fault) {
    check(fault);
  }

  @Test
  @Rule("TH-IDT-18")
  void signatureHasOneSpelling() {
    Map<String, Boolean> spellings = new LinkedHashMap<>();
    String good = op.idToken().signedBy(TestKey.EC, "ES256").compact();
    // 64 bytes leave four unused bits in the last of 86 characters.
    char last = good.charAt(good.length() - 1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    String other =
        good.substring(0, good.length() - 1) + alphabet.charAt(alphabet.indexOf(last) | 1);
    for (String token : List.of(good, other)) {
      spellings.put(
          token, loginWith(t -> t.wholeText(any -> token)) instanceof LoginOutcome.LoggedIn);
    }

    assertThat(spellings).containsEntry(good, true).containsEntry(other, false);
  }
}
