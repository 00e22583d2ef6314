package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRules;
import dev.gatehouse.backchannel.OpExecutor;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.identity.IdentityMapper;
import dev.gatehouse.identity.InboundHeaders;
import dev.gatehouse.oidc.DiscoveredProvider;
import dev.gatehouse.oidc.OpConnection;
import dev.gatehouse.oidc.OpenIdProvider;
import dev.gatehouse.page.Pages;
import dev.gatehouse.seal.RandomTokens;
import dev.gatehouse.seal.SealingKeys;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The parts of one engine, put together by hand from its configuration. */
final class GateAssembly implements AutoCloseable {
  /**
   * Fields by which proxies tell apps where a request came from or which URL or method was meant:
   * from a client they are forgeries (TH-HTTP-7, TH-HTTP-8, TH-HTTP-9). The gate writes its own.
   */
  private static final List<String> PROXY_FIELDS =
      List.of(
          "Forwarded",
          "X-Forwarded",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Proto",
          "X-Forwarded-Protocol",
          "X-Forwarded-Port",
          "X-Forwarded-Scheme",
          "X-Forwarded-Server",
          "X-Forwarded-Ssl",
          "X-Forwarded-By",
          "X-Forwarded-Prefix",
          "X-Forwarded-Path",
          "X-Forwarded-Uri",
          "X-Forwarded-Method",
          "X-Forwarded-Client-Cert",
          "X-Real-IP",
          "X-Client-IP",
          "X-Cluster-Client-IP",
          "X-Originating-IP",
          "X-Remote-IP",
          "X-Remote-Addr",
          "X-Host",
          "X-HTTP-Host-Override",
          "X-Scheme",
          "X-Url-Scheme",
          "Front-End-Https",
          "True-Client-IP",
          "CF-Connecting-IP",
          "Via",
          "Proxy",
          "X-Original-URL",
          "X-Original-URI",
          "X-Original-Method",
          "X-Original-Host",
          "X-Rewrite-URL",
          "X-Script-Name",
          "X-HTTP-Method",
          "X-HTTP-Method-Override",
          "X-Method-Override");

  private final GatehouseConfig config;
  private final Clock clock;
  private final CookieNames cookieNames;
  private final SessionStore sessions;
  private final AttemptLimits limits;
  private final ClientAddress clientAddress;
  private final InboundHeaders inbound;
  private final OpenIdProvider provider;
  private final OpExecutor opCalls;
  private final OpExecutor logoutCalls;
  private final TokenReturn tokenReturn;
  private final LoginEndpoint logins;
  private final SessionRefresh refresh;
  private final Audit audit;
  private final Optional<TokenVerifier> tokens;
  private final Optional<BearerAccess> bearers;
  private final OwnPaths ownPaths;
  private final Answers answers;

  GateAssembly(GatehouseConfig config, Clock clock, SecureRandom secureRandom) {
    this.config = config;
    this.clock = clock;
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
            + " "
            + config.provider().issuer()
            + " "
            + config.provider().clientId();
    this.limits = new AttemptLimits(clock);
    this.clientAddress = new ClientAddress(config.trustedProxies());
    this.inbound = new InboundHeaders(inboundNames(config));
    this.audit = new Audit();
    this.answers =
        new Answers(new Pages(publicUrl.basePath()), publicUrl, random, clientAddress, audit);
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
    OpConnection connection =
        OpConnection.open(
            config.provider(), config.backchannel(), config.insecureAllowHttp(), clock);
    this.provider = new DiscoveredProvider(connection, config.provider(), identities.claimNames());
    this.tokens =
        config
            .bearer()
            .map(
                bearer ->
                    TokenVerifiers.open(
                        bearer, config.provider(), config.backchannel(), connection));
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
            issuer -> Optional.of(provider),
            logoutCalls,
            token -> tokens.ifPresent(verifier -> verifier.forget(token)));
    this.refresh = new SessionRefresh(provider, opCalls, identities, sessions, tokenReturn, clock);
    GatehouseConfig.Login login = config.login();
    TransactionCookies transactions =
        new TransactionCookies(
            keys.sealer("transaction" + here, random),
            cookieNames,
            setCookie,
            login.transactionLifetime(),
            login.maxPending());
    SpentStates spentStates =
        new SpentStates(clock, login.transactionLifetime(), publicUrl.basePath() + "/");
    this.logins =
        new LoginEndpoint(
            provider,
            opCalls,
            transactions,
            spentStates,
            limits,
            clientAddress,
            answers,
            random,
            clock,
            publicUrl);
    CallbackEndpoint callback =
        new CallbackEndpoint(
            provider,
            opCalls,
            transactions,
            spentStates,
            limits,
            clientAddress,
            sessions,
            tokenReturn,
            identities,
            logins,
            answers,
            audit,
            clock,
            publicUrl);
    LogoutEndpoint logout =
        new LogoutEndpoint(
            provider,
            tokenReturn,
            sessions,
            new LogoutCookie(keys.sealer("logout" + here, random), cookieNames, setCookie),
            setCookie,
            config.logout(),
            clientAddress,
            answers,
            audit,
            random,
            clock,
            publicUrl);
    this.ownPaths =
        new OwnPaths(
            logins,
            callback,
            logout,
            new OpLogoutEndpoints(
                provider,
                logoutCalls,
                revocations,
                (issuer, subject) ->
                    tokens.ifPresent(verifier -> verifier.forgetSubject(issuer, subject)),
                answers,
                clock,
                publicUrl),
            new SessionEndpoint(sessions, config.session().idleTimeout(), answers, clock),
            answers);
  }

  private static Set<String> inboundNames(GatehouseConfig config) {
    Set<String> names = new LinkedHashSet<>(config.identity().headers().keySet());
    names.addAll(PROXY_FIELDS);
    return names;
  }

  GatehouseConfig config() {
    return config;
  }

  Clock clock() {
    return clock;
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

  ClientAddress clientAddress() {
    return clientAddress;
  }

  InboundHeaders inbound() {
    return inbound;
  }

  OpenIdProvider provider() {
    return provider;
  }

  OpExecutor opCalls() {
    return opCalls;
  }

  SessionRefresh refresh() {
    return refresh;
  }

  Audit audit() {
    return audit;
  }

  Optional<BearerAccess> bearers() {
    return bearers;
  }

  LoginEndpoint logins() {
    return logins;
  }

  OwnPaths ownPaths() {
    return ownPaths;
  }

  Answers answers() {
    return answers;
  }

  @Override
  public void close() {
    opCalls.close();
    tokenReturn.close();
    logoutCalls.close();
    tokens.ifPresent(TokenVerifier::close);
    provider.close();
  }
}
