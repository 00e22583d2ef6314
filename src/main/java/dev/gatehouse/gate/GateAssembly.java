package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRules;
import dev.gatehouse.access.LetterCase;
import dev.gatehouse.backchannel.OpExecutor;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.Hsts;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.hygiene.Leak;
import dev.gatehouse.hygiene.LogCleaner;
import dev.gatehouse.hygiene.RefererCleaner;
import dev.gatehouse.hygiene.TokenScanner;
import dev.gatehouse.hygiene.WatchedNames;
import dev.gatehouse.identity.AssertionKeys;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.identity.IdentityMapper;
import dev.gatehouse.identity.InboundHeaders;
import dev.gatehouse.oidc.Providers;
import dev.gatehouse.page.Pages;
import dev.gatehouse.report.LeakReport;
import dev.gatehouse.seal.RandomTokens;
import dev.gatehouse.seal.Sealer;
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
import dev.gatehouse.token.DpopNonces;
import dev.gatehouse.token.TokenVerifier;
import dev.gatehouse.token.TokenVerifiers;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * The parts of the engine, put together by hand from its configuration: once what all hosts share,
 * above all the dealings with the OPs, and for each host what is its own, above all its sessions.
 */
final class GateAssembly implements AutoCloseable {
  /** A quarter of the threads that servlet containers have unless told otherwise. */
  private static final int MAX_WAITING = 50;

  private final GatehouseConfig config;
  private final Clock clock;
  private final RandomTokens random;
  private final SealingKeys keys;
  private final CookieNames cookieNames;
  private final SetCookie setCookie;
  private final AttemptLimits limits;
  private final ClientAddress clientAddress;
  private final InboundHeaders inbound;
  private final AccessRules rules;
  private final IdentityMapper identities;
  private final Revocations revocations;
  private final Providers providers;
  private final OpCalls opCalls;
  private final OpExecutor logoutCalls;
  private final TokenReturn tokenReturn;
  private final SessionKeyFiles keyFiles;
  private final Optional<AssertionKeys> assertionKeys;
  private final WaitingRoom tokenRoom = new WaitingRoom(MAX_WAITING);
  private final WaitingRoom logoutRoom = new WaitingRoom(MAX_WAITING);
  private final WaitingRoom refreshRoom = new WaitingRoom(MAX_WAITING);
  private final Optional<TokenVerifier> tokens;
  private final Optional<TokenProofs> proofs;
  private final List<SessionStore> stores = new ArrayList<>();
  private final Measurements measurements;
  private final Audit audit;
  private final RefererCleaner referers;
  private final LeakNotes leakNotes;
  private final Answers answers;
  private final LeakReport leaks;

  GateAssembly(
      GatehouseConfig config, Clock clock, SecureRandom secureRandom, Measurements measurements) {
    this.measurements = measurements;
    this.config = config;
    this.clock = clock;
    this.random = new RandomTokens(secureRandom);
    this.keys =
        config.session().keys().isEmpty()
            ? SealingKeys.fresh(random)
            : SealingKeys.of(config.session().keys());
    this.keyFiles = SessionKeyFiles.watch(config.session(), keys);
    PublicUrl publicUrl = config.publicUrl();
    this.cookieNames = CookieNames.of(publicUrl.https());
    this.setCookie = new SetCookie(publicUrl.https());
    this.limits = new AttemptLimits(clock);
    this.clientAddress = new ClientAddress(config.trustedProxies());
    this.inbound = new InboundHeaders(inboundNames(config));
    this.audit =
        new Audit(measurements, new LogCleaner(WatchedNames.with(config.tokenHygiene().names())));
    this.referers = UrlHygiene.referers(config.tokenHygiene());
    this.answers =
        new Answers(new Pages(publicUrl.basePath()), random, clientAddress, audit, hsts());
    this.rules = new AccessRules(config.rules());
    this.leaks =
        new LeakReport(
            clock.instant(),
            config.rules(),
            config.tokenHygiene().mode(),
            config.tokenHygiene().jwtValues() == GatehouseConfig.JwtValues.AS_TOKEN);
    this.leakNotes =
        new LeakNotes(
            leaks.and(audit::leak).and(leak -> count(measurements, leak)),
            keys.fingerprints("leaks"),
            clock);
    this.identities = new IdentityMapper(config.identity(), rules.claimNames());
    this.assertionKeys =
        config.identity().assertion().map(assertion -> AssertionKeys.open(assertion, clock));
    this.revocations =
        new Revocations(clock, config.session().maxLifetime(), config.session().maxSessions());
    this.providers = Providers.open(config, clock, random, measurements, identities.claimNames());
    this.tokens =
        config
            .bearer()
            .map(
                bearer ->
                    TokenVerifiers.open(
                        bearer, config.providers(), config.backchannel(), providers));
    this.proofs = config.bearer().map(GatehouseConfig.Bearer::binding).map(this::proofs);
    GatehouseConfig.Backchannel calls = config.backchannel();
    this.opCalls = new OpCalls("gatehouse-login", providers.all(), calls);
    // Anybody may send logout tokens, and nobody waits for a revocation: neither may take the place
    // of a login.
    this.logoutCalls =
        new OpExecutor("gatehouse-logout", calls.threads(), calls.queue(), calls.deadline());
    this.tokenReturn =
        new TokenReturn(
            providers::atIssuer,
            logoutCalls,
            token -> tokens.ifPresent(verifier -> verifier.forget(token)));
  }

