package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRules;
import dev.gatehouse.backchannel.OpExecutor;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.identity.IdentityMapper;
import dev.gatehouse.identity.InboundHeaders;
import dev.gatehouse.oidc.Providers;
import dev.gatehouse.page.Pages;
import dev.gatehouse.seal.RandomTokens;
import dev.gatehouse.seal.SealingKeys;
import dev.gatehouse.session.BrowserMark;
import dev.gatehouse.session.CookieNames;
import dev.gatehouse.session.LogoutCookie;
import dev.gatehouse.session.MemorySessionStore;
import dev.gatehouse.session.Revocations;
import dev.gatehouse.session.SealedCookieSessionStore;
import dev.gatehouse.session.SealedSessionFormat;
import dev.gatehouse.session.SessionStore;
import dev.gatehouse.session.SetCookie;
import dev.gatehouse.session.TransactionCookies;
import dev.gatehouse.token.TokenVerifier;
import dev.gatehouse.token.TokenVerifiers;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The parts of one engine, put together by hand from its configuration. */
final class GateAssembly implements AutoCloseable {
  private final GatehouseConfig config;
  private final CookieNames cookieNames;
  private final SessionStore sessions;
  private final AttemptLimits limits;
  private final InboundHeaders inbound;
  private final Providers providers;
  private final OpExecutor opCalls;
  private final OpExecutor logoutCalls;
  private final TokenReturn tokenReturn;
  private final LoginEndpoint logins;
  private final SignOut signOut;
  private final SessionRefresh refresh;
  private final Optional<TokenVerifier> tokens;
  private final Optional<BearerAccess> bearers;
  private final OwnPaths ownPaths;
  private final Site site;

  GateAssembly(GatehouseConfig config, Clock clock, SecureRandom secureRandom) {
    this.config = config;
    PublicUrl publicUrl = config.publicUrl();
    RandomTokens random = new RandomTokens(secureRandom);
    SealingKeys keys =
        config.session().keys().isEmpty()
            ? SealingKeys.fresh(random)
            : SealingKeys.of(config.session().keys());
    this.cookieNames = CookieNames.of(publicUrl.https());
    SetCookie setCookie = new SetCookie(publicUrl.https());
    // Keys may be shared by apps, sessions must not be: neither with another app on the same host,
    // nor with this one as it was at another OP (TH-SES-11).
    String here =
        " "
            + publicUrl.resolve("/")
            + config.providers().values().stream()
                .map(provider -> " " + provider.issuer() + " " + provider.clientId())
                .collect(Collectors.joining());
    this.limits = new AttemptLimits(clock);
    ClientAddress clientAddress = new ClientAddress(config.trustedProxies());
    this.inbound = new InboundHeaders(inboundNames(config));
    Audit audit = new Audit();
    Answers answers =
        new Answers(new Pages(publicUrl.basePath()), publicUrl, random, clientAddress, audit);
    this.site = new Site(publicUrl, clientAddress, answers, audit, random, clock);
    GatehouseConfig.IdentityMapping mapping = config.identity();
    IdentityMapper identities =
        new IdentityMapper(
            mapping.headers(),
            mapping.required(),
            mapping.roles(),
            new AccessRules(config.rules()).claimNames());
    Revocations revocations =
        new Revocations(clock, config.session().maxLifetime(), config.session().maxSessions());
    this.sessions =
        config.session().store() == GatehouseConfig.SessionStoreKind.COOKIE
            ? new SealedCookieSessionStore(
                config.session(),
                cookieNames,
                setCookie,
                random,
                revocations,
                keys.sealer("session" + here, random),
                new SealedSessionFormat(identities))
            : new MemorySessionStore(config.session(), cookieNames, setCookie, random, revocations);
    this.providers = Providers.open(config, clock, random, identities.claimNames());
    Provider issuerOfTokens = config.provider();
    this.tokens =
        config
            .bearer()
            .map(
                bearer ->
                    TokenVerifiers.open(
                        bearer,
                        issuerOfTokens,
                        config.backchannel(),
                        providers.connection(issuerOfTokens.name())));
    GatehouseConfig.Backchannel calls = config.backchannel();
    this.opCalls =
        new OpExecutor("gatehouse-login", calls.threads(), calls.queue(), calls.deadline());
    // Anybody may send logout tokens, and nobody waits for a revocation: neither may take the place
    // of a login.
    this.logoutCalls =
        new OpExecutor("gatehouse-logout", calls.threads(), calls.queue(), calls.deadline());
    this.bearers = tokens.map(verifier -> new BearerAccess(verifier, identities, answers));
    this.tokenReturn =
        new TokenReturn(
            providers::atIssuer,
            logoutCalls,
            token -> tokens.ifPresent(verifier -> verifier.forget(token)));
    this.refresh = new SessionRefresh(providers, opCalls, identities, sessions, tokenReturn, clock);
    GatehouseConfig.Login login = config.login();
    Attempts attempts =
        new Attempts(
            new TransactionCookies(
                keys.sealer("transaction" + here, random),
                cookieNames,
                setCookie,
                login.transactionLifetime(),
                login.maxPending()),
            new SpentStates(clock, login.transactionLifetime(), site.home()),
            limits,
            new BrowserMark(cookieNames, setCookie));
    this.logins = new LoginEndpoint(site, providers, opCalls, attempts);
    LogoutCookie logoutCookie =
        new LogoutCookie(keys.sealer("logout" + here, random), cookieNames, setCookie);
    this.signOut =
        new SignOut(
            site, providers, tokenReturn, sessions, logoutCookie, setCookie, config.logout());
    LogoutEndpoint logout = new LogoutEndpoint(site, signOut, sessions, logoutCookie);
    this.ownPaths =
        new OwnPaths(
            logins,
            new CallbackEndpoint(
                site, providers, opCalls, attempts, sessions, tokenReturn, identities, logins),
            logout,
            new OpLogoutEndpoints(
                site,
                providers,
                logoutCalls,
                revocations,
                (issuer, subject) ->
                    tokens.ifPresent(verifier -> verifier.forgetSubject(issuer, subject))),
            new SessionEndpoint(sessions, config.session().idleTimeout(), answers, clock),
            answers);
  }

  private static Set<String> inboundNames(GatehouseConfig config) {
    Set<String> names = new LinkedHashSet<>(config.identity().headers().keySet());
    names.addAll(ProxyFields.ALL);
    return names;
  }

  GatehouseConfig config() {
    return config;
  }

  CookieNames cookieNames() {
    return cookieNames;
  }

  SessionStore sessions() {
    return sessions;
  }

  AttemptLimits limits() {
    return limits;
  }

  InboundHeaders inbound() {
    return inbound;
  }

  Providers providers() {
    return providers;
  }

  Site site() {
    return site;
  }

  OpExecutor opCalls() {
    return opCalls;
  }

  SessionRefresh refresh() {
    return refresh;
  }

  Optional<BearerAccess> bearers() {
    return bearers;
  }

  LoginEndpoint logins() {
    return logins;
  }

  SignOut signOut() {
    return signOut;
  }

  OwnPaths ownPaths() {
    return ownPaths;
  }

  @Override
  public void close() {
    opCalls.close();
    tokenReturn.close();
    logoutCalls.close();
    tokens.ifPresent(TokenVerifier::close);
    providers.close();
  }
}
