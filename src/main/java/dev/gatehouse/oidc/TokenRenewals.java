package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps sessions in tokens (RFC 6749 §6, OpenID Connect Core §12). Safe for concurrent use. */
final class TokenRenewals {
  private static final Logger LOG = LoggerFactory.getLogger(TokenRenewals.class);

  private final ClaimSources sources;

  TokenRenewals(ClaimSources sources) {
    this.sources = sources;
  }

  /** See {@link OpenIdProvider#refresh}. */
  RefreshOutcome refresh(Secret refreshToken, String subject) {
    Deadline deadline = sources.connection().deadline();
    Optional<OpFailure> unknown = sources.connection().discovery().discover(deadline);
    if (unknown.isPresent()) {
      return new RefreshOutcome.Undecided(unknown.get());
    }
    TokenResponse response =
        sources.tokenEndpoint().refresh(sources.metadata().tokenEndpoint(), refreshToken, deadline);
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

  /** See {@link OpenIdProvider#recheck}. */
  RefreshOutcome recheck(Secret accessToken, String subject) {
    Deadline deadline = sources.connection().deadline();
    Optional<OpFailure> unknown = sources.connection().discovery().discover(deadline);
    if (unknown.isPresent()) {
      return new RefreshOutcome.Undecided(unknown.get());
    }
    Optional<URI> endpoint =
        sources.connection().discovery().metadata().flatMap(ProviderMetadata::userinfoEndpoint);
    if (endpoint.isEmpty()) {
      return new RefreshOutcome.Ended("no-userinfo");
    }
    if (sources.withoutIdTokens().isPresent()) {
      return sources
          .withoutIdTokens()
          .get()
          .recheck(endpoint.get(), accessToken, subject, deadline);
    }
    UserinfoEndpoint.Answer answer =
        sources.userinfo().ask(endpoint.get(), accessToken, subject, deadline);
    if (answer instanceof UserinfoEndpoint.Answer.Undecided undecided) {
      return new RefreshOutcome.Undecided(undecided.failure());
    }
    return answer instanceof UserinfoEndpoint.Answer.Claims
        ? new RefreshOutcome.Refreshed(
            accessToken, Optional.empty(), Optional.empty(), Optional.empty(), Map.of())
        : new RefreshOutcome.Ended("userinfo");
  }

  private RefreshOutcome refreshed(TokenResponse.Tokens tokens, String subject, Deadline deadline) {
    if (sources.withoutIdTokens().isPresent()) {
      return sources
          .withoutIdTokens()
          .get()
          .refreshed(
              sources.metadata().userinfoEndpoint().orElseThrow(), tokens, subject, deadline);
    }
    if (tokens.idToken().isEmpty()) {
      return refreshed(
          tokens, Optional.empty(), Optional.empty(), subject, new LinkedHashMap<>(), deadline);
    }
    IdTokenVerdict verdict =
        sources
            .idTokens()
            .verifyRefreshed(tokens.idToken().get(), tokens.accessToken(), subject, deadline);
    if (verdict instanceof IdTokenVerdict.Verified verified) {
      Map<String, Object> claims = new LinkedHashMap<>();
      ClaimSources.add(claims, verified.idToken().claims().members());
      return refreshed(
          tokens,
          Optional.of(verified.idToken().compact()),
          AuthenticationRules.acr(verified.idToken().claims()),
          subject,
          claims,
          deadline);
    }
    if (verdict instanceof IdTokenVerdict.Undecided undecided) {
      return new RefreshOutcome.Undecided(undecided.failure());
    }
    return new RefreshOutcome.Ended(
        verdict instanceof IdTokenVerdict.Refused refused ? refused.reason() : "signature");
  }

  /**
   * Userinfo is asked again where it was asked at the login, for what the OP took away must not
   * live on here. The tokens are new and the old ones may be used up: that userinfo fails is no
   * reason to lose them, that it names somebody else is.
   */
  private RefreshOutcome refreshed(
      TokenResponse.Tokens tokens,
      Optional<Secret> idToken,
      Optional<String> acr,
      String subject,
      Map<String, Object> claims,
      Deadline deadline) {
    // Without an ID token nobody has said what the one of the login said.
    boolean whole = idToken.isPresent();
    Optional<URI> endpoint = sources.metadata().userinfoEndpoint();
    if (endpoint.isPresent() && sources.userinfoNeed().isThere(claims)) {
      UserinfoEndpoint.Answer answer =
          sources.userinfo().ask(endpoint.get(), tokens.accessToken(), subject, deadline);
      if (answer instanceof UserinfoEndpoint.Answer.Refused refused
          && refused.reason().equals(UserinfoEndpoint.OTHER_SUBJECT)) {
        return new RefreshOutcome.Ended(refused.reason());
      }
      if (answer instanceof UserinfoEndpoint.Answer.Claims more) {
        ClaimSources.add(claims, more.claims().members());
      } else {
        whole = false;
        LOG.warn("userinfo could not be read at a refresh; its claims stay as they were");
      }
    }
    return new RefreshOutcome.Refreshed(
        tokens.accessToken(),
        tokens.refreshToken(),
        tokens.expiresAt(),
        idToken,
        claims,
        whole,
        acr,
        tokens.scopes());
  }
}
