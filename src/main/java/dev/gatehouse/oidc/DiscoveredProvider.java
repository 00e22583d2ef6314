package dev.gatehouse.oidc;

import dev.gatehouse.access.Authentication;
import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.ResponseMode;
import dev.gatehouse.jose.JwsVerifier;
import dev.gatehouse.jose.RefetchBudget;
import dev.gatehouse.jose.TokenDecrypter;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OP whose endpoints and keys are discovered, or stand in the configuration. One that is not
 * asked for openid has no ID tokens: its userinfo says who the user is (TH-IDT-15). Safe for
 * concurrent use.
 */
public final class DiscoveredProvider implements OpenIdProvider {
  private static final Logger LOG = LoggerFactory.getLogger(DiscoveredProvider.class);

  private final String name;
  private final String displayName;
  private final OpConnection connection;
  private final UserinfoNeed userinfoNeed;
  private final AuthenticationRequests authenticationRequests;
  private final TokenEndpoint tokenEndpoint;
  private final IdTokenVerifier idTokens;
  private final LogoutTokenVerifier logoutTokens;
  private final UserinfoEndpoint userinfo;
  private final Optional<UserinfoIdentity> withoutIdTokens;
  private final CodeStrength codes;
  private final Optional<ServerStateEndpoint> serverStates;
  private final Duration defaultTokenLifetime;
  private final RevocationEndpoint revocation;
  private final EndSessionUrl endSessions;
  private final ResponseMode responseMode;
  private final SignedResponses responses;

  /**
   * Runs the code flow over {@code connection}, which {@link #close} closes.
   *
   * @param wantedClaims names or ways, see {@link dev.gatehouse.access.ClaimPath}; userinfo is
   *     asked when the ID token lacks one of these
   * @throws IllegalArgumentException when a configured authorization parameter is one that the
   *     gateway sets itself
   */
  public DiscoveredProvider(OpConnection connection, Provider provider, Set<String> wantedClaims) {
    this.name = provider.name();
    this.displayName = provider.displayName();
    this.connection = connection;
    this.userinfoNeed = new UserinfoNeed(provider.userinfo().use(), wantedClaims);
    this.authenticationRequests =
        new AuthenticationRequests(
            provider,
            connection.dpop().map(DpopProofs::thumbprint),
            provider.proof().key().map(file -> requestObjects(connection, provider)),
            new PushedRequests(connection.client(), connection.credentials()));
    this.tokenEndpoint =
        new TokenEndpoint(
            connection.client(),
            connection.credentials(),
            new TokenResponseRules(provider, connection.clock()),
            provider,
            connection.dpop());
    JwsVerifier loginSignatures =
        new JwsVerifier(
            provider.tokens().signingAlgorithms(),
            provider.proof().secret(),
            connection.keys(),
            RefetchBudget.forLogins(connection.clock()),
            RefetchBudget.forLogins(connection.clock()));
    TokenDecrypter idTokenEncryption =
        connection.encryption(provider.tokens().encryptionRequired());
    TokenDecrypter encryption = connection.encryption(false);
    this.idTokens =
        new IdTokenVerifier(
            provider.issuer(),
            provider.clientId(),
            provider.tokens().trustedAudiences(),
            idTokenEncryption,
            loginSignatures,
            connection.clock());
    this.revocation =
        new RevocationEndpoint(connection.client(), connection.credentials(), connection::deadline);
    // A budget of its own: forged logout tokens must not use up what a login needs.
    this.logoutTokens =
        new LogoutTokenVerifier(
            provider.issuer(),
            provider.clientId(),
            encryption,
            new JwsVerifier(
                provider.tokens().signingAlgorithms(),
                provider.proof().secret(),
                connection.keys(),
                RefetchBudget.forClients(connection.clock()),
                RefetchBudget.forClients(connection.clock())),
            idTokens::signsBy,
            connection.strict(),
            connection.clock());
    this.userinfo =
        new UserinfoEndpoint(
            connection.client(),
            Optional.of(
                    new SignedUserinfo(
                        provider.issuer(),
                        provider.clientId(),
                        encryption,
                        loginSignatures,
                        connection.clock()))
                .filter(rules -> provider.userinfo().signed()),
            connection.dpop());
    this.withoutIdTokens =
        provider.request().scopes().contains("openid")
            ? Optional.empty()
            : Optional.of(
                new UserinfoIdentity(
                    new UserinfoRequest(connection.client(), false, connection.dpop()), provider));
    this.defaultTokenLifetime = provider.tokens().defaultLifetime();
    this.serverStates =
        provider
            .quirks()
            .serverState()
            .map(
                url -> new ServerStateEndpoint(connection.client(), connection.credentials(), url));
    this.codes = new CodeStrength(provider.issuer(), connection.strict());
    this.endSessions = new EndSessionUrl(provider.clientId());
    this.responseMode = provider.request().responseMode();
    this.responses = new SignedResponses(provider, encryption, loginSignatures, connection.clock());
  }

