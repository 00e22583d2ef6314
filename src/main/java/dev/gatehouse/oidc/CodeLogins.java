package dev.gatehouse.oidc;

import dev.gatehouse.access.Authentication;
import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.backchannel.OpFailure;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns codes into users (OpenID Connect Core §3.1.3, §5.3). Safe for concurrent use. */
final class CodeLogins {
  private final ClaimSources sources;
  private final CodeStrength codes;
  private final AuthenticationRequests authenticationRequests;

  CodeLogins(
      ClaimSources sources, CodeStrength codes, AuthenticationRequests authenticationRequests) {
    this.sources = sources;
    this.codes = codes;
    this.authenticationRequests = authenticationRequests;
  }

  /** See {@link OpenIdProvider#complete}. */
  LoginOutcome complete(CodeGrant grant) {
    if (!codes.isGood(grant.code())) {
      return new LoginOutcome.Refused(502, "weak-code");
    }
    Deadline deadline = sources.connection().deadline();
    Optional<OpFailure> unknown = sources.connection().discovery().discover(deadline);
    if (unknown.isPresent()) {
      return new LoginOutcome.Undecided(unknown.get());
    }
    TokenResponse response =
        sources.tokenEndpoint().exchange(sources.metadata().tokenEndpoint(), grant, deadline);
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
    if (sources.withoutIdTokens().isPresent()) {
      Optional<String> broken =
          AuthenticationRules.firstBroken(
              JsonObject.EMPTY,
              grant.demand(),
              grant.requestedAt(),
              sources.connection().clock().instant());
      if (broken.isPresent()) {
        return new LoginOutcome.Refused(403, broken.get());
      }
      return sources
          .withoutIdTokens()
          .get()
          .identify(
              sources.metadata().userinfoEndpoint().orElseThrow(),
              tokens,
              authentication(JsonObject.EMPTY, tokens, grant.demand()),
              deadline);
    }
    // Core §3.1.3.3: openid was asked for, so there is an ID token.
    if (tokens.idToken().isEmpty()) {
      return new LoginOutcome.Refused(502, "id-token-missing");
    }
    IdTokenVerdict verdict =
        sources.idTokens().verify(tokens.idToken().get(), tokens.accessToken(), grant, deadline);
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
    ClaimSources.add(claims, idToken.claims().members());
    Optional<URI> endpoint = sources.metadata().userinfoEndpoint();
    if (!sources.userinfoNeed().isThere(claims)) {
      return loggedIn(idToken, tokens, demand, claims);
    }
    if (endpoint.isEmpty()) {
      return sources.userinfoNeed().isAbsolute()
          ? new LoginOutcome.Refused(502, "userinfo-missing")
          : loggedIn(idToken, tokens, demand, claims);
    }
    UserinfoEndpoint.Answer answer =
        sources.userinfo().ask(endpoint.get(), tokens.accessToken(), idToken.subject(), deadline);
    if (answer instanceof UserinfoEndpoint.Answer.Claims more) {
      ClaimSources.add(claims, more.claims().members());
      return loggedIn(idToken, tokens, demand, claims);
    }
    if (answer instanceof UserinfoEndpoint.Answer.Undecided undecided) {
      return new LoginOutcome.Undecided(undecided.failure());
    }
    return answer instanceof UserinfoEndpoint.Answer.Refused refused
        ? new LoginOutcome.Refused(refused.status(), refused.reason())
        : new LoginOutcome.Refused(502, "userinfo");
  }

  private LoginOutcome loggedIn(
      IdToken idToken,
      TokenResponse.Tokens tokens,
      AuthenticationDemand demand,
      Map<String, Object> claims) {
    return new LoginOutcome.LoggedIn(
        sources.connection().issuer(),
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
        AuthenticationRules.at(claims, sources.connection().clock().instant()),
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
}