  private TokenProofs proofs(GatehouseConfig.BearerBinding binding) {
    Optional<DpopNonces> nonces =
        binding.nonces()
            ? Optional.of(new DpopNonces(keys.sealer("dpop-nonce", random), clock))
            : Optional.empty();
    return new TokenProofs(binding, nonces, clientAddress, clock);
  }

  /**
   * The gates of all hosts, the one of the public URL first.
   *
   * @param judge what happens to a request, wherever it is for
   */
  List<HostGate> hosts(Function<ClientRequest, Decision> judge) {
    List<HostGate> hosts = new ArrayList<>();
    hosts.add(host(site(config.publicUrl(), Optional.empty()), judge));
    config
        .hosts()
        .forEach(
            (name, provider) ->
                hosts.add(host(site(config.publicUrl().at(name), Optional.of(provider)), judge)));
    return hosts;
  }

  private Site site(PublicUrl publicUrl, Optional<String> provider) {
    RedirectUris redirectUris =
        new RedirectUris(
            publicUrl, config.login().sharedRedirectUri() && config.providers().size() > 1);
    return new Site(
        publicUrl,
        provider,
        redirectUris,
        clientAddress,
        answers,
        audit,
        measurements,
        random,
        clock);
  }

  private HostGate host(Site site, Function<ClientRequest, Decision> judge) {
    SessionStore sessions = sessions(site);
    stores.add(sessions);
    ProviderChoice choice = new ProviderChoice(providers, site.provider());
    Attempts attempts = attempts(site);
    SessionRefresh refresh =
        new SessionRefresh(providers, opCalls, identities, sessions, tokenReturn, clock);
    TokenScanner scanner = UrlHygiene.scanner(config.tokenHygiene());
    UrlHygiene hygiene =
        new UrlHygiene(config.tokenHygiene(), scanner, referers, leakNotes, answers);
    LoginEndpoint logins =
        new LoginEndpoint(site, choice, opCalls, attempts, sessions, hygiene.targets());
    CallbackEndpoint callback =
        new CallbackEndpoint(
            site, providers, opCalls, attempts, sessions, tokenReturn, identities, logins);
    LogoutCookie logoutCookie = new LogoutCookie(sealer("logout", site), cookieNames, setCookie);
    SignOut signOut =
        new SignOut(
            site, providers, tokenReturn, sessions, logoutCookie, setCookie, config.logout());
    OwnPaths ownPaths =
        new OwnPaths(
            logins,
            callback,
            new LogoutEndpoint(site, signOut, sessions, logoutCookie),
            opLogouts(site),
            new SessionEndpoint(sessions, config.session().idleTimeout(), answers, clock),
            new JwksEndpoint(providers, assertionKeys, answers),
            answers);
    Forwarding forwarding =
        new Forwarding(
            site.publicUrl(),
            clientAddress,
            inbound,
            referers,
            new AppCredentials(
                config.identity(), site.publicUrl().toString(), assertionKeys, random, clock),
            gatewayMark(),
            hsts(),
            new AnswerHygiene(
                config.tokenHygiene(), scanner, cookieNames, leakNotes, measurements));
    LetterCase letterCase = config.app().letterCase();
    AppLogout appLogout =
        new AppLogout(site, config.logout(), letterCase, signOut, sessions, forwarding);
    RequestSource source =
        new RequestSource(site.publicUrl().origin(), config.app().crossSite().trustedOrigins());
    SessionAccess bySession =
        new SessionAccess(
            site,
            choice,
            sessions,
            refresh,
            logins,
            limits,
            forwarding,
            appLogout,
            refreshRoom,
            config.session().pollingPaths(),
            letterCase,
            source);
    Admission admission =
        new Admission(
            site,
            AccessRules.at(site.publicUrl().host(), config.rules(), letterCase),
            config.app().preflight(),
            new SiteIsolation(config.app().crossSite(), source),
            forwarding);
    return new HostGate(
        site,
        admission,
        cookieNames,
        new ConnectionField(inbound),
        hygiene,
        forwarding,
        appLogout,
        bySession,
        config.bearer().map(bearer -> bearerAccess(site, bearer, choice)),
        config
            .forwardAuth()
            .map(settings -> new ForwardAuthEndpoint(settings, toldNames(config), site, judge)),
        ownPaths,
        config.bearer().flatMap(bearer -> protectedResource(site, bearer)),
        new FormHygiene(config.tokenHygiene(), scanner, leakNotes, answers),
        leaks);
  }

