package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.config.Provider.ResponseMode;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.IdentityMapper;
import dev.gatehouse.oidc.CodeGrant;
import dev.gatehouse.oidc.LoginOutcome;
import dev.gatehouse.oidc.OpenIdProvider;
import dev.gatehouse.oidc.Providers;
import dev.gatehouse.page.Page;
import dev.gatehouse.seal.RandomTokens;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.session.BrowserMark;
import dev.gatehouse.session.CookieJar;
import dev.gatehouse.session.LoginTransaction;
import dev.gatehouse.session.Session;
import dev.gatehouse.session.SessionKey;
import dev.gatehouse.session.SessionStore;
import dev.gatehouse.session.SessionTokens;
import dev.gatehouse.session.TransactionCookies;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The redirection endpoint (RFC 6749 §3.1.2). The order of its checks is fixed (TH-CB-1): method,
 * syntax, transaction and state, {@code iss}, {@code error}, code, token request. Safe for
 * concurrent use.
 */
final class CallbackEndpoint {
  /** What the user or the OP's policy says no with (RFC 6749 §4.1.2.1, Core §3.1.2.6). */
  private static final Set<String> DENIALS =
      Set.of("access_denied", "consent_required", "account_selection_required");

  /** What a second, interactive attempt mends (Core §3.1.2.6). */
  private static final Set<String> INTERACTION_NEEDED =
      Set.of("login_required", "interaction_required");

  private final ResponseIntake intake;
  private final Providers providers;
  private final OpCalls opCalls;
  private final TransactionCookies transactions;
  private final SpentStates spentStates;
  private final AttemptLimits limits;
  private final BrowserMark mark;
  private final ClientAddress clientAddress;
  private final SessionStore sessions;
  private final TokenReturn tokenReturn;
  private final IdentityMapper identities;
  private final LoginEndpoint logins;
  private final Answers answers;
  private final Audit audit;
  private final RandomTokens random;
  private final Clock clock;
  private final PublicUrl publicUrl;
  private final RedirectUris redirectUris;
  private final Measurements measurements;
  private final LoginCounts counts;

  CallbackEndpoint(
      Site site,
      Providers providers,
      OpCalls opCalls,
      Attempts attempts,
      SessionStore sessions,
      TokenReturn tokenReturn,
      IdentityMapper identities,
      LoginEndpoint logins) {
    this.intake = new ResponseIntake(site, providers, opCalls, attempts.pending());
    this.providers = providers;
    this.opCalls = opCalls;
    this.transactions = attempts.pending();
    this.spentStates = attempts.spent();
    this.limits = attempts.limits();
    this.mark = attempts.mark();
    this.clientAddress = site.clientAddress();
    this.sessions = sessions;
    this.tokenReturn = tokenReturn;
    this.identities = identities;
    this.logins = logins;
    this.answers = site.answers();
    this.audit = site.audit();
    this.random = site.random();
    this.clock = site.clock();
    this.publicUrl = site.publicUrl();
    this.redirectUris = site.redirectUris();
    this.measurements = site.measurements();
    this.counts = new LoginCounts(measurements);
  }

  /** Whether answers of some OP arrive at that path, or might be thought to. */
  boolean isAt(RequestPath path) {
    return path.canonical().equals(RedirectUris.PATH)
        || providers.all().stream()
            .anyMatch(provider -> path.canonical().equals(redirectUris.path(provider.name())));
  }

  Decision answer(ClientRequest request, RequestPath path, CookieJar cookies) {
    return counts.counted(
        intake.take(
            request,
            cookies,
            new ResponseIntake.Taker() {
              @Override
              public boolean expects(LoginTransaction transaction) {
                return belongsAt(path, transaction);
              }

              @Override
              public Decision response(CallbackParameters parameters, ResponseMode mode) {
                return withState(request, path, cookies, parameters, mode);
              }

              @Override
              public Decision late(String target) {
                return lateTab(
                    request,
                    cookies,
                    ReturnTarget.safe(target, publicUrl, List.of()),
                    List.of(),
                    refuse(request, 400, Page.Kind.LOGIN_EXPIRED, "late-response"));
              }
            }));
  }

