package dev.gatehouse.bench.memory;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.access.Authentication;
import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.identity.IdentityMapper;
import dev.gatehouse.jose.CompactJws;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.session.SessionStore.NewSession;
import dev.gatehouse.session.SessionTokens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Logins as an OP brings them, one unlike the other: a token response is written as JSON, read as
 * the gateway reads it, its ID token taken apart, its claims mapped. Left out are the network and
 * the check of the signature, which leave nothing behind.
 */
final class Logins {
  static final int ID_TOKEN_CHARS = 1024;
  static final int REFRESH_TOKEN_CHARS = 512;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SIGNATURE_BYTES = 256;
  private static final List<String> SCOPES = List.of("openid", "profile", "email");
  private static final List<String> DEPARTMENTS =
      List.of("Purchasing", "Sales", "Legal", "Research", "Support", "Logistics");
  private static final List<String> LOCALES = List.of("en-GB", "ko-KR", "de-DE", "ja-JP");
  private static final List<String> GROUPS =
      List.of("users", "everyone", "editors", "admins", "staff", "reviewers", "interns");
  private static final List<String> NAMES =
      List.of("Alice", "Bjarne", "Chiyo", "Dae-jung", "Eun-ji", "Farid", "Grace", "Hana");

  private final String issuer;
  private final IdentityMapper identities;
  private final Random random;
  private final int accessTokenChars;

  /**
   * @param accessTokenChars how long access tokens are: 43 for an opaque one
   */
  Logins(GatehouseConfig config, IdentityMapper identities, long seed, int accessTokenChars) {
    this.issuer = config.providers().values().iterator().next().issuer();
    this.identities = identities;
    this.random = new Random(seed);
    this.accessTokenChars = accessTokenChars;
  }

  /** The next one. */
  NewSession next(int number) {
    JsonObject response = JsonObject.parse(tokenResponse(number)).orElseThrow();
    String idToken = response.text("id_token").orElseThrow();
    JsonObject claims = CompactJws.parse(idToken).orElseThrow().claims();
    String subject = claims.text("sub").orElseThrow();
    IdentityMapper.Mapping mapping =
        identities.map(issuer, subject, Map.copyOf(new LinkedHashMap<>(claims.members())));
    if (!(mapping instanceof IdentityMapper.Mapping.Mapped mapped)) {
      throw new IllegalStateException("is no identity: " + mapping);
    }
    Instant now = Instant.now();
    return new NewSession(
        new String("provider"),
        mapped.identity(),
        SessionTokens.received(
            Secret.of(response.text("access_token").orElseThrow()),
            response.text("refresh_token").map(Secret::of),
            Optional.of(now.plusSeconds(300)),
            now),
        Optional.of(Secret.of(idToken)),
        claims.text("sid"),
        authentication(now));
  }

  /** As a login makes it: with sets of its own for what was granted and what was asked. */
  private static Authentication authentication(Instant now) {
    Set<String> granted = new LinkedHashSet<>(SCOPES);
    return new Authentication(
        Optional.of(now.minusSeconds(5)),
        Optional.of("urn:example:loa:" + 2),
        granted,
        new AuthenticationDemand(List.of(), Optional.empty(), new LinkedHashSet<>(SCOPES)));
  }

  private byte[] tokenResponse(int number) {
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("access_token", letters(accessTokenChars));
    response.put("token_type", "Bearer");
    response.put("expires_in", 300);
    response.put("refresh_token", letters(REFRESH_TOKEN_CHARS));
    response.put("id_token", idToken(number));
    return bytes(response);
  }

  private String idToken(int number) {
    String header = base64(bytes(Map.of("alg", "RS256", "typ", "JWT", "kid", "signing-key-1")));
    byte[] signature = new byte[SIGNATURE_BYTES];
    random.nextBytes(signature);
    int payloadChars = ID_TOKEN_CHARS - header.length() - base64(signature).length() - 2;
    Map<String, Object> claims = claims(number);
    int missing = payloadChars * 3 / 4 - bytes(claims).length;
    if (missing < 0) {
      throw new IllegalStateException("the claims are too long by " + -missing);
    }
    claims.put("nonce", claims.get("nonce") + letters(missing));
    return header + "." + base64(bytes(claims)) + "." + base64(signature);
  }

  /** What the protocol needs, and ten claims of the user. */
  private Map<String, Object> claims(int number) {
    String given = any(NAMES);
    String family = letters(4 + random.nextInt(5));
    long now = Instant.now().getEpochSecond();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer);
    claims.put("aud", "gw");
    claims.put("sub", "user-" + number + "-" + letters(8));
    claims.put("iat", now);
    claims.put("exp", now + 300);
    claims.put("sid", letters(22));
    claims.put("nonce", letters(8));
    claims.put("name", given + " " + family);
    claims.put("given_name", given);
    claims.put("family_name", family);
    claims.put("preferred_username", family + number);
    claims.put("email", family + number + "@mail.example");
    claims.put("email_verified", true);
    claims.put("groups", groups());
    claims.put("locale", any(LOCALES));
    claims.put("department", any(DEPARTMENTS));
    claims.put("employee", "E" + (100_000_000 + number));
    return claims;
  }

  private List<String> groups() {
    Set<String> groups = new LinkedHashSet<>();
    while (groups.size() < 3) {
      groups.add(any(GROUPS));
    }
    return new ArrayList<>(groups);
  }

  private String any(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }

  private String letters(int count) {
    byte[] bytes = new byte[count * 3 / 4 + 1];
    random.nextBytes(bytes);
    return new String(base64(bytes).substring(0, count).getBytes(US_ASCII), ISO_8859_1);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] bytes(Map<String, Object> json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
