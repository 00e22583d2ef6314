package dev.gatehouse.oidc;

import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.ResponseMode;
import dev.gatehouse.jose.JwsVerifier;
import dev.gatehouse.jose.NestedJwts;
import dev.gatehouse.jose.RefetchBudget;
import dev.gatehouse.jose.TokenDecrypter;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The OP whose endpoints and keys are discovered, or stand in the configuration. One that is not
 * asked for openid has no ID tokens: its userinfo says who the user is (TH-IDT-15). Safe for
 * concurrent use.
 */
public final class DiscoveredProvider implements OpenIdProvider {
  private final String name;
  private final String displayName;
  private final OpConnection connection;
  private final AuthenticationRequests authenticationRequests;
  private final CodeLogins logins;
  private final TokenRenewals renewals;
  private final LogoutTokenVerifier logoutTokens;
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
    UserinfoNeed userinfoNeed = new UserinfoNeed(provider.userinfo().use(), wantedClaims);
    this.authenticationRequests =
        new AuthenticationRequests(
            provider,
            connection.dpop().map(DpopProofs::thumbprint),
            provider.proof().key().map(file -> requestObjects(connection, provider)),
            new PushedRequests(connection.client(), connection.credentials()));
    TokenEndpoint tokenEndpoint =
        new TokenEndpoint(
            connection.client(),
            connection.credentials(),
            new TokenResponseRules(provider, connection.clock()),
            provider,
            connection.dpop());
    JwsVerifier loginSignatures =
        new JwsVerifier(
            provider.tokens().signingAlgorithms(),
            connection.credentials()::secret,
            connection.keys(),
            RefetchBudget.forLogins(connection.clock()),
            RefetchBudget.forLogins(connection.clock()));
    TokenDecrypter idTokenEncryption =
        connection.encryption(provider.tokens().encryptionRequired());
    TokenDecrypter encryption = connection.encryption(false);
    IdTokenVerifier idTokens =
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
                connection.credentials()::secret,
                connection.keys(),
                RefetchBudget.forClients(connection.clock()),
                RefetchBudget.forClients(connection.clock())),
            idTokens::signsBy,
            connection.strict(),
            connection.clock());
    UserinfoEndpoint userinfo =
        new UserinfoEndpoint(
            connection.client(),
            Optional.of(
                    new SignedUserinfo(
                        provider.issuer(),
                        provider.clientId(),
                        new NestedJwts(encryption, loginSignatures),
                        connection.clock()))
                .filter(rules -> provider.userinfo().signed()),
            connection.dpop());
    Optional<UserinfoIdentity> withoutIdTokens =
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
    ClaimSources sources =
        new ClaimSources(
            connection, tokenEndpoint, idTokens, userinfoNeed, userinfo, withoutIdTokens);
    this.logins =
        new CodeLogins(
            sources,
            new CodeStrength(provider.issuer(), connection.strict()),
            authenticationRequests);
    this.renewals = new TokenRenewals(sources);
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
    return logins.complete(grant);
  }

  @Override
  public RefreshOutcome refresh(Secret refreshToken, String subject) {
    return renewals.refresh(refreshToken, subject);
  }

  @Override
  public RefreshOutcome recheck(Secret accessToken, String subject) {
    return renewals.recheck(accessToken, subject);
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
