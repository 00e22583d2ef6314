package dev.gatehouse.gate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.AccessRules;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.IdentityMapper;
import dev.gatehouse.oidc.NumericDate;
import dev.gatehouse.page.Page;
import dev.gatehouse.token.BearerCredential;
import dev.gatehouse.token.BearerError;
import dev.gatehouse.token.TokenVerdict;
import dev.gatehouse.token.TokenVerifier;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Lets requests pass by the access token in their Authorization field (RFC 6750 §2.1, §3.1). A
 * token that is bad is the end of it: no session helps (TH-BEAR-4). Safe for concurrent use.
 */
final class BearerAccess {
  private static final int MAX_IDENTITIES = 20_000;

  /** How far the OP's clock may be ahead. */
  private static final Duration SKEW = Duration.ofSeconds(60);

  private final TokenVerifier tokens;
  private final ProviderChoice choice;
  private final IdentityMapper identities;
  private final AttemptLimits limits;
  private final ClientAddress clientAddress;
  private final Answers answers;
  private final Clock clock;
  private final WaitingRoom room;

  /** Headers are encoded once for as long as a verdict is cached, not once for a request. */
  private final Cache<TokenVerdict.Active, IdentityMapper.Mapping> mappings =
      Caffeine.newBuilder().weakKeys().maximumSize(MAX_IDENTITIES).build();

  BearerAccess(
      Site site,
      TokenVerifier tokens,
      ProviderChoice choice,
      IdentityMapper identities,
      AttemptLimits limits,
      WaitingRoom room) {
    this.tokens = tokens;
    this.choice = choice;
    this.identities = identities;
    this.limits = limits;
    this.room = room;
    this.clientAddress = site.clientAddress();
    this.answers = site.answers();
    this.clock = site.clock();
  }

  /**
   * Judges the request by its token.
   *
   * @param pass what happens with the user of a good token
   * @return empty where the request carries no token
   */
  Optional<Decision> judge(
      ClientRequest request, AccessRule rule, Function<Identity, Decision> pass) {
    BearerCredential credential = BearerCredential.read(request.headers("Authorization"));
    if (credential instanceof BearerCredential.Absent) {
      return Optional.empty();
    }
    if (!(credential instanceof BearerCredential.Token token)) {
      return Optional.of(refuse(request, BearerError.INVALID_REQUEST, ""));
    }
    return Optional.of(
        tokens
            .atOnce(token)
            .map(verdict -> decide(request, rule, verdict, pass))
            .orElseGet(() -> ask(request, rule, token, pass)));
  }

  /** Invented tokens cost a call each; who brings many of them is not asked about any more. */
  private Decision ask(
      ClientRequest request,
      AccessRule rule,
      BearerCredential.Token token,
      Function<Identity, Decision> pass) {
    String client = clientAddress.limitKey(request);
    if (!limits.mayAskAboutToken(client)) {
      return answers
          .refuse(request, 429, Page.Kind.TOO_MANY_REQUESTS, "token-rate")
          .retryAfterSeconds(10)
          .answer();
    }
    return new Decision.Pending(
        tokens
            .verify(token)
            .thenApply(
                verdict -> {
                  if (verdict instanceof TokenVerdict.Rejected) {
                    limits.tokenRejected(client);
                  }
                  return decide(request, rule, verdict, pass);
                }),
        room,
        () -> undecided(request, OpFailure.OVERLOADED));
  }

  /** A request without a token: the challenge names no error (RFC 6750 §3.1). */
  static Decision challenge(ClientRequest request, Answers answers) {
    return answers
        .refuse(request, 401, Page.Kind.LOGIN_NEEDED, "no-token")
        .header("WWW-Authenticate", Answers.bearerChallenge())
        .answer();
  }

  private Decision decide(
      ClientRequest request,
      AccessRule rule,
      TokenVerdict verdict,
      Function<Identity, Decision> pass) {
    if (verdict instanceof TokenVerdict.Active active) {
      return decide(request, rule, active, pass);
    }
    if (verdict instanceof TokenVerdict.Rejected rejected) {
      return refuse(request, rejected.error(), "");
    }
    return undecided(request, ((TokenVerdict.Undecided) verdict).failure());
  }

  private Decision undecided(ClientRequest request, OpFailure failure) {
    return answers
        .refuse(request, 503, Page.Kind.OP_UNAVAILABLE, failure.reason())
        .retryAfterSeconds(5)
        .answer();
  }

  private Decision decide(
      ClientRequest request,
      AccessRule rule,
      TokenVerdict.Active active,
      Function<Identity, Decision> pass) {
    if (choice.atIssuer(active.issuer()).filter(op -> choice.admits(rule, op)).isEmpty()) {
      return refuse(request, BearerError.INVALID_TOKEN, "");
    }
    if (!active.scopes().containsAll(rule.scopes())) {
      String scope = String.join(" ", new TreeSet<>(rule.scopes()));
      return refuse(request, BearerError.INSUFFICIENT_SCOPE, ", scope=\"" + scope + "\"");
    }
    if (rule.maxAge().filter(age -> !recent(active, age)).isPresent()) {
      return answers
          .refuse(request, 401, Page.Kind.LOGIN_NEEDED, "auth-age")
          .header("WWW-Authenticate", tooOld(rule.maxAge().get()))
          .answer();
    }
    IdentityMapper.Mapping mapping = mappings.get(active, this::map);
    if (mapping instanceof IdentityMapper.Mapping.Refused refused) {
      return answers
          .refuse(request, refused.status(), Page.Kind.FORBIDDEN, refused.reason())
          .answer();
    }
    Identity identity = ((IdentityMapper.Mapping.Mapped) mapping).identity();
    if (!AccessRules.satisfied(rule, identity.claims())) {
      return answers.refuse(request, 403, Page.Kind.FORBIDDEN, "require").answer();
    }
    return pass.apply(identity);
  }

  /** RFC 9470 §6: the token says when its user proved himself; one that does not is too old. */
  private boolean recent(TokenVerdict.Active active, Duration maxAge) {
    Instant now = clock.instant();
    return NumericDate.read(active.claims().get("auth_time"))
        .filter(at -> !at.plus(maxAge).isBefore(now) && !at.isAfter(now.plus(SKEW)))
        .isPresent();
  }

  /** RFC 9470 §3. */
  private static String tooOld(Duration maxAge) {
    return Answers.bearerChallenge()
        + ", error=\"insufficient_user_authentication\", max_age="
        + maxAge.toSeconds();
  }

  private IdentityMapper.Mapping map(TokenVerdict.Active active) {
    return identities.map(active.issuer(), active.subject(), active.claims());
  }

  private Decision refuse(ClientRequest request, BearerError error, String further) {
    Page.Kind kind =
        switch (error) {
          case INVALID_REQUEST -> Page.Kind.BAD_REQUEST;
          case INVALID_TOKEN -> Page.Kind.LOGIN_NEEDED;
          case INSUFFICIENT_SCOPE -> Page.Kind.FORBIDDEN;
        };
    String challenge = Answers.bearerChallenge() + ", error=\"" + error.code() + "\"" + further;
    return answers
        .refuse(request, error.status(), kind, error.code().replace('_', '-'))
        .header("WWW-Authenticate", challenge)
        .answer();
  }
}