  private static RequestObjects requestObjects(OpConnection connection, Provider provider) {
    return new RequestObjects(
        provider.clientId(),
        provider.issuer(),
        () -> connection.clientKeys().lastSigning().orElseThrow().first(),
        connection.clock());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String displayName() {
    return displayName;
  }

  @Override
  public String issuer() {
    return connection.issuer();
  }

  @Override
  public Optional<MetadataRefusal> refusal() {
    return connection
        .discovery()
        .refusal()
        .or(() -> connection.discovery().metadata().flatMap(authenticationRequests::mismatch));
  }

  @Override
  public boolean discovered() {
    return connection.discovery().metadata().isPresent();
  }

  @Override
  public Optional<OpFailure> discover() {
    return connection.discovery().discover(connection.deadline());
  }

  @Override
  public boolean asksAtOnce() {
    return connection
        .discovery()
        .metadata()
        .filter(metadata -> serverStates.isEmpty() && !authenticationRequests.pushes(metadata))
        .isPresent();
  }

  @Override
  public ServerState serverState() {
    return serverStates
        .map(endpoint -> endpoint.fetch(connection.deadline()))
        .orElseGet(ServerState.NotAsked::new);
  }

  @Override
  public RequestOutcome authenticationRequest(AuthenticationRequest request) {
    return authenticationRequests.make(known(), request, connection.deadline());
  }

  @Override
  public List<String> weaknesses() {
    return connection.discovery().weaknesses();
  }

  @Override
  public Duration defaultTokenLifetime() {
    return defaultTokenLifetime;
  }

  @Override
  public AuthenticationDemand demanded(AuthenticationDemand extra) {
    return extra.onTopOf(authenticationRequests.parameters().standing());
  }

  @Override
  public ResponseMode responseMode() {
    return responseMode;
  }

  @Override
  public Optional<String> claimedState(Secret response) {
    return responses.claimedState(response);
  }

  @Override
  public AuthorizationResponse verifyResponse(Secret response) {
    return responses.verify(response, connection.deadline());
  }

  @Override
  public boolean promisesIssuerParameter() {
    return connection
        .discovery()
        .metadata()
        .map(ProviderMetadata::promisesIssuerParameter)
        .orElse(false);
  }

  @Override
  public LoginOutcome complete(CodeGrant grant) {
    if (!codes.isGood(grant.code())) {
      return new LoginOutcome.Refused(502, "weak-code");
    }
    Deadline deadline = connection.deadline();
    Optional<OpFailure> unknown = connection.discovery().discover(deadline);
    if (unknown.isPresent()) {
      return new LoginOutcome.Undecided(unknown.get());
    }
    TokenResponse response = tokenEndpoint.exchange(known().tokenEndpoint(), grant, deadline);
    if (response instanceof TokenResponse.Tokens tokens) {
      return identify(tokens, grant, deadline);
    }
    if (response instanceof TokenResponse.Undecided undecided) {
      return new LoginOutcome.Undecided(undecided.failure());
    }
    return response instanceof TokenResponse.Refused refused
        ? new LoginOutcome.Refused(refused.status(), refused.reason())
        : new LoginOutcome.Refused(502, "token-error");
  }

  private LoginOutcome identify(TokenResponse.Tokens tokens, CodeGrant grant, Deadline deadline) {
    if (withoutIdTokens.isPresent()) {
      Optional<String> broken =
          AuthenticationRules.firstBroken(
              JsonObject.EMPTY, grant.demand(), grant.requestedAt(), connection.clock().instant());
      if (broken.isPresent()) {
        return new LoginOutcome.Refused(403, broken.get());
      }
      return withoutIdTokens
          .get()
          .identify(
              known().userinfoEndpoint().orElseThrow(),
              tokens,
              authentication(JsonObject.EMPTY, tokens, grant.demand()),
              deadline);
    }
    // Core §3.1.3.3: openid was asked for, so there is an ID token.
    if (tokens.idToken().isEmpty()) {
      return new LoginOutcome.Refused(502, "id-token-missing");
    }
    IdTokenVerdict verdict =
        idTokens.verify(tokens.idToken().get(), tokens.accessToken(), grant, deadline);
    if (verdict instanceof IdTokenVerdict.Verified verified) {
      return complete(verified.idToken(), tokens, grant.demand(), deadline);
    }
    if (verdict instanceof IdTokenVerdict.Undecided undecided) {
      return new LoginOutcome.Undecided(undecided.failure());
    }
    return verdict instanceof IdTokenVerdict.Refused refused
        ? new LoginOutcome.Refused(refused.status(), refused.reason())
        : new LoginOutcome.Refused(502, "signature");
  }

  private LoginOutcome complete(
      IdToken idToken,
      TokenResponse.Tokens tokens,
      AuthenticationDemand demand,
      Deadline deadline) {
    Map<String, Object> claims = new LinkedHashMap<>();
    add(claims, idToken.claims().members());
    Optional<URI> endpoint = known().userinfoEndpoint();
    if (!userinfoNeed.isThere(claims)) {
      return loggedIn(idToken, tokens, demand, claims);
    }
    if (endpoint.isEmpty()) {
      return userinfoNeed.isAbsolute()
          ? new LoginOutcome.Refused(502, "userinfo-missing")
          : loggedIn(idToken, tokens, demand, claims);
    }
    UserinfoEndpoint.Answer answer =
        userinfo.ask(endpoint.get(), tokens.accessToken(), idToken.subject(), deadline);
    if (answer instanceof UserinfoEndpoint.Answer.Claims more) {
      add(claims, more.claims().members());
      return loggedIn(idToken, tokens, demand, claims);
    }
    if (answer instanceof UserinfoEndpoint.Answer.Undecided undecided) {
      return new LoginOutcome.Undecided(undecided.failure());
    }
    return answer instanceof UserinfoEndpoint.Answer.Refused refused
        ? new LoginOutcome.Refused(refused.status(), refused.reason())
        : new LoginOutcome.Refused(502, "userinfo");
  }

  // What the ID token says stands: it is signed. Null is as good as absent (Core §5.3.2).
  private static void add(Map<String, Object> claims, Map<String, Object> more) {
    more.forEach(
        (name, value) -> {
          if (value != null) {
            claims.putIfAbsent(name, value);
          }
        });
  }

  private LoginOutcome loggedIn(
      IdToken idToken,
      TokenResponse.Tokens tokens,
      AuthenticationDemand demand,
      Map<String, Object> claims) {
    return new LoginOutcome.LoggedIn(
        issuer(),
        idToken.subject(),
        claims,
        idToken.sessionId(),
        Optional.of(idToken.compact()),
        tokens.accessToken(),
        tokens.refreshToken(),
        tokens.expiresAt(),
        authentication(idToken.claims(), tokens, demand));
  }

  private Authentication authentication(
      JsonObject claims, TokenResponse.Tokens tokens, AuthenticationDemand demand) {
    return new Authentication(
        AuthenticationRules.at(claims, connection.clock().instant()),
        AuthenticationRules.acr(claims),
        granted(tokens, demand),
        new AuthenticationDemand(demand.acrValues(), demand.maxAge(), asked(demand)));
  }

  private Set<String> asked(AuthenticationDemand demand) {
    return authenticationRequests.parameters().scopes(demand);
  }

  // RFC 6749 §5.1: what is not said is what was asked. More than was asked is not used (TH-TOK-10).
  private Set<String> granted(TokenResponse.Tokens tokens, AuthenticationDemand demand) {
    Set<String> granted = new LinkedHashSet<>(asked(demand));
    tokens.scopes().ifPresent(granted::retainAll);
    return granted;
  }

  @Override
  public RefreshOutcome refresh(Secret refreshToken, String subject) {
    Deadline deadline = connection.deadline();
    Optional<OpFailure> unknown = connection.discovery().discover(deadline);
    if (unknown.isPresent()) {
      return new RefreshOutcome.Undecided(unknown.get());
    }
    TokenResponse response = tokenEndpoint.refresh(known().tokenEndpoint(), refreshToken, deadline);
    if (response instanceof TokenResponse.Tokens tokens) {
      return refreshed(tokens, subject, deadline);
    }
    if (response instanceof TokenResponse.Undecided undecided) {
      return new RefreshOutcome.Undecided(undecided.failure());
    }
    // Only invalid_grant says something about the grant; anything else may pass (TH-TOK-13).
    return response instanceof TokenResponse.Refused refused
            && refused.reason().equals(TokenEndpoint.INVALID_GRANT)
        ? new RefreshOutcome.Ended("invalid-grant")
        : new RefreshOutcome.Undecided(OpFailure.NONSENSE);
  }

  @Override
  public RefreshOutcome recheck(Secret accessToken, String subject) {
    Deadline deadline = connection.deadline();
    Optional<URI> endpoint =
        connection.discovery().metadata().flatMap(ProviderMetadata::userinfoEndpoint);
    if (endpoint.isEmpty()) {
      return new RefreshOutcome.Ended("no-userinfo");
    }
    if (withoutIdTokens.isPresent()) {
      return withoutIdTokens.get().recheck(endpoint.get(), accessToken, subject, deadline);
    }
    UserinfoEndpoint.Answer answer = userinfo.ask(endpoint.get(), accessToken, subject, deadline);
    if (answer instanceof UserinfoEndpoint.Answer.Undecided undecided) {
      return new RefreshOutcome.Undecided(undecided.failure());
    }
    return answer instanceof UserinfoEndpoint.Answer.Claims
        ? new RefreshOutcome.Refreshed(
            accessToken, Optional.empty(), Optional.empty(), Optional.empty(), Map.of())
        : new RefreshOutcome.Ended("userinfo");
  }

  private RefreshOutcome refreshed(TokenResponse.Tokens tokens, String subject, Deadline deadline) {
    if (withoutIdTokens.isPresent()) {
      return withoutIdTokens
          .get()
          .refreshed(known().userinfoEndpoint().orElseThrow(), tokens, subject, deadline);
    }
    if (tokens.idToken().isEmpty()) {
      return refreshed(
          tokens, Optional.empty(), Optional.empty(), subject, new LinkedHashMap<>(), deadline);
    }
    IdTokenVerdict verdict =
        idTokens.verifyRefreshed(tokens.idToken().get(), tokens.accessToken(), subject, deadline);
    if (verdict instanceof IdTokenVerdict.Verified verified) {
      Map<String, Object> claims = new LinkedHashMap<>();
      add(claims, verified.idToken().claims().members());
      return refreshed(
          tokens,
          Optional.of(verified.idToken().compact()),
          AuthenticationRules.acr(verified.idToken().claims()),
          subject,
          claims,
          deadline);
    }
    if (verdict instanceof IdTokenVerdict.Undecided undecided) {
      return new RefreshOutcome.Undecided(undecided.failure());
    }
    return new RefreshOutcome.Ended(
        verdict instanceof IdTokenVerdict.Refused refused ? refused.reason() : "signature");
  }

  /**
   * Userinfo is asked again where it was asked at the login, for what the OP took away must not
   * live on here. The tokens are new and the old ones may be used up: that userinfo fails is no
   * reason to lose them, that it names somebody else is.
   */
  private RefreshOutcome refreshed(
      TokenResponse.Tokens tokens,
      Optional<Secret> idToken,
      Optional<String> acr,
      String subject,
      Map<String, Object> claims,
      Deadline deadline) {
    Optional<URI> endpoint = known().userinfoEndpoint();
    if (endpoint.isPresent() && userinfoNeed.isThere(claims)) {
      UserinfoEndpoint.Answer answer =
          userinfo.ask(endpoint.get(), tokens.accessToken(), subject, deadline);
      if (answer instanceof UserinfoEndpoint.Answer.Refused refused
          && refused.reason().equals(UserinfoEndpoint.OTHER_SUBJECT)) {
        return new RefreshOutcome.Ended(refused.reason());
      }
      if (answer instanceof UserinfoEndpoint.Answer.Claims more) {
        add(claims, more.claims().members());
      } else {
        LOG.warn("userinfo could not be read at a refresh; its claims stay as they were");
      }
    }
    return new RefreshOutcome.Refreshed(
        tokens.accessToken(),
        tokens.refreshToken(),
        tokens.expiresAt(),
        idToken,
        claims,
        acr,
        tokens.scopes());
  }

  @Override
  public LogoutToken verifyLogout(Secret logoutToken) {
    return logoutTokens.verify(logoutToken, connection.deadline());
  }

  @Override
  public RevocationOutcome revoke(Secret token, TokenTypeHint hint) {
    Optional<ProviderMetadata> metadata = connection.discovery().metadata();
    if (metadata.isEmpty()) {
      return RevocationOutcome.LATER;
    }
    return metadata
        .flatMap(ProviderMetadata::revocationEndpoint)
        .map(endpoint -> revocation.revoke(endpoint, token, hint))
        .orElse(RevocationOutcome.DONE);
  }

  @Override
  public Optional<URI> endSessionRequest(
      Optional<Secret> idToken, String subject, URI postLogoutRedirectUri, String state) {
    return connection
        .discovery()
        .metadata()
        .flatMap(ProviderMetadata::endSessionEndpoint)
        .map(endpoint -> endSessions.at(endpoint, idToken, subject, postLogoutRedirectUri, state));
  }

  /** Closes the connection. */
  @Override
  public void close() {
    connection.close();
  }

  private ProviderMetadata known() {
    return connection
        .discovery()
        .metadata()
        .orElseThrow(() -> new IllegalStateException("the OP's metadata are not known yet"));
  }
}
