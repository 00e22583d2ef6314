package dev.gatehouse.backchannel;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.ClientAuthentication;
import dev.gatehouse.keys.JwtSigner;
import dev.gatehouse.seal.RandomTokens;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How this client proves itself to the OP, by exactly one method per request (RFC 6749 §2.3). What
 * proves it is read when the request is made, so that a new secret or key is good for the next one.
 * Safe for concurrent use.
 */
public final class ClientCredentials {
  /** How long an assertion may be used (TH-TOK-4). */
  private static final Duration ASSERTION_LIFETIME = Duration.ofSeconds(60);

  // RFC 7523 §2.2.
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private final String clientId;
  private final ClientAuthentication method;
  private final String macAlgorithm;
  private final ClientKeys keys;
  private final Supplier<String> audience;
  private final RandomTokens random;
  private final Clock clock;

  private ClientCredentials(
      Provider provider,
      ClientKeys keys,
      Supplier<String> audience,
      RandomTokens random,
      Clock clock) {
    this.clientId = provider.clientId();
    this.method = provider.proof().method();
    this.macAlgorithm = provider.proof().macAlgorithm();
    this.keys = keys;
    this.audience = audience;
    this.random = random;
    this.clock = clock;
  }

  /**
   * The credentials of the registration that {@code provider} names.
   *
   * @param tokenEndpoint for an OP that wants it as the audience of assertions; empty while the
   *     metadata are not known
   */
  public static ClientCredentials of(
      Provider provider,
      ClientKeys keys,
      Supplier<Optional<URI>> tokenEndpoint,
      RandomTokens random,
      Clock clock) {
    String issuer = provider.issuer();
    Supplier<String> audience =
        provider.proof().audienceIsTokenEndpoint()
            ? () -> tokenEndpoint.get().map(URI::toString).orElse(issuer)
            : () -> issuer;
    return new ClientCredentials(provider, keys, audience, random, clock);
  }

  /** The client identifier. */
  public String clientId() {
    return clientId;
  }

  /** What assertions are signed by; empty for a method without any. */
  public Optional<String> assertionAlgorithm() {
    return switch (method) {
      case CLIENT_SECRET_JWT -> Optional.of(macAlgorithm);
      case PRIVATE_KEY_JWT -> keys.lastSigning().flatMap(set -> set.first().algorithm());
      default -> Optional.empty();
    };
  }

  /** The secret as it was used last, for blotting it out of what the OP echoes. */
  public Optional<Secret> secret() {
    return keys.lastSecret();
  }

  /**
   * {@code form} with the proof added. A {@code client_id} that it holds already is not sent twice.
   */
  public OpForm authenticate(OpForm form) {
    return switch (method) {
      case CLIENT_SECRET_BASIC -> form.authorizedBy(basic(clientSecret()));
      case CLIENT_SECRET_POST -> named(form).with("client_secret", clientSecret());
      case CLIENT_SECRET_JWT, PRIVATE_KEY_JWT ->
          named(form)
              .with("client_assertion_type", ASSERTION_TYPE)
              .with("client_assertion", assertion());
      // RFC 8705 §2: the proof is in the TLS handshake; a public client has none (RFC 6749 §3.2.1).
      case TLS_CLIENT_AUTH, SELF_SIGNED_TLS_CLIENT_AUTH, NONE -> named(form);
    };
  }

  private OpForm named(OpForm form) {
    return form.has("client_id") ? form : form.with("client_id", clientId);
  }

  private Secret clientSecret() {
    return keys.secret().orElseThrow(() -> new IllegalStateException("there is no client secret"));
  }

  // RFC 6749 §2.3.1: id and secret are form-urlencoded before base64, so that a colon in either
  // cannot move the boundary between them (TH-TOK-3).
  private Secret basic(Secret clientSecret) {
    String pair = OpForm.encode(clientId) + ":" + OpForm.encode(clientSecret.reveal());
    return Secret.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
  }

  private Secret assertion() {
    if (method == ClientAuthentication.CLIENT_SECRET_JWT) {
      return JwtSigner.sign(clientSecret(), macAlgorithm, "JWT", claims());
    }
    return keys.signing()
        .map(set -> JwtSigner.sign(set.first(), "JWT", claims()))
        .orElseThrow(() -> new IllegalStateException("there is no client key"));
  }

  // RFC 7523 §3, rules by number.
  // 1, 2: iss and sub are the client_id.
  // 3: aud, one string: several would let one endpoint use what another was sent.
  // 4: exp; 5 (nbf): left out, a clock that is a little behind would refuse it; 6: iat.
  // 7: jti, never used twice (OpenID Connect Core §9 demands it).
  private Map<String, Object> claims() {
    long now = clock.instant().getEpochSecond();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", clientId);
    claims.put("sub", clientId);
    claims.put("aud", audience.get());
    claims.put("jti", random.next());
    claims.put("iat", now);
    claims.put("exp", now + ASSERTION_LIFETIME.toSeconds());
    return claims;
  }
}
