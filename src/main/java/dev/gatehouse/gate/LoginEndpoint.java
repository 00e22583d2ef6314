package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.config.Provider.ResponseMode;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.oidc.AuthenticationRequest;
import dev.gatehouse.oidc.OpenIdProvider;
import dev.gatehouse.oidc.RequestOutcome;
import dev.gatehouse.oidc.ServerState;
import dev.gatehouse.page.Page;
import dev.gatehouse.seal.RandomTokens;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.session.CookieJar;
import dev.gatehouse.session.LoginTransaction;
import dev.gatehouse.session.SessionKey;
import dev.gatehouse.session.SessionStore;
import dev.gatehouse.session.TransactionCookies;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Sends a browser to the OP, its attempt sealed into a cookie (OpenID Connect Core §3.1.2.1). Safe
 * for concurrent use.
 */
final class LoginEndpoint {
  static final String PATH = "/gatehouse/login";

  private static final int MAX_LINK_CHARS = 6 * 1024;

  private final ProviderChoice choice;
  private final OpCalls opCalls;
  private final Attempts attempts;
  private final SessionStore sessions;
  private final ClientAddress clientAddress;
  private final Answers answers;
  private final RandomTokens random;
  private final Clock clock;
  private final PublicUrl publicUrl;
  private final RedirectUris redirectUris;
  private final UnaryOperator<String> cleanTarget;
  private final Measurements measurements;
  private final LoginCounts counts;

  /**
   * @param cleanTarget takes tokens out of the page that a link wants to lead to (TH-LEAK-15)
   */
  LoginEndpoint(
      Site site,
      ProviderChoice choice,
      OpCalls opCalls,
      Attempts attempts,
      SessionStore sessions,
      UnaryOperator<String> cleanTarget) {
    this.cleanTarget = cleanTarget;
    this.choice = choice;
    this.opCalls = opCalls;
    this.attempts = attempts;
    this.sessions = sessions;
    this.clientAddress = site.clientAddress();
    this.answers = site.answers();
    this.random = site.random();
    this.clock = site.clock();
    this.publicUrl = site.publicUrl();
    this.redirectUris = site.redirectUris();
    this.measurements = site.measurements();
    this.counts = new LoginCounts(measurements);
  }