  private Decision withState(
      ClientRequest request,
      RequestPath path,
      CookieJar cookies,
      CallbackParameters parameters,
      ResponseMode mode) {
    String state = parameters.first("state").orElse("");
    TransactionCookies.Found found = transactions.find(state, cookies, clock.instant());
    if (found instanceof TransactionCookies.Found.Valid valid) {
      return withTransaction(request, path, cookies, parameters, valid.transaction(), mode);
    }
    if (found instanceof TransactionCookies.Found.Expired expired) {
      List<String> removal = List.of(transactions.removal(state));
      return lateTab(
          request,
          cookies,
          expired.transaction().returnTarget(),
          removal,
          refuse(request, 400, Page.Kind.LOGIN_EXPIRED, "transaction-expired"));
    }
    String reason =
        !state.isEmpty() && found instanceof TransactionCookies.Found.Missing
            ? "state-no-transaction"
            : "state-invalid";
    return lateTab(
        request,
        cookies,
        spentStates.lateTarget(state).orElse(home()),
        List.of(),
        refuse(request, 403, Page.Kind.LOGIN_NOT_YOURS, reason));
  }

  /**
   * What a tab gets whose answer is of no use any more: its page where a session lives, for then
   * nothing is wrong (TH-STATE-5, TH-CB-14), else {@code refusal}. A form from the OP's page comes
   * without the session cookie, so it asks once more, from here.
   */
  private Decision lateTab(
      ClientRequest request,
      CookieJar cookies,
      String target,
      List<String> lines,
      Answers.Refusal refusal) {
    if (request.method().equals("POST")) {
      String again = publicUrl.basePath() + RedirectUris.PATH + "?rd=";
      return toPage(again + URLEncoder.encode(target, UTF_8), lines);
    }
    if (live(cookies).isPresent()) {
      return toPage(target, lines);
    }
    return withCookies(refusal, lines);
  }

  private String home() {
    return publicUrl.basePath() + "/";
  }

  private Decision withTransaction(
      ClientRequest request,
      RequestPath path,
      CookieJar cookies,
      CallbackParameters parameters,
      LoginTransaction transaction,
      ResponseMode mode) {
    String removal = transactions.removal(transaction.state().reveal());
    // RFC 9700 §4.4.2.2: an answer that arrives at the path of another OP is mixed up.
    if (!belongsAt(path, transaction)) {
      return refuse(request, 403, Page.Kind.LOGIN_FAILED, "redirect-uri").cookie(removal).answer();
    }
    Optional<OpenIdProvider> provider = providers.named(transaction.provider());
    // An answer in another way than it was asked for has passed by what that way protects from.
    if (provider.filter(op -> op.responseMode() != mode).isPresent()) {
      return refuse(request, 403, Page.Kind.LOGIN_FAILED, "response-mode").answer();
    }
    if (provider.isEmpty() || !issuerFits(provider.get(), transaction, parameters)) {
      return refuse(request, 403, Page.Kind.LOGIN_FAILED, "iss-mismatch").cookie(removal).answer();
    }
    if (parameters.has("error")) {
      return withError(request, cookies, parameters.first("error").orElse(""), transaction);
    }
    Optional<String> code = parameters.first("code");
    if (code.isEmpty()) {
      return refuse(request, 400, Page.Kind.LOGIN_INCOMPLETE, "code-missing")
          .cookie(removal)
          .answer();
    }
    return withCode(request, cookies, provider.get(), Secret.of(code.get()), transaction);
  }

  private boolean belongsAt(RequestPath path, LoginTransaction transaction) {
    return path.canonical().equals(redirectUris.path(transaction.provider()));
  }

  /** RFC 9207 §2.4. The OP is the one that was asked, by name and by issuer. */
  private boolean issuerFits(
      OpenIdProvider provider, LoginTransaction transaction, CallbackParameters parameters) {
    Optional<String> issuer = parameters.first("iss");
    return transaction.issuer().equals(provider.issuer())
        && (issuer.isPresent()
            ? issuer.get().equals(provider.issuer())
            : !provider.promisesIssuerParameter() && !redirectUris.shared());
  }

