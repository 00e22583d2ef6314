package dev.gatehouse.gate;

import dev.gatehouse.config.Provider.ResponseMode;
import dev.gatehouse.oidc.AuthorizationResponse;
import dev.gatehouse.oidc.OpenIdProvider;
import dev.gatehouse.oidc.Providers;
import dev.gatehouse.page.Page;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.session.CookieJar;
import dev.gatehouse.session.LoginTransaction;
import dev.gatehouse.session.TransactionCookies;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes the OP's answers off the wire: from the query, from a form that the browser sends from the
 * OP's page (OAuth 2.0 Form Post Response Mode), or out of a JWT (JARM). Each way is open only
 * where an OP was asked for it (TH-CB-2). Safe for concurrent use.
 */
final class ResponseIntake {
  private final Providers providers;
  private final OpCalls opCalls;
  private final TransactionCookies transactions;
  private final Answers answers;
  private final Clock clock;

  ResponseIntake(Site site, Providers providers, OpCalls opCalls, TransactionCookies transactions) {
    this.providers = providers;
    this.opCalls = opCalls;
    this.transactions = transactions;
    this.answers = site.answers();
    this.clock = site.clock();
  }

  /** What becomes of an answer. */
  interface Taker {
    /** Whether the answer to that attempt belongs where this one has arrived. */
    boolean expects(LoginTransaction transaction);

    /** A well-formed answer came in that way; its state has not been looked at. */
    Decision response(CallbackParameters parameters, ResponseMode mode);

    /** A tab whose form came late asks where it belongs, now with all of its cookies. */
    Decision late(String target);
  }

  /** Takes the answer that {@code request} brings. */
  Decision take(ClientRequest request, CookieJar cookies, Taker taker) {
    boolean forms = asked(ResponseMode.FORM_POST);
    if (!request.method().equals("GET") && !(forms && request.method().equals("POST"))) {
      return answers
          .refuse(request, 405, Page.Kind.METHOD_NOT_ALLOWED, "method")
          .header("Allow", forms ? "GET, POST" : "GET")
          .answer();
    }
    if (!Navigation.destinationAllowsDocument(request)) {
      return refuse(request, 403, Page.Kind.FOREIGN_REQUEST, "not-navigation");
    }
    return request.method().equals("GET")
        ? byQuery(request, cookies, taker)
        : byForm(request, taker);
  }

  private boolean asked(ResponseMode mode) {
    return providers.all().stream().anyMatch(provider -> provider.responseMode() == mode);
  }

  private Decision byForm(ClientRequest request, Taker taker) {
    if (!FormBody.announcedBy(request)) {
      return refuse(request, 415, Page.Kind.BAD_REQUEST, "content-type");
    }
    // Our redirect URI has no query; parameters in both places would be two truths.
    if (request.rawQuery() != null && !request.rawQuery().isEmpty()) {
      return refuse(request, 400, Page.Kind.LOGIN_INCOMPLETE, "query-syntax");
    }
    return new Decision.NeedsBody(
        FormBody.MAX_BYTES,
        body ->
            wellFormed(request, FormBody.read(body), "form-syntax", ResponseMode.FORM_POST, taker));
  }

  private Decision byQuery(ClientRequest request, CookieJar cookies, Taker taker) {
    Optional<CallbackParameters> decoded = CallbackParameters.decode(request.rawQuery());
    if (decoded.isPresent() && decoded.get().has("response") && asked(ResponseMode.JWT)) {
      return bySignature(request, cookies, decoded.get(), taker);
    }
    if (asked(ResponseMode.FORM_POST)) {
      Optional<String> target = decoded.filter(CallbackParameters::isNoResponse).flatMap(this::rd);
      if (target.isPresent()) {
        return taker.late(target.get());
      }
    }
    return wellFormed(request, decoded, "query-syntax", ResponseMode.QUERY, taker);
  }

  private Optional<String> rd(CallbackParameters parameters) {
    return parameters.only("rd");
  }

