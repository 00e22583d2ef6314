package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.AccessRules;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.config.ConfigProblem;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.InboundHeaders;
import dev.gatehouse.page.Page;
import dev.gatehouse.session.CookieJar;
import dev.gatehouse.session.CookieNames;
import dev.gatehouse.session.Session;
import dev.gatehouse.session.SessionStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The engine: decides what happens to a request. One for both doors. Safe for concurrent use;
 * {@link #decide} never blocks and never throws for what a client or an OP sends.
 */
public final class Gate implements Decider, AutoCloseable {
  /** Methods that reach into the proxy itself or reflect the request (RFC 9110 §9.3.6, §9.3.8). */
  private static final Set<String> REFUSED_METHODS = Set.of("TRACE", "TRACK", "CONNECT");

  private static final String ALLOWED_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

  private final PublicUrl publicUrl;
  private final HostCheck hostCheck;
  private final AccessRules rules;
  private final AccessRules touching;
  private final CookieNames cookieNames;
  private final SessionStore sessions;
  private final Duration idleTimeout;
  private final AttemptLimits limits;
  private final ClientAddress clientAddress;
  private final InboundHeaders inbound;
  private final ConnectionField connectionField;
  private final LoginEndpoint logins;
  private final SessionRefresh refresh;
  private final Audit audit;
  private final Optional<BearerAccess> bearers;
  private final OwnPaths ownPaths;
  private final Answers answers;
  private final Clock clock;
  private final GateAssembly assembly;
  private final AnswerPolicy anonymousPolicy;
  private final AnswerPolicy unknownUserPolicy;
  private final AnswerPolicy knownUserPolicy;
  private final List<HeaderField> forwardedOrigin;

  Gate(GateAssembly assembly) {
    GatehouseConfig config = assembly.config();
    this.assembly = assembly;
    this.publicUrl = config.publicUrl();
    this.hostCheck = new HostCheck(publicUrl, assembly.clientAddress());
    this.rules = new AccessRules(config.rules());
    this.touching = new AccessRules(pollingRules(config.session().pollingPaths()));
    this.cookieNames = assembly.cookieNames();
    this.sessions = assembly.sessions();
    this.idleTimeout = config.session().idleTimeout();
    this.limits = assembly.limits();
    this.clientAddress = assembly.clientAddress();
    this.inbound = assembly.inbound();
    this.connectionField = new ConnectionField(inbound);
    this.logins = assembly.logins();
    this.refresh = assembly.refresh();
    this.audit = assembly.audit();
    this.bearers = assembly.bearers();
    this.ownPaths = assembly.ownPaths();
    this.answers = assembly.answers();
    this.clock = assembly.clock();
    boolean https = publicUrl.https();
    this.anonymousPolicy = new GateAnswerPolicy(https, false, false, List.of());
    this.unknownUserPolicy = new GateAnswerPolicy(https, false, true, List.of());
    this.knownUserPolicy = new GateAnswerPolicy(https, true, true, List.of());
    this.forwardedOrigin =
        List.of(
            new HeaderField("X-Forwarded-Host", publicUrl.authority()),
            new HeaderField("X-Forwarded-Proto", publicUrl.scheme()));
  }

  /**
   * Builds the engine. Does no I/O to the OP before it returns: metadata is read in the background,
   * so an OP that is down stops nothing but logins.
   */
  public static Gate open(GatehouseConfig config, Clock clock, SecureRandom random) {
    return new Gate(new GateAssembly(config, clock, random));
  }

  @Override
  public Decision decide(ClientRequest request) {
    return guarded(request, () -> judge(request));
  }

  /** A bug of ours must neither open the gate nor take the door down, at whatever step it shows. */
  private Decision guarded(ClientRequest request, Supplier<Decision> step) {
    try {
      Decision decision = step.get();
      if (decision instanceof Decision.Pending pending) {
        return new Decision.Pending(
            pending.outcome().handle((outcome, bug) -> bug == null ? outcome : bug(request, bug)));
      }
      if (decision instanceof Decision.NeedsBody needsBody) {
        return new Decision.NeedsBody(
            needsBody.maxBytes(), body -> guarded(request, () -> needsBody.then().apply(body)));
      }
      return decision;
    } catch (RuntimeException bug) {
      return bug(request, bug);
    }
  }

  private Decision bug(ClientRequest request, Throwable bug) {
    return failure(request, 500, Page.Kind.INTERNAL_ERROR, "bug", bug);
  }

  @Override
  public Decision.Answer failure(
      ClientRequest request, int status, Page.Kind kind, String reason, Throwable cause) {
    Answers.Refusal refusal = answers.refuse(request, status, kind, reason).cause(cause);
    if (status == 503) {
      refusal.retryAfterSeconds(5);
    }
    return refusal.action("/").answer();
  }

  /**
   * Waits for the OP's metadata, so that a configuration that does not fit the OP is told at start
   * and not by the first user (TH-CFG-2). An OP that is down or slow is no reason not to start.
   *
   * @param patience at most so long
   * @return what is wrong with the metadata; empty where nothing is, or nothing is known yet
   */
  public Optional<ConfigProblem> awaitProvider(Duration patience) {
    CompletableFuture<Optional<OpFailure>> reading =
        assembly
            .opCalls()
            .call(() -> assembly.provider().discover(), Optional::of)
            .toCompletableFuture();
    try {
      reading.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("reading the metadata never fails but by a bug", e);
    }
    return assembly
        .provider()
        .refusal()
        .map(
            refusal ->
                new ConfigProblem(
                    ConfigProblem.Severity.ERROR,
                    refusal.reason(),
                    "provider.issuer",
                    0,
                    "the metadata of the OpenID provider cannot be used: " + refusal.detail()));
  }

  /** Why logins would fail now, for {@code /health/ready}; empty when all is well. */
  public Optional<String> notReadyReason() {
    return assembly.provider().discovered()
        ? Optional.empty()
        : Optional.of("the OpenID provider's metadata has not been read yet");
  }

  /** Whether the gateway itself answers a canonical path, so that no rule is looked at. */
  public static boolean answersItself(String canonicalPath) {
    return OwnPaths.reserved(canonicalPath);
  }

  /** Ends background work. Sessions in memory are gone. */
  @Override
  public void close() {
    assembly.close();
  }

  private Decision judge(ClientRequest request) {
    if (REFUSED_METHODS.contains(request.method())) {
      return answers
          .refuse(request, 405, Page.Kind.METHOD_NOT_ALLOWED, "method")
          .header("Allow", ALLOWED_METHODS)
          .answer();
    }
    if (!hostCheck.passes(request)) {
      return answers.refuse(request, 421, Page.Kind.MISDIRECTED, "host").answer();
    }
    if (connectionField.namesForbidden(request)) {
      return answers.refuse(request, 400, Page.Kind.BAD_REQUEST, "connection-field").answer();
    }
    RequestPath.Parsed parsed =
        RequestPath.parse(request.rawPath(), publicUrl.basePath(), request.mappedPath());
    if (!(parsed instanceof RequestPath.Parsed.Ok ok)) {
      String reason = ((RequestPath.Parsed.Refused) parsed).reason();
      return reason.equals("outside-base-path")
          ? answers.refuse(request, 404, Page.Kind.NOT_FOUND, reason).answer()
          : answers.refuse(request, 400, Page.Kind.BAD_REQUEST, reason).action("/").answer();
    }
    RequestPath path = ok.path();
    CookieJar cookies = CookieJar.read(cookieNames, request.headers("Cookie"));
    if (OwnPaths.reserved(path.canonical())) {
      return ownPaths.answer(request, path, cookies);
    }
    return byRule(request, path, cookies, rules.find(request.method(), path.canonical()));
  }

  private Decision byRule(
      ClientRequest request, RequestPath path, CookieJar cookies, AccessRule rule) {
    switch (rule.access()) {
      case ANONYMOUS:
        return anonymous(request, path, rule, anonymousPolicy);
      case OPTIONAL, LOGIN:
        return bySession(request, path, cookies, rule);
      case BEARER:
        return byToken(request, path, rule)
            .orElseGet(() -> BearerAccess.challenge(request, answers));
      case LOGIN_OR_BEARER:
        return byToken(request, path, rule)
            .orElseGet(() -> bySession(request, path, cookies, rule));
      default:
        return answers.refuse(request, 403, Page.Kind.DENIED, "deny-rule").action("/").answer();
    }
  }

  private Optional<Decision> byToken(ClientRequest request, RequestPath path, AccessRule rule) {
    return bearers.flatMap(
        access ->
            access.judge(
                request,
                rule,
                user ->
                    // Nothing here would notice the end of a token, so a WebSocket gets none.
                    toApp(request, path, rule, user, knownUserPolicy, used -> false)));
  }

  private Decision bySession(
      ClientRequest request, RequestPath path, CookieJar cookies, AccessRule rule) {
    boolean touch =
        touching.find(request.method(), path.canonical()).access() != AccessRule.Access.ANONYMOUS;
    SessionStore.Lookup lookup = sessions.find(cookies, clock.instant(), touch);
    if (lookup instanceof SessionStore.Lookup.Found found) {
      return refresh.due(found.session(), clock.instant())
          ? refreshed(request, path, cookies, rule, found)
          : bySession(request, path, cookies, rule, found);
    }
    if (!(lookup instanceof SessionStore.Lookup.None none)) {
      return answers
          .refuse(request, 503, Page.Kind.INTERNAL_ERROR, "session-store")
          .retryAfterSeconds(5)
          .answer();
    }
    return withoutSession(request, path, cookies, rule, none);
  }

  private Decision withoutSession(
      ClientRequest request,
      RequestPath path,
      CookieJar cookies,
      AccessRule rule,
      SessionStore.Lookup.None none) {
    if (rule.access() == AccessRule.Access.OPTIONAL) {
      return anonymous(request, path, rule, unknownUserPolicy);
    }
    if (Navigation.topLevel(request)) {
      String target = ReturnTarget.intercepted(path, request.rawQuery(), publicUrl);
      return logins.begin(request, target, cookies);
    }
    return refuseWithoutSession(request, none);
  }

  private Decision refreshed(
      ClientRequest request,
      RequestPath path,
      CookieJar cookies,
      AccessRule rule,
      SessionStore.Lookup.Found found) {
    Session session = found.session();
    return new Decision.Pending(
        refresh
            .refresh(session)
            .thenApply(
                verdict ->
                    switch (verdict) {
                      case GOOD -> renewed(request, path, cookies, rule);
                      case ENDED -> ended(request, path, cookies, rule, session);
                      case UNDECIDED ->
                          answers
                              .refuse(request, 503, Page.Kind.OP_UNAVAILABLE, "refresh-undecided")
                              .retryAfterSeconds(5)
                              .answer();
                    }));
  }

  /** Looks the session up again: it may have ended while the OP was asked (TH-OUT-12). */
  private Decision renewed(
      ClientRequest request, RequestPath path, CookieJar cookies, AccessRule rule) {
    if (!(sessions.find(cookies, clock.instant(), false)
        instanceof SessionStore.Lookup.Found found)) {
      return withoutSession(
          request, path, cookies, rule, new SessionStore.Lookup.None(true, false));
    }
    List<String> lines = sessions.update(found.session(), cookies, clock.instant());
    return bySession(
        request, path, cookies, rule, new SessionStore.Lookup.Found(found.session(), lines));
  }

  private Decision ended(
      ClientRequest request,
      RequestPath path,
      CookieJar cookies,
      AccessRule rule,
      Session session) {
    sessions.end(session, clock.instant());
    audit.session("refresh-refused", request, clientAddress.of(request), session);
    return withoutSession(request, path, cookies, rule, new SessionStore.Lookup.None(true, false));
  }

  private Decision refuseWithoutSession(ClientRequest request, SessionStore.Lookup.None none) {
    // A session that was there and is gone is told as such: the user may have typed for an hour.
    Page.Kind kind = none.presented() ? Page.Kind.SESSION_EXPIRED : Page.Kind.LOGIN_NEEDED;
    String reason = none.ambiguous() ? "session-ambiguous" : "no-session";
    return answers.refuse(request, 401, kind, reason).action(LoginEndpoint.PATH).answer();
  }

  private Decision bySession(
      ClientRequest request,
      RequestPath path,
      CookieJar cookies,
      AccessRule rule,
      SessionStore.Lookup.Found found) {
    Session session = found.session();
    if (session.firstReturn()) {
      limits.sessionCameBack(
          new AttemptLimits.LoginKey(
              session.identity().issuer(),
              session.identity().subject(),
              clientAddress.limitKey(request)));
    }
    if (!AccessRules.satisfied(rule, session.identity().claims())) {
      return answers.refuse(request, 403, Page.Kind.FORBIDDEN, "require").action("/").answer();
    }
    if (foreignWebSocket(request)) {
      return answers.refuse(request, 403, Page.Kind.FOREIGN_REQUEST, "origin").answer();
    }
    AnswerPolicy policy =
        found.setCookies().isEmpty()
            ? knownUserPolicy
            : new GateAnswerPolicy(publicUrl.https(), true, true, found.setCookies());
    Identity user = session.identity();
    return toApp(
        request, path, rule, user, policy, used -> sessionHolds(cookies, rule, user, used));
  }

  private Decision toApp(
      ClientRequest request,
      RequestPath path,
      AccessRule rule,
      Identity identity,
      AnswerPolicy policy,
      Predicate<Boolean> holds) {
    List<HeaderField> own = identity.headers();
    List<HeaderField> added = new ArrayList<>(own.size() + 3);
    added.addAll(own);
    addForwarded(request, added);
    return new Decision.ToApp(
        new GateForward(
            path,
            request.rawQuery(),
            Optional.of(identity),
            rule,
            inbound,
            bearsToken(request),
            added,
            policy,
            holds));
  }

  /** Whether a session that let a request pass would let it pass again. */
  private boolean sessionHolds(CookieJar cookies, AccessRule rule, Identity user, boolean used) {
    return sessions.find(cookies, clock.instant(), used) instanceof SessionStore.Lookup.Found found
        && found.session().identity().issuer().equals(user.issuer())
        && found.session().identity().subject().equals(user.subject())
        && AccessRules.satisfied(rule, found.session().identity().claims());
  }

  private Decision anonymous(
      ClientRequest request, RequestPath path, AccessRule rule, AnswerPolicy policy) {
    List<HeaderField> added = new ArrayList<>(3);
    addForwarded(request, added);
    return new Decision.ToApp(
        new GateForward(
            path,
            request.rawQuery(),
            Optional.empty(),
            rule,
            inbound,
            bearsToken(request),
            added,
            policy,
            used -> true));
  }

  private void addForwarded(ClientRequest request, List<HeaderField> added) {
    added.add(new HeaderField("X-Forwarded-For", clientAddress.forwardedFor(request)));
    added.addAll(forwardedOrigin);
  }

  /** An access token is the gateway's business, not the app's (TH-BEAR-21). */
  private static boolean bearsToken(ClientRequest request) {
    String authorization = request.header("Authorization");
    return authorization != null
        && (authorization.regionMatches(true, 0, "Bearer", 0, 6)
            || authorization.regionMatches(true, 0, "DPoP", 0, 4));
  }

  /** Browsers send cookies with cross-site WebSocket handshakes (RFC 6455 §10.2, TH-HTTP-11). */
  private boolean foreignWebSocket(ClientRequest request) {
    String upgrade = request.header("Upgrade");
    return upgrade != null
        && upgrade.equalsIgnoreCase("websocket")
        && !publicUrl.origin().equals(request.header("Origin"));
  }

  private static List<AccessRule> pollingRules(List<String> patterns) {
    return patterns.stream()
        .map(
            pattern ->
                new AccessRule(
                    pattern, Set.of(), AccessRule.Access.ANONYMOUS, Map.of(), Set.of(), 0))
        .toList();
  }
}