  private Decision withError(
      ClientRequest request, CookieJar cookies, String error, LoginTransaction transaction) {
    String removal = transactions.removal(transaction.state().reveal());
    if (!spentStates.spend(transaction)) {
      return spent(request, cookies, removal);
    }
    if (INTERACTION_NEEDED.contains(error) && !transaction.again()) {
      return onceMore(request, cookies, transaction);
    }
    if (error.equals("temporarily_unavailable")) {
      return refuse(request, 503, Page.Kind.OP_UNAVAILABLE, "op-temporarily-unavailable")
          .retryAfterSeconds(5)
          .action(retry(transaction))
          .cookie(removal)
          .answer();
    }
    if (DENIALS.contains(error) || INTERACTION_NEEDED.contains(error)) {
      return refuse(request, 403, Page.Kind.LOGIN_DENIED, "op-" + error.replace('_', '-'))
          .action(retry(transaction))
          .cookie(removal)
          .answer();
    }
    // Its text is the OP's, or an attacker's: neither shown nor logged.
    return refuse(request, 502, Page.Kind.LOGIN_FAILED, "op-error")
        .action(retry(transaction))
        .cookie(removal)
        .answer();
  }

  private Decision withCode(
      ClientRequest request,
      CookieJar cookies,
      OpenIdProvider provider,
      Secret code,
      LoginTransaction transaction) {
    String removal = transactions.removal(transaction.state().reveal());
    if (!limits.mayExchangeCode(clientAddress.limitKey(request), mark.find(cookies))) {
      return refuse(request, 429, Page.Kind.TOO_MANY_REQUESTS, "code-failures")
          .retryAfterSeconds(600)
          .cookie(removal)
          .answer();
    }
    if (!spentStates.spend(transaction)) {
      return spent(request, cookies, removal);
    }
    CodeGrant grant =
        new CodeGrant(
            code,
            URI.create(transaction.redirectUri()),
            transaction.codeVerifier(),
            transaction.nonce(),
            transaction.demand(),
            transaction.createdAt(),
            transaction.serverState());
    Instant begun = clock.instant();
    return new Decision.Pending(
        opCalls
            .to(provider)
            .call(() -> provider.complete(grant), LoginOutcome.Undecided::new, this::giveBack)
            .thenApply(outcome -> finish(request, cookies, transaction, removal, begun, outcome)));
  }

  /** The browser has been told that it took too long: no session may come of it, no token stay. */
  private void giveBack(LoginOutcome late) {
    if (late instanceof LoginOutcome.LoggedIn login) {
      tokenReturn.giveBack(login.issuer(), tokens(login));
    }
  }

  private SessionTokens tokens(LoginOutcome.LoggedIn login) {
    return SessionTokens.received(
        login.accessToken(),
        login.refreshToken(),
        login.accessTokenExpiresAt(),
        providers
            .atIssuer(login.issuer())
            .map(provider -> clock.instant().plus(provider.defaultTokenLifetime()))
            .orElseGet(clock::instant));
  }

  private Decision finish(
      ClientRequest request,
      CookieJar cookies,
      LoginTransaction transaction,
      String removal,
      Instant begun,
      LoginOutcome outcome) {
    if (outcome instanceof LoginOutcome.LoggedIn login) {
      return signIn(request, cookies, transaction, removal, begun, login);
    }
    if (outcome instanceof LoginOutcome.Undecided undecided) {
      return refuse(
              request,
              undecided.failure().status(),
              Page.Kind.OP_UNAVAILABLE,
              undecided.failure().reason())
          .retryAfterSeconds(5)
          .action(retry(transaction))
          .cookie(removal)
          .answer();
    }
    LoginOutcome.Refused refused = (LoginOutcome.Refused) outcome;
    if (refused.reason().equals("code-rejected")) {
      return codeRejected(request, cookies, transaction, removal, refused.status());
    }
    return refuse(request, refused.status(), kind(refused), refused.reason())
        .action(retry(transaction))
        .cookie(removal)
        .answer();
  }

