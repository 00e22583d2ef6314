package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.config.Provider;
import dev.gatehouse.jose.JwsVerifier;
import dev.gatehouse.jose.RefetchBudget;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The OP whose endpoints and keys are discovered. Safe for concurrent use. */
public final class DiscoveredProvider implements OpenIdProvider {
  private final String name;
  private final OpConnection connection;
  private final Set<String> wantedClaims;
  private final AuthenticationRequestUrl authenticationRequests;
  private final TokenEndpoint tokenEndpoint;
  private final IdTokenVerifier idTokens;
  private final LogoutTokenVerifier logoutTokens;
  private final UserinfoEndpoint userinfo;
  private final RevocationEndpoint revocation;
  private final EndSessionUrl endSessions;

  /**
   * Runs the code flow over {@code connection}, which {@link #close} closes.
   *
   * @param wantedClaims userinfo is asked when the ID token lacks one of these
   * @throws IllegalArgumentException when a configured authorization parameter is one that the
   *     gateway sets itself
   */
  public DiscoveredProvider(OpConnection connection, Provider provider, Set<String> wantedClaims) {
    this.name = provider.name();
    this.connection = connection;
    this.wantedClaims = Set.copyOf(wantedClaims);
    this.authenticationRequests = new AuthenticationRequestUrl(provider);
    this.tokenEndpoint =
        new TokenEndpoint(
            connection.client(),
            connection.credentials(),
            new TokenResponseRules(provider.request().scopes(), connection.clock()));
    this.idTokens =
        new IdTokenVerifier(
            provider.issuer(),
            provider.clientId(),
            new JwsVerifier(
                provider.tokens().signingAlgorithms(),
                provider.proof().secret(),
                connection.keys(),
                RefetchBudget.forLogins(connection.clock()),
                RefetchBudget.forLogins(connection.clock())),
            connection.clock());
    this.revocation =
        new RevocationEndpoint(connection.client(), connection.credentials(), connection::deadline);
    // A budget of its own: forged logout tokens must not use up what a login needs.
    this.logoutTokens =
        new LogoutTokenVerifier(
            provider.issuer(),
            provider.clientId(),
            new JwsVerifier(
                provider.tokens().signingAlgorithms(),
                provider.proof().secret(),
                connection.keys(),
                RefetchBudget.forClients(connection.clock()),
                RefetchBudget.forClients(connection.clock())),
            connection.clock());
    this.userinfo = new UserinfoEndpoint(connection.client());
    this.endSessions = new EndSessionUrl(provider.clientId());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String issuer() {
    return connection.issuer();
  }

  @Override
  public Optional<MetadataRefusal> refusal() {
    return connection.discovery().refusal();
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
  public URI authenticationRequest(AuthenticationRequest request) {
    return authenticationRequests.at(known().authorizationEndpoint(), request);
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
    // Core §3.1.3.3: openid was asked for, so there is an ID token.
    if (tokens.idToken().isEmpty()) {
      return new LoginOutcome.Refused(502, "id-token-missing");
    }
    IdTokenVerdict verdict =
        idTokens.verify(tokens.idToken().get(), tokens.accessToken(), grant, deadline);
    if (verdict instanceof IdTokenVerdict.Verified verified) {
      return complete(verified.idToken(), tokens, deadline);
    }
    if (verdict instanceof IdTokenVerdict.Undecided undecided) {
      return new LoginOutcome.Undecided(undecided.failure());
    }
    return verdict instanceof IdTokenVerdict.Refused refused
        ? new LoginOutcome.Refused(refused.status(), refused.reason())
        : new LoginOutcome.Refused(502, "signature");
  }

  private LoginOutcome complete(IdToken idToken, TokenResponse.Tokens tokens, Deadline deadline) {
    Map<String, Object> claims = new LinkedHashMap<>();
    add(claims, idToken.claims().members());
    Optional<URI> endpoint = known().userinfoEndpoint();
    if (endpoint.isEmpty() || claims.keySet().containsAll(wantedClaims)) {
      return loggedIn(idToken, tokens, claims);
    }
    UserinfoEndpoint.Answer answer =
        userinfo.ask(endpoint.get(), tokens.accessToken(), idToken.subject(), deadline);
    if (answer instanceof UserinfoEndpoint.Answer.Claims more) {
      add(claims, more.claims().members());
      return loggedIn(idToken, tokens, claims);
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
      IdToken idToken, TokenResponse.Tokens tokens, Map<String, Object> claims) {
    return new LoginOutcome.LoggedIn(
        issuer(),
        idToken.subject(),
        claims,
        idToken.sessionId(),
        tokens.idToken().orElseThrow(),
        tokens.accessToken(),
        tokens.refreshToken(),
        tokens.expiresAt(),
        tokens.scopes());
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

  private RefreshOutcome refreshed(TokenResponse.Tokens tokens, String subject, Deadline deadline) {
    if (tokens.idToken().isEmpty()) {
      return refreshed(tokens, Map.of());
    }
    IdTokenVerdict verdict =
        idTokens.verifyRefreshed(tokens.idToken().get(), tokens.accessToken(), subject, deadline);
    if (verdict instanceof IdTokenVerdict.Verified verified) {
      Map<String, Object> claims = new LinkedHashMap<>();
      add(claims, verified.idToken().claims().members());
      return refreshed(tokens, claims);
    }
    if (verdict instanceof IdTokenVerdict.Undecided undecided) {
      return new RefreshOutcome.Undecided(undecided.failure());
    }
    return new RefreshOutcome.Ended(
        verdict instanceof IdTokenVerdict.Refused refused ? refused.reason() : "signature");
  }

  private static RefreshOutcome refreshed(TokenResponse.Tokens tokens, Map<String, Object> claims) {
    return new RefreshOutcome.Refreshed(
        tokens.accessToken(), tokens.refreshToken(), tokens.expiresAt(), tokens.idToken(), claims);
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