  /**
   * {@code GET /gatehouse/login?rd=/path}: a login that the app or the user asks for by link, or
   * that a third party initiates (OpenID Connect Core §4).
   */
  Decision answer(ClientRequest request, CookieJar cookies) {
    if (request.method().equals("POST")) {
      return posted(request);
    }
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return answers
          .refuse(request, 405, Page.Kind.METHOD_NOT_ALLOWED, "method")
          .header("Allow", "GET, HEAD, POST")
          .answer();
    }
    if (!Navigation.topLevel(request)) {
      // A frame or image that could start a login could also flood the browser with attempts.
      return answers.refuse(request, 403, Page.Kind.FOREIGN_REQUEST, "not-navigation").answer();
    }
    Optional<CallbackParameters> parameters = CallbackParameters.decode(request.rawQuery());
    if (parameters.isEmpty()) {
      return answers.refuse(request, 400, Page.Kind.BAD_REQUEST, "query-syntax").answer();
    }
    if (parameters.get().syntaxFault().filter(f -> f.equals("duplicate-parameter")).isPresent()) {
      return chooseOrBegin(
          request, cookies, LoginDemand.of(Optional.empty(), publicUrl.basePath() + "/"));
    }
    // Core §4: whoever initiates a login may name the issuer, but only one of ours.
    Optional<String> issuer = parameters.get().first("iss");
    Optional<String> provider =
        issuer.isPresent() ? issuer.flatMap(choice::atIssuer) : parameters.get().only("provider");
    if (issuer.isPresent() && provider.isEmpty()) {
      return answers.refuse(request, 400, Page.Kind.BAD_REQUEST, "iss").action("/").answer();
    }
    boolean contradicts =
        parameters.get().has("provider")
            && (provider.isEmpty() || !parameters.get().only("provider").equals(provider));
    if (contradicts || choice.of(provider) instanceof ProviderChoice.Choice.Nobody) {
      return answers.refuse(request, 400, Page.Kind.BAD_REQUEST, "provider").action("/").answer();
    }
    return chooseOrBegin(
        request,
        cookies,
        LoginDemand.of(provider, cleanTarget.apply(LoginHints.target(parameters.get(), publicUrl)))
            .with(LoginHints.read(parameters.get())));
  }

  private Decision chooseOrBegin(ClientRequest request, CookieJar cookies, LoginDemand demand) {
    return choice.of(demand.provider()) instanceof ProviderChoice.Choice.AnyOf anyOf
        ? answers.page(
            request, Page.choice(links(anyOf.providers(), demand)), List.of(), "choose-provider")
        : begin(request, cookies, demand, List.of());
  }

  private static List<Page.Link> links(List<OpenIdProvider> providers, LoginDemand demand) {
    return providers.stream()
        .map(
            provider ->
                new Page.Link(provider.displayName(), link(Optional.of(provider.name()), demand)))
        .toList();
  }

  /**
   * The path and query, below the base path, of a link that begins a login.
   *
   * @param returnTarget where it leads afterwards, already checked
   */
  static String link(Optional<String> provider, String returnTarget) {
    return link(provider, LoginDemand.of(provider, returnTarget));
  }

  /** The same with the hints, which are judged again when the link comes back. */
  private static String link(Optional<String> provider, LoginDemand demand) {
    List<String> query = new ArrayList<>();
    provider.ifPresent(name -> query.add("provider=" + name));
    query.add("rd=" + URLEncoder.encode(demand.returnTarget(), UTF_8));
    demand.hints().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            hint -> query.add(hint.getKey() + "=" + URLEncoder.encode(hint.getValue(), UTF_8)));
    return PATH + "?" + String.join("&", query);
  }

  /**
   * A form of a third party comes to the same as a link: it is made into one, so that it can do
   * nothing that a link cannot, and has the cookies that a link has (TH-CSRF-6).
   */
  private Decision posted(ClientRequest request) {
    if (!Navigation.destinationAllowsDocument(request) || !FormBody.announcedBy(request)) {
      return answers.refuse(request, 403, Page.Kind.FOREIGN_REQUEST, "not-navigation").answer();
    }
    return new Decision.NeedsBody(
        FormBody.MAX_BYTES,
        body ->
            FormBody.read(body)
                .map(form -> publicUrl.basePath() + PATH + "?" + LoginHints.query(form))
                .filter(link -> link.length() <= MAX_LINK_CHARS)
                .<Decision>map(link -> answers.redirect(303, link, List.of(), "login-link"))
                .orElseGet(
                    () ->
                        answers
                            .refuse(request, 400, Page.Kind.BAD_REQUEST, "form-syntax")
                            .answer()));
  }

  /**
   * Begins a login.
   *
   * @param setCookies further lines for the answer
   */
  Decision begin(
      ClientRequest request, CookieJar cookies, LoginDemand demand, List<String> setCookies) {
    ProviderChoice.Choice chosen = choice.of(demand.provider());
    if (chosen instanceof ProviderChoice.Choice.One one) {
      Decision begun = begin(request, one.provider(), cookies, demand, setCookies);
      // A second round is part of a login that the redirection endpoint counts.
      return demand.again() ? begun : counts.counted(begun);
    }
    if (chosen instanceof ProviderChoice.Choice.AnyOf) {
      String chooser = publicUrl.basePath() + link(Optional.empty(), demand);
      return answers.redirect(302, chooser, setCookies, "choose-provider");
    }
    return answers.refuse(request, 403, Page.Kind.DENIED, "provider").action("/").answer();
  }

  private Decision begin(
      ClientRequest request,
      OpenIdProvider provider,
      CookieJar cookies,
      LoginDemand demand,
      List<String> setCookies) {
    if (!attempts.limits().mayStartLogin(clientAddress.limitKey(request))) {
      return answers
          .refuse(request, 429, Page.Kind.TOO_MANY_REQUESTS, "login-rate")
          .retryAfterSeconds(10)
          .answer();
    }
    if (provider.asksAtOnce()) {
      return redirect(request, provider, cookies, demand, setCookies);
    }
    return new Decision.Pending(
        opCalls
            .to(provider)
            .call(
                () ->
                    provider
                        .discover()
                        .map(failure -> unavailable(request, failure))
                        .orElseGet(() -> redirect(request, provider, cookies, demand, setCookies)),
                failure -> unavailable(request, failure)));
  }

  private Decision redirect(
      ClientRequest request,
      OpenIdProvider provider,
      CookieJar cookies,
      LoginDemand demand,
      List<String> setCookies) {
    if (mixUpPossible(provider)) {
      return answers.refuse(request, 502, Page.Kind.LOGIN_FAILED, "mixup-risk").answer();
    }
    ServerState serverState = provider.serverState();
    if (serverState instanceof ServerState.Missing missing) {
      return unavailable(request, missing.failure());
    }
    Optional<Secret> given =
        serverState instanceof ServerState.Given value
            ? Optional.of(value.value())
            : Optional.empty();
    URI redirectUri = redirectUris.of(provider.name());
    boolean crossSite = provider.responseMode() == ResponseMode.FORM_POST;
    LoginTransaction transaction =
        new LoginTransaction(
            Secret.of(random.next()),
            provider.name(),
            provider.issuer(),
            redirectUri.toString(),
            Secret.of(random.next()),
            Secret.of(random.next()),
            demand.returnTarget(),
            clock.instant(),
            demand.again(),
            provider.demanded(demand.authentication()),
            crossSite ? sessionOf(cookies).or(demand::replaced) : Optional.empty(),
            given);
    TransactionCookies.Begun begun = attempts.pending().begin(transaction, cookies, crossSite);
    begun.displaced().forEach(attempts.spent()::displace);
    RequestOutcome outcome =
        provider.authenticationRequest(
            new AuthenticationRequest(
                redirectUri,
                transaction.state().reveal(),
                transaction.nonce().reveal(),
                transaction.codeVerifier().reveal(),
                random.next(),
                transaction.demand(),
                demand.hints(),
                demand.again(),
                given));
    if (outcome instanceof RequestOutcome.Ready ready) {
      List<String> lines = new ArrayList<>(begun.setCookies());
      lines.addAll(setCookies);
      measurements.loginStarted();
      return answers.redirect(302, ready.location().toString(), lines, "login");
    }
    if (outcome instanceof RequestOutcome.Undecided undecided) {
      return unavailable(request, undecided.failure());
    }
    RequestOutcome.Refused refused = (RequestOutcome.Refused) outcome;
    return answers
        .refuse(request, refused.status(), Page.Kind.LOGIN_FAILED, refused.reason())
        .action("/")
        .answer();
  }

  /** Whose answer it is shows neither by its path nor by {@code iss} (RFC 9700 §4.4.2). */
  private boolean mixUpPossible(OpenIdProvider provider) {
    return redirectUris.shared() && !provider.promisesIssuerParameter();
  }

  private Optional<SessionKey> sessionOf(CookieJar cookies) {
    return sessions.find(cookies, clock.instant(), false) instanceof SessionStore.Lookup.Found found
        ? Optional.of(found.session().key())
        : Optional.empty();
  }

  /** A login that cannot be begun: always 503, for trying later is all that helps. */
  private Decision unavailable(ClientRequest request, OpFailure failure) {
    return answers
        .refuse(request, 503, Page.Kind.OP_UNAVAILABLE, failure.reason())
        .retryAfterSeconds(5)
        .answer();
  }
}