  private static Page.Kind kind(LoginOutcome.Refused refused) {
    // What was demanded of the authentication is not there: a no of the OP, and nothing broken.
    boolean weaker = AuthenticationDemand.REFUSALS.contains(refused.reason());
    return weaker
        ? Page.Kind.LOGIN_DENIED
        : refused.status() == 400 ? Page.Kind.LOGIN_EXPIRED : Page.Kind.LOGIN_FAILED;
  }

  private Decision codeRejected(
      ClientRequest request,
      CookieJar cookies,
      LoginTransaction transaction,
      String removal,
      int status) {
    Optional<SessionKey> known = mark.find(cookies);
    String fresh = random.next();
    limits.codeRejected(clientAddress.limitKey(request), known.orElse(SessionKey.of(fresh)));
    boolean crossSite = request.method().equals("POST");
    List<String> lines =
        known.isPresent() ? List.of(removal) : List.of(removal, mark.line(fresh, crossSite));
    Answers.Refusal refusal =
        refuse(request, status, Page.Kind.LOGIN_EXPIRED, "code-rejected")
            .action(retry(transaction));
    // A tab that slept until its code had died, beside one that did not: nothing is wrong. But a
    // page for which the session is too weak would send it round again.
    return crossSite || live(cookies).filter(s -> meets(s, transaction)).isPresent()
        ? lateTab(request, cookies, transaction.returnTarget(), lines, refusal)
        : withCookies(refusal, lines);
  }

  private boolean meets(Session session, LoginTransaction transaction) {
    return session
            .authentication()
            .meets(transaction.demand(), session.createdAt(), clock.instant())
        && session.authentication().grants(transaction.demand().scopes());
  }

  private static Decision withCookies(Answers.Refusal refusal, List<String> lines) {
    lines.forEach(refusal::cookie);
    return refusal.answer();
  }

  private Decision signIn(
      ClientRequest request,
      CookieJar cookies,
      LoginTransaction transaction,
      String removal,
      Instant begun,
      LoginOutcome.LoggedIn login) {
    IdentityMapper.Mapping mapping =
        identities.map(login.issuer(), login.subject(), login.claims());
    if (!(mapping instanceof IdentityMapper.Mapping.Mapped mapped)) {
      IdentityMapper.Mapping.Refused refused = (IdentityMapper.Mapping.Refused) mapping;
      Page.Kind kind = refused.status() == 403 ? Page.Kind.FORBIDDEN : Page.Kind.LOGIN_FAILED;
      return undo(request, login, refused.status(), kind, refused.reason())
          .cookie(removal)
          .answer();
    }
    Identity identity = mapped.identity();
    if (sessions.endedSince(identity, login.sessionId(), transaction.createdAt())) {
      return overtaken(request, cookies, transaction, login);
    }
    AttemptLimits.LoginKey loginKey =
        new AttemptLimits.LoginKey(
            identity.issuer(), identity.subject(), clientAddress.limitKey(request));
    if (limits.loopsAt(loginKey)) {
      return undo(request, login, 429, Page.Kind.LOGIN_LOOP, "login-loop")
          .retryAfterSeconds(60)
          .cookie(removal)
          .answer();
    }
    // The session cookie does not come with a form from the OP's page; the transaction knows it.
    Optional<Session> old =
        live(cookies)
            .or(() -> transaction.replaced().flatMap(sessions::find))
            .filter(session -> !sessions.ended(session));
    SessionStore.Created created =
        sessions.create(
            new SessionStore.NewSession(
                transaction.provider(),
                identity,
                tokens(login),
                login.idToken(),
                login.sessionId(),
                login.authentication()),
            cookies,
            // A logout of this very moment ends this session too (TH-OUT-12).
            begun);
    if (created instanceof SessionStore.Created.Made made) {
      old.ifPresent(replaced -> replace(request, replaced, made.session()));
      limits.sessionMade(loginKey, made.session().key());
      measurements.loginFinished();
      audit.session("sign-in", request, clientAddress.of(request), made.session());
      List<String> lines = new ArrayList<>(made.setCookies());
      lines.add(removal);
      return toPage(transaction.returnTarget(), lines);
    }
    if (created instanceof SessionStore.Created.TooLarge) {
      return undo(request, login, 502, Page.Kind.LOGIN_FAILED, "session-size")
          .cookie(removal)
          .answer();
    }
    return undo(request, login, 503, Page.Kind.OP_UNAVAILABLE, "session-store")
        .retryAfterSeconds(5)
        .cookie(removal)
        .answer();
  }