  private Decision wellFormed(
      ClientRequest request,
      Optional<CallbackParameters> decoded,
      String broken,
      ResponseMode mode,
      Taker taker) {
    if (decoded.isEmpty()) {
      return refuse(request, 400, Page.Kind.LOGIN_INCOMPLETE, broken);
    }
    CallbackParameters parameters = decoded.get();
    Optional<String> fault = parameters.syntaxFault();
    if (fault.isPresent()) {
      return refuse(request, 400, Page.Kind.LOGIN_INCOMPLETE, fault.get());
    }
    // What the OP put into the fragment never arrives here; the page offers a new start.
    return parameters.isNoResponse()
        ? refuse(request, 400, Page.Kind.LOGIN_INCOMPLETE, "empty-response")
        : taker.response(parameters, mode);
  }

  /** Nothing outside of the JWT counts, but that a token there is a leak (TH-CB-11). */
  private Decision bySignature(
      ClientRequest request, CookieJar cookies, CallbackParameters outside, Taker taker) {
    Optional<String> response = outside.only("response");
    if (response.isEmpty()) {
      return refuse(request, 400, Page.Kind.LOGIN_INCOMPLETE, "duplicate-parameter");
    }
    Optional<String> leak = outside.syntaxFault().filter(CallbackParameters.TOKEN_IN_URL::equals);
    if (leak.isPresent()) {
      return refuse(request, 400, Page.Kind.LOGIN_INCOMPLETE, leak.get());
    }
    Secret jwt = Secret.of(response.get());
    String state =
        providers.all().stream()
            .filter(provider -> provider.responseMode() == ResponseMode.JWT)
            .flatMap(provider -> provider.claimedState(jwt).stream())
            .findFirst()
            .orElse("");
    if (state.isEmpty()) {
      // Named apart from a foreign state: an OP that writes a claim twice is to be found in a log.
      return refuse(request, 403, Page.Kind.LOGIN_NOT_YOURS, "response-unreadable");
    }
    // TH-CB-1: first whose login it would be; only for that one is a signature worth a call.
    if (transactions.find(state, cookies, clock.instant())
            instanceof TransactionCookies.Found.Valid valid
        && taker.expects(valid.transaction())) {
      return providers
          .named(valid.transaction().provider())
          .filter(provider -> provider.responseMode() == ResponseMode.JWT)
          .map(provider -> verified(request, provider, jwt, state, taker))
          .orElseGet(() -> refuse(request, 403, Page.Kind.LOGIN_FAILED, "response-mode"));
    }
    return taker.response(CallbackParameters.of("state", state), ResponseMode.JWT);
  }

  private Decision verified(
      ClientRequest request, OpenIdProvider provider, Secret jwt, String state, Taker taker) {
    return new Decision.Pending(
        opCalls
            .to(provider)
            .call(
                () -> provider.verifyResponse(jwt),
                failure -> (AuthorizationResponse) new AuthorizationResponse.Undecided(failure))
            .thenCompose(verdict -> flat(judged(request, verdict, state, taker))));
  }

  private Decision judged(
      ClientRequest request, AuthorizationResponse verdict, String state, Taker taker) {
    if (verdict instanceof AuthorizationResponse.Verified verified) {
      return wellFormed(
          request,
          Optional.of(CallbackParameters.of(verified.parameters())),
          "response-syntax",
          ResponseMode.JWT,
          taker);
    }
    if (verdict instanceof AuthorizationResponse.Undecided undecided) {
      return answers
          .refuse(
              request,
              undecided.failure().status(),
              Page.Kind.OP_UNAVAILABLE,
              undecided.failure().reason())
          .retryAfterSeconds(5)
          .action("/")
          .answer();
    }
    return answers
        .refuse(
            request,
            403,
            Page.Kind.LOGIN_FAILED,
            ((AuthorizationResponse.Refused) verdict).reason())
        .action("/")
        .cookie(transactions.removal(state))
        .answer();
  }

  private static CompletionStage<Decision> flat(Decision decision) {
    return decision instanceof Decision.Pending pending
        ? pending.outcome()
        : CompletableFuture.completedFuture(decision);
  }

  private Decision refuse(ClientRequest request, int status, Page.Kind kind, String reason) {
    return answers.refuse(request, status, kind, reason).action("/").answer();
  }
}