  private BearerAccess bearerAccess(
      Site site, GatehouseConfig.Bearer bearer, ProviderChoice choice) {
    return new BearerAccess(
        site,
        tokens.orElseThrow(),
        proofs.orElseThrow(),
        new BearerChallenges(bearer),
        choice,
        identities,
        limits,
        tokenRoom);
  }

  // It is at one origin, whatever other hosts are served.
  private Optional<ProtectedResource> protectedResource(Site site, GatehouseConfig.Bearer bearer) {
    return bearer
        .resource()
        .filter(url -> PublicUrl.of(url).origin().equals(site.publicUrl().origin()))
        .map(url -> new ProtectedResource(url, bearer, config, answers));
  }

  private SessionStore sessions(Site site) {
    GatehouseConfig.Session settings = config.session();
    return settings.store() == GatehouseConfig.SessionStoreKind.COOKIE
        ? new SealedCookieSessionStore(
            settings,
            cookieNames,
            setCookie,
            random,
            revocations,
            sealer("session", site),
            new SealedSessionFormat(identities, config.providers()))
        : new MemorySessionStore(settings, cookieNames, setCookie, random, revocations);
  }

  private Attempts attempts(Site site) {
    GatehouseConfig.Login login = config.login();
    return new Attempts(
        new TransactionCookies(
            sealer("transaction", site),
            cookieNames,
            setCookie,
            login.transactionLifetime(),
            login.maxPending()),
        new SpentStates(clock, login.transactionLifetime(), site.home()),
        limits,
        new BrowserMark(cookieNames, setCookie));
  }

  /** All public URLs are of one scheme. */
  private Optional<HeaderField> hsts() {
    return config.publicUrl().https() && config.hsts().enabled()
        ? Optional.of(new HeaderField(Hsts.FIELD, config.hsts().value()))
        : Optional.empty();
  }

  private OpLogoutEndpoints opLogouts(Site site) {
    return new OpLogoutEndpoints(
        site, providers, logoutCalls, revocations, this::forgetTokens, logoutRoom);
  }

  /** Ends sessions on all hosts. */
  SessionControl sessionControl() {
    return new OperatorLogout(providers, revocations, this::forgetTokens, audit, clock);
  }

  private void count(Measurements measurements, Leak leak) {
    measurements.leaked(
        leak.place().word(), leak.name(), leaks.modeOf(leak.route()), leak.outcome().word());
  }

  /** What is known of tokens where they do not belong. */
  LeakReport leaks() {
    return leaks;
  }

  /** How many sessions are kept here; empty where the browsers keep them. */
  OptionalLong sessionsHeld() {
    return stores.stream()
        .map(SessionStore::held)
        .filter(OptionalLong::isPresent)
        .mapToLong(OptionalLong::getAsLong)
        .reduce(Long::sum);
  }

  /** What has come of remembering access tokens; empty where none are accepted. */
  Optional<TokenVerifier.CacheFigures> tokenCache() {
    return tokens.map(TokenVerifier::cacheFigures);
  }

  private void forgetTokens(String issuer, String subject) {
    tokens.ifPresent(verifier -> verifier.forgetSubject(issuer, subject));
  }

  /** Keys may be shared by apps and hosts, what is sealed must not be (TH-SES-11). */
  private Sealer sealer(String purpose, Site site) {
    return keys.sealer(purpose + " " + site.publicUrl().resolve("/"), random);
  }

  private Optional<HeaderField> gatewayMark() {
    return config
        .upstreamTrust()
        .secret()
        .map(secret -> new HeaderField(secret.name(), secret.value().reveal()));
  }

  /**
   * The fields by which the app learns who the user is, and that it is the gateway that says so.
   */
  private static Set<String> toldNames(GatehouseConfig config) {
    Set<String> names = new LinkedHashSet<>(config.identity().headers().keySet());
    config.identity().assertion().ifPresent(assertion -> names.add(assertion.header()));
    config.upstreamTrust().secret().ifPresent(secret -> names.add(secret.name()));
    return names;
  }

  private static Set<String> inboundNames(GatehouseConfig config) {
    Set<String> names = toldNames(config);
    names.addAll(ProxyFields.ALL);
    config.bearer().flatMap(bearer -> bearer.binding().certificateHeader()).ifPresent(names::add);
    return names;
  }

  Providers providers() {
    return providers;
  }

  OpCalls opCalls() {
    return opCalls;
  }

  ClientAddress clientAddress() {
    return clientAddress;
  }

  Answers answers() {
    return answers;
  }

  @Override
  public void close() {
    keyFiles.close();
    assertionKeys.ifPresent(AssertionKeys::close);
    opCalls.close();
    tokenReturn.close();
    logoutCalls.close();
    tokens.ifPresent(TokenVerifier::close);
    proofs.ifPresent(TokenProofs::close);
    providers.close();
  }
}