  /**
   * A logout came between the user's way to the OP and this answer. Whether the OP gave it before
   * or after, nothing says; a second round does, and asks for a password where it was before
   * (TH-OUT-12).
   */
  private Decision overtaken(
      ClientRequest request,
      CookieJar cookies,
      LoginTransaction transaction,
      LoginOutcome.LoggedIn login) {
    giveBack(login);
    return transaction.again()
        ? refuse(request, 400, Page.Kind.LOGIN_EXPIRED, "signed-out-meanwhile")
            .action(retry(transaction))
            .cookie(transactions.removal(transaction.state().reveal()))
            .answer()
        : onceMore(request, cookies, transaction);
  }

  private Decision onceMore(
      ClientRequest request, CookieJar cookies, LoginTransaction transaction) {
    LoginDemand demand =
        LoginDemand.of(Optional.of(transaction.provider()), transaction.returnTarget())
            .with(transaction.demand())
            .onceMore(transaction.replaced());
    return logins.begin(
        request, cookies, demand, List.of(transactions.removal(transaction.state().reveal())));
  }

  /** A login that ends without a session leaves no tokens behind. */
  private Answers.Refusal undo(
      ClientRequest request,
      LoginOutcome.LoggedIn login,
      int status,
      Page.Kind kind,
      String reason) {
    giveBack(login);
    return refuse(request, status, kind, reason);
  }

  /** A login over a living session ends it; nothing is merged (TH-STATE-12, TH-SES-3). */
  private void replace(ClientRequest request, Session old, Session fresh) {
    sessions.end(old, clock.instant());
    boolean sameUser =
        old.identity().issuer().equals(fresh.identity().issuer())
            && old.identity().subject().equals(fresh.identity().subject());
    if (!sameUser) {
      audit.session("user-switch", request, clientAddress.of(request), old);
    }
    // To the OP both may be one grant, which ends as a whole (RFC 7009 §2.1): the tokens of a user
    // who signs in again are given back where it speaks of two sessions.
    boolean otherOpSession =
        old.opSessionId().isPresent()
            && fresh.opSessionId().isPresent()
            && !old.opSessionId().equals(fresh.opSessionId());
    if (!sameUser || otherOpSession) {
      tokenReturn.giveBack(old.identity().issuer(), old.tokens());
    }
  }

  /** A second use: back to the app where a session lives, a fresh start where none does. */
  private Decision spent(ClientRequest request, CookieJar cookies, String removal) {
    return lateTab(
        request,
        cookies,
        home(),
        List.of(removal),
        refuse(request, 403, Page.Kind.LOGIN_NOT_YOURS, "state-used"));
  }

  private Optional<Session> live(CookieJar cookies) {
    return sessions.find(cookies, clock.instant(), false) instanceof SessionStore.Lookup.Found found
        ? Optional.of(found.session())
        : Optional.empty();
  }

  /**
   * The explicit empty fragment keeps {@code #_=_} and fragment tokens off the app's page
   * (TH-CB-9).
   */
  private Decision toPage(String target, List<String> setCookies) {
    return answers.redirect(303, target + "#", setCookies, "signed-in");
  }

  private Answers.Refusal refuse(ClientRequest request, int status, Page.Kind kind, String reason) {
    return answers.refuse(request, status, kind, reason).action("/");
  }

  /** The page that the user wanted, as a path below the base path. */
  private String retry(LoginTransaction transaction) {
    String target = transaction.returnTarget();
    return target.startsWith(publicUrl.basePath() + "/")
        ? target.substring(publicUrl.basePath().length())
        : "/";
  }
}
