package dev.gatehouse.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Mints tokens: good ones by default, wrong in one thing on demand. */
public final class TestTokens {
  /** What the clock of the tests shows. */
  public static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

  public static final String CLIENT_ID = "gw";
  public static final String API = "https://api.example";

  private static final JsonMapper JSON = new JsonMapper();

  private final Map<String, Object> header = new LinkedHashMap<>();
  private final Map<String, Object> claims = new LinkedHashMap<>();
  private Function<String, byte[]> signer = input -> TestKey.RSA.sign("RS256", input);
  private UnaryOperator<String> headerText = UnaryOperator.identity();
  private UnaryOperator<String> payloadText = UnaryOperator.identity();
  private UnaryOperator<String> wholeText = UnaryOperator.identity();

  private TestTokens(String typ) {
    header.put("alg", "RS256");
    header.put("kid", TestKey.RSA.kid());
    header.put("typ", typ);
  }

  /** An ID token that is good at {@link #NOW}. */
  public static TestTokens idToken(String issuer, String nonce) {
    return new TestTokens("JWT")
        .claim("iss", issuer)
        .claim("sub", "alice-1")
        .claim("aud", CLIENT_ID)
        .claim("exp", NOW.plusSeconds(300).getEpochSecond())
        .claim("iat", NOW.getEpochSecond())
        .claim("nonce", nonce)
        .claim("sid", "sid-1")
        .claim("email", "alice@example.com");
  }

  /** A JWT access token (RFC 9068) for {@link #API} that is good at {@link #NOW}. */
  public static TestTokens accessToken(String issuer) {
    return new TestTokens("at+jwt")
        .claim("iss", issuer)
        .claim("sub", "alice-1")
        .claim("aud", API)
        .claim("client_id", "some-client")
        .claim("exp", NOW.plusSeconds(300).getEpochSecond())
        .claim("iat", NOW.getEpochSecond())
        .claim("jti", "jti-1")
        .claim("scope", "orders.read orders.write");
  }

  /** Sets a claim; null leaves it out. */
  public TestTokens claim(String name, Object value) {
    return put(claims, name, value);
  }

  /** Sets a time claim to so much after {@link #NOW}. */
  public TestTokens time(String name, Duration afterNow) {
    return claim(name, NOW.plus(afterNow).getEpochSecond());
  }

  /** Sets a header parameter; null leaves it out. */
  public TestTokens header(String name, Object value) {
    return put(header, name, value);
  }

  private TestTokens put(Map<String, Object> members, String name, Object value) {
    if (value == null) {
      members.remove(name);
    } else {
      members.put(name, value);
    }
    return this;
  }

  /** Signs with {@code key} and names it in the header. */
  public TestTokens signedBy(TestKey key, String algorithm) {
    signer = input -> key.sign(algorithm, input);
    return header("alg", algorithm).header("kid", key.kid());
  }

  /** HS256 with {@code key} as the secret. */
  public TestTokens macedBy(byte[] key) {
    signer = input -> TestKey.mac(key, input);
    return header("alg", "HS256");
  }

  /** Puts {@code signature} in place of a real one. */
  public TestTokens signature(byte... signature) {
    signer = input -> signature;
    return this;
  }

  /** Rewrites the header's JSON before it is signed. */
  public TestTokens headerText(UnaryOperator<String> change) {
    headerText = change;
    return this;
  }

  /** Rewrites the payload's JSON before it is signed. */
  public TestTokens payloadText(UnaryOperator<String> change) {
    payloadText = change;
    return this;
  }

  /** Rewrites the finished token. */
  public TestTokens wholeText(UnaryOperator<String> change) {
    wholeText = change;
    return this;
  }

  /** The token in compact serialization. */
  public String compact() {
    String signed =
        base64url(headerText.apply(json(header)).getBytes(UTF_8))
            + "."
            + base64url(payloadText.apply(json(claims)).getBytes(UTF_8));
    return wholeText.apply(signed + "." + base64url(signer.apply(signed)));
  }

  /** Base64url without padding. */
  public static String base64url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A JWK set of those keys. */
  public static String jwks(TestKey... keys) {
    return json(Map.of("keys", List.of(keys).stream().map(TestKey::jwk).toList()));
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
