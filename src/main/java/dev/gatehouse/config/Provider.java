package dev.gatehouse.config;

import dev.gatehouse.keys.KeyReader;
import dev.gatehouse.keys.KeyRefusal;
import dev.gatehouse.keys.KeySet;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One OpenID provider and this client's registration there. Immutable.
 *
 * @param name the name in {@code providers}; {@link #SINGLE} for the one of {@code provider}
 * @param displayName what users read where they choose
 * @param issuer the issuer identifier, compared byte for byte (OpenID Connect Discovery §4.3)
 * @param clientId the client identifier (RFC 6749 §2.2)
 * @param proof how the client proves itself
 * @param request what an authentication request asks for
 * @param tokens which tokens are accepted
 * @param userinfo whether and how userinfo is read
 * @param accessTokens how the access tokens of clients are judged
 * @param endpoints endpoints that stand in the configuration instead of the OP's metadata
 * @param quirks adaptations to an OP that departs from the standards; all off by default
 * @param fapi2 whether the FAPI 2.0 Security Profile is kept and demanded
 */
public record Provider(
    String name,
    String displayName,
    String issuer,
    String clientId,
    Proof proof,
    Request request,
    Tokens tokens,
    Userinfo userinfo,
    AccessTokens accessTokens,
    Endpoints endpoints,
    Quirks quirks,
    boolean fapi2) {
  /** The name of the only provider. */
  public static final String SINGLE = "provider";

  public Provider {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(displayName, "displayName");
    Objects.requireNonNull(issuer, "issuer");
    Objects.requireNonNull(clientId, "clientId");
    Objects.requireNonNull(proof, "proof");
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(tokens, "tokens");
    Objects.requireNonNull(userinfo, "userinfo");
    Objects.requireNonNull(accessTokens, "accessTokens");
    Objects.requireNonNull(endpoints, "endpoints");
    Objects.requireNonNull(quirks, "quirks");
  }

  /** What the keys of the provider of that name begin with, for messages about them. */
  public static String prefix(String name) {
    return name.equals(SINGLE) ? "provider." : "providers." + name + ".";
  }

  /** The adaptations that are switched on, as they are written; for the report at start. */
  public List<String> adaptations() {
    List<String> on = new ArrayList<>(quirks.switchedOn());
    if (accessTokens.plainJwt()) {
      on.add("plain-access-tokens: true");
    }
    return List.copyOf(on);
  }

  /** The only provider, with the default of every setting. */
  public static Provider of(String issuer, String clientId, Proof proof) {
    return new Provider(
        SINGLE,
        SINGLE,
        issuer,
        clientId,
        proof,
        Request.DEFAULT,
        Tokens.DEFAULT,
        Userinfo.DEFAULT,
        AccessTokens.DEFAULT,
        Endpoints.NONE,
        Quirks.NONE,
        false);
  }

  /** This provider asked by {@code other} requests. */
  public Provider withRequest(Request other) {
    return new Provider(
        name,
        displayName,
        issuer,
        clientId,
        proof,
        other,
        tokens,
        userinfo,
        accessTokens,
        endpoints,
        quirks,
        fapi2);
  }

  /** This provider with {@code other} tokens accepted. */
  public Provider withTokens(Tokens other) {
    return new Provider(
        name,
        displayName,
        issuer,
        clientId,
        proof,
        request,
        other,
        userinfo,
        accessTokens,
        endpoints,
        quirks,
        fapi2);
  }

  /** This provider with userinfo read as {@code other} says. */
  public Provider withUserinfo(Userinfo other) {
    return new Provider(
        name,
        displayName,
        issuer,
        clientId,
        proof,
        request,
        tokens,
        other,
        accessTokens,
        endpoints,
        quirks,
        fapi2);
  }

  /** This provider with the access tokens of clients judged as {@code other} says. */
  public Provider withAccessTokens(AccessTokens other) {
    return new Provider(
        name,
        displayName,
        issuer,
        clientId,
        proof,
        request,
        tokens,
        userinfo,
        other,
        endpoints,
        quirks,
        fapi2);
  }

  /** This provider held to the FAPI 2.0 Security Profile. */
  public Provider heldToFapi2() {
    return new Provider(
        name,
        displayName,
        issuer,
        clientId,
        proof,
        request,
        tokens,
        userinfo,
        accessTokens,
        endpoints,
        quirks,
        true);
  }

  /** Client authentication at the OP's endpoints (RFC 6749 §2.3, RFC 7523 §2.2, RFC 8705 §2). */
  public enum ClientAuthentication {
    CLIENT_SECRET_BASIC,
    CLIENT_SECRET_POST,
    CLIENT_SECRET_JWT,
    PRIVATE_KEY_JWT,
    TLS_CLIENT_AUTH,
    SELF_SIGNED_TLS_CLIENT_AUTH,
    NONE
  }

  /**
   * How the client proves itself.
   *
   * @param secret absent where {@code method} needs none
   * @param secretFile where the whole secret stands, so that another one there takes over
   * @param macAlgorithm of client-secret-jwt: HS256 unless it says HS384 or HS512
   * @param key signs client assertions and request objects
   * @param audienceIsTokenEndpoint whether assertions name the token endpoint instead of the issuer
   *     as their audience (RFC 7523 §3)
   * @param certificate shown in TLS (RFC 8705)
   */
  public record Proof(
      ClientAuthentication method,
      Optional<Secret> secret,
      Optional<Path> secretFile,
      String macAlgorithm,
      Optional<KeyFile> key,
      boolean audienceIsTokenEndpoint,
      Optional<GatehouseConfig.Tls> certificate) {
    /** A shared secret, sent by {@code method}. */
    public static Proof bySecret(ClientAuthentication method, Secret secret) {
      return new Proof(
          method,
          Optional.of(secret),
          Optional.empty(),
          "HS256",
          Optional.empty(),
          false,
          Optional.empty());
    }
  }

  /**
   * A private key in a file: PEM (PKCS#8), a JWK or JWK set (the first key signs, all open), or
   * PKCS#12.
   *
   * @param keyId the {@code kid}; by default the one of the JWK, else the thumbprint (RFC 7638)
   * @param algorithm the JWS algorithm; by default the one that fits the key
   */
  public record KeyFile(
      Path file, Optional<Secret> password, Optional<String> keyId, Optional<String> algorithm) {
    /**
     * Reads {@code contents} as keys that sign.
     *
     * @throws KeyRefusal when they are not what they should be
     */
    public KeySet signing(byte[] contents) throws KeyRefusal {
      return KeyReader.signing(contents, password, keyId, algorithm);
    }

    /**
     * Reads {@code contents} as keys that decrypt.
     *
     * @throws KeyRefusal when they are not what they should be
     */
    public KeySet opening(byte[] contents) throws KeyRefusal {
      return KeyReader.opening(contents, password);
    }
  }

  /**
   * What an authentication request asks for (OpenID Connect Core §3.1.2.1).
   *
   * @param scopes in the order of the file
   * @param parameters constant extra parameters
   * @param alwaysPushed whether requests are pushed though the OP does not demand it (RFC 9126)
   * @param alwaysSigned whether requests are signed though the OP does not demand it (RFC 9101)
   * @param resources resource indicators (RFC 8707 §2)
   * @param maxAge the oldest authentication that is good enough
   * @param forwarded which of {@code login_hint} and {@code ui_locales} a link to the login may set
   */
  public record Request(
      List<String> scopes,
      Map<String, String> parameters,
      boolean alwaysPushed,
      boolean alwaysSigned,
      ResponseMode responseMode,
      List<String> resources,
      Optional<String> prompt,
      List<String> acrValues,
      Optional<Duration> maxAge,
      List<String> uiLocales,
      Set<String> forwarded) {
    /** The defaults. */
    public static final Request DEFAULT =
        new Request(
            List.of("openid", "profile", "email"),
            Map.of(),
            false,
            false,
            ResponseMode.QUERY,
            List.of(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            List.of(),
            Set.of());

    public Request {
      scopes = List.copyOf(scopes);
      parameters = Map.copyOf(parameters);
      resources = List.copyOf(resources);
      acrValues = List.copyOf(acrValues);
      uiLocales = List.copyOf(uiLocales);
      forwarded = Set.copyOf(forwarded);
    }

    /** This request with other scopes and constant parameters. */
    public Request with(List<String> otherScopes, Map<String, String> otherParameters) {
      return new Request(
          otherScopes,
          otherParameters,
          alwaysPushed,
          alwaysSigned,
          responseMode,
          resources,
          prompt,
          acrValues,
          maxAge,
          uiLocales,
          forwarded);
    }
  }

  /**
   * How the authorization response travels (OAuth 2.0 Multiple Response Types, Form Post, JARM).
   */
  public enum ResponseMode {
    QUERY,
    FORM_POST,
    JWT
  }

  /**
   * Which tokens are accepted.
   *
   * @param signingAlgorithms JWS {@code alg} values accepted for ID tokens (RFC 8725 §3.1)
   * @param trustedAudiences further {@code aud} values that an ID token may have
   * @param decryptionKey opens encrypted ID tokens and userinfo; absent: none are accepted
   * @param encryptionRequired whether an ID token that is not encrypted is refused
   * @param dpopKey signs DPoP proofs; absent: one is made at the start
   * @param maxLifetime after which an access token is renewed, however long it lives
   * @param defaultLifetime of an access token whose expiry the OP does not tell
   */
  public record Tokens(
      Set<String> signingAlgorithms,
      Set<String> trustedAudiences,
      Optional<KeyFile> decryptionKey,
      boolean encryptionRequired,
      SenderConstraint senderConstraint,
      Optional<KeyFile> dpopKey,
      Duration maxLifetime,
      Duration defaultLifetime) {
    /** The defaults. */
    public static final Tokens DEFAULT =
        new Tokens(
            Set.of("RS256", "PS256", "ES256", "EdDSA"),
            Set.of(),
            Optional.empty(),
            false,
            SenderConstraint.NONE,
            Optional.empty(),
            Duration.ofHours(8),
            Duration.ofMinutes(15));

    public Tokens {
      signingAlgorithms = Set.copyOf(signingAlgorithms);
      trustedAudiences = Set.copyOf(trustedAudiences);
    }

    /** These with other signing algorithms. */
    public Tokens with(Set<String> otherAlgorithms) {
      return new Tokens(
          otherAlgorithms,
          trustedAudiences,
          decryptionKey,
          encryptionRequired,
          senderConstraint,
          dpopKey,
          maxLifetime,
          defaultLifetime);
    }

    /** These with tokens bound as {@code other} says. */
    public Tokens boundBy(SenderConstraint other) {
      return new Tokens(
          signingAlgorithms,
          trustedAudiences,
          decryptionKey,
          encryptionRequired,
          other,
          dpopKey,
          maxLifetime,
          defaultLifetime);
    }

    /** These, encrypted for {@code key}. */
    public Tokens encryptedFor(KeyFile key, boolean required) {
      return new Tokens(
          signingAlgorithms,
          trustedAudiences,
          Optional.of(key),
          required,
          senderConstraint,
          dpopKey,
          maxLifetime,
          defaultLifetime);
    }
  }

  /** What binds access and refresh tokens to this client (RFC 9449, RFC 8705 §3). */
  public enum SenderConstraint {
    NONE,
    DPOP,
    MTLS
  }

  /**
   * Whether and how userinfo is read (OpenID Connect Core §5.3).
   *
   * @param signed whether the answer must be a JWT, signed by the OP
   * @param claims claim name to JSON pointer (RFC 6901) into an answer that is not OpenID Connect's
   * @param success JSON pointer to the text that an answer must have there to be a success
   */
  public record Userinfo(
      UserinfoUse use, boolean signed, Map<String, String> claims, Map<String, String> success) {
    /** The defaults. */
    public static final Userinfo DEFAULT =
        new Userinfo(UserinfoUse.WHEN_NEEDED, false, Map.of(), Map.of());

    public Userinfo {
      claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
      success = Collections.unmodifiableMap(new LinkedHashMap<>(success));
    }
  }

  /**
   * How the access tokens that clients bring are judged.
   *
   * @param validation in place of what {@code bearer.validation} says
   * @param plainJwt whether JWTs are taken that do not say in {@code typ} that they are access
   *     tokens (RFC 9068 §2.1)
   * @param signedIntrospection whether the OP has to sign what it says of a token (RFC 9701)
   */
  public record AccessTokens(
      Optional<GatehouseConfig.BearerValidation> validation,
      boolean plainJwt,
      boolean signedIntrospection) {
    /** The defaults. */
    public static final AccessTokens DEFAULT = new AccessTokens(Optional.empty(), false, false);
  }

  /** When userinfo is asked. */
  public enum UserinfoUse {
    ALWAYS,
    WHEN_NEEDED,
    NEVER
  }

  /**
   * Endpoints that stand in the configuration. With an authorization endpoint nothing is
   * discovered.
   */
  public record Endpoints(
      Optional<URI> authorization,
      Optional<URI> token,
      Optional<URI> userinfo,
      Optional<URI> jwks,
      Optional<URI> revocation,
      Optional<URI> introspection,
      Optional<URI> endSession) {
    /** All are discovered. */
    public static final Endpoints NONE =
        new Endpoints(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  /**
   * Adaptations (threats.md §16).
   *
   * @param commaSeparatedScopes whether scopes are sent and read with commas between them
   * @param withoutPkce whether no code challenge is sent
   * @param missingTokenType whether a token response without {@code token_type} is taken as Bearer
   * @param formEncodedTokens whether a form-encoded token response is read
   * @param serverState where a session value of the OP is fetched before each login
   */
  public record Quirks(
      boolean commaSeparatedScopes,
      boolean withoutPkce,
      boolean missingTokenType,
      boolean formEncodedTokens,
      Optional<URI> serverState) {
    /** None. */
    public static final Quirks NONE = new Quirks(false, false, false, false, Optional.empty());

    /** The settings that are switched on, as they are written; for the report at start. */
    public List<String> switchedOn() {
      List<String> on = new ArrayList<>();
      if (commaSeparatedScopes) {
        on.add("scope-separator: comma");
      }
      if (withoutPkce) {
        on.add("pkce: off");
      }
      if (missingTokenType) {
        on.add("missing-token-type: accept");
      }
      if (formEncodedTokens) {
        on.add("token-response-format: form");
      }
      serverState.ifPresent(url -> on.add("server-state-endpoint"));
      return List.copyOf(on);
    }
  }
}
