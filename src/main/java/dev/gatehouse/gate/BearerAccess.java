package dev.gatehouse.gate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.AccessRules;
import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.IdentityMapper;
import dev.gatehouse.page.Page;
import dev.gatehouse.token.BearerCredential;
import dev.gatehouse.token.BearerCredential.Scheme;
import dev.gatehouse.token.BearerError;
import dev.gatehouse.token.ProofVerdict;
import dev.gatehouse.token.TokenVerdict;
import dev.gatehouse.token.TokenVerifier;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * Lets requests pass by the access token in their Authorization field (RFC 6750 §2.1, §3.1; RFC
 * 9449 §7). A token that is bad is the end of it: no session helps (TH-BEAR-4). Safe for concurrent
 * use.
 */
final class BearerAccess {
  private static final int MAX_IDENTITIES = 20_000;

  private final TokenVerifier tokens;
  private final TokenProofs proofs;
  private final BearerChallenges challenges;
  private final ProviderChoice choice;
  private final IdentityMapper identities;
  private final AttemptLimits limits;
  private final ClientAddress clientAddress;
  private final PublicUrl publicUrl;
  private final Answers answers;
  private final Clock clock;
  private final WaitingRoom room;

  /** Headers are encoded once for as long as a verdict is cached, not once for a request. */
  private final Cache<TokenVerdict.Active, IdentityMapper.Mapping> mappings =
      Caffeine.newBuilder().weakKeys().maximumSize(MAX_IDENTITIES).executor(Runnable::run).build();

  BearerAccess(
      Site site,
      TokenVerifier tokens,
      TokenProofs proofs,
      BearerChallenges challenges,
      ProviderChoice choice,
      IdentityMapper identities,
      AttemptLimits limits,
      WaitingRoom room) {
    this.tokens = tokens;
    this.proofs = proofs;
    this.challenges = challenges;
    this.choice = choice;
    this.identities = identities;
    this.limits = limits;
    this.room = room;
    this.clientAddress = site.clientAddress();
    this.publicUrl = site.publicUrl();
    this.answers = site.answers();
    this.clock = site.clock();
  }

  /**
   * One request with a token.
   *
   * @param pass what happens with the user of a good token; told how long a connection may last
   */
  private record Asked(
      ClientRequest request,
      AccessRule rule,
      BearerCredential.Token token,
      BiFunction<Identity, Predicate<Boolean>, Decision> pass) {}

  /**
   * Judges the request by its token.
   *
   * @param pass what happens with the user of a good token; told whether a long-lived connection
   *     may still go on
   * @return empty where the request carries no token
   */
  Optional<Decision> judge(
      ClientRequest request,
      AccessRule rule,
      BiFunction<Identity, Predicate<Boolean>, Decision> pass) {
    BearerCredential credential = BearerCredential.read(request.headers("Authorization"));
    if (credential instanceof BearerCredential.Absent) {
      return Optional.empty();
    }
    if (!(credential instanceof BearerCredential.Token token)) {
      return Optional.of(refuse(request, Scheme.BEARER, BearerError.INVALID_REQUEST, Set.of()));
    }
    Asked asked = new Asked(request, rule, token, pass);
    Optional<TokenVerdict> known = tokens.atOnce(token);
    return Optional.of(known.isPresent() ? decide(asked, known.get()) : ask(asked));
  }

  /** Invented tokens cost a call each; who brings many of them is not asked about any more. */
  private Decision ask(Asked asked) {
    ClientRequest request = asked.request();
    String client = clientAddress.limitKey(request);
    if (!limits.mayAskAboutToken(client)) {
      return answers
          .refuse(request, 429, Page.Kind.TOO_MANY_REQUESTS, "token-rate")
          .retryAfterSeconds(10)
          .answer();
    }
    return new Decision.Pending(
        tokens
            .verify(asked.token())
            .thenApply(
                verdict -> {
                  if (verdict instanceof TokenVerdict.Rejected) {
                    limits.tokenRejected(client);
                  }
                  return decide(asked, verdict);
                }),
        room,
        () -> undecided(request, OpFailure.OVERLOADED));
  }

  /** A request without a token: the challenge names no error (RFC 6750 §3.1). */
  Decision challenge(ClientRequest request, AccessRule rule) {
    return challenged(
            answers.refuse(request, 401, Page.Kind.LOGIN_NEEDED, "no-token"),
            challenges.forNoToken(rule))
        .answer();
  }

  /** What a request without a session is told besides, where a token would do as well. */
  Decision alsoChallenging(Decision decision, AccessRule rule) {
    if (!(decision instanceof Decision.Answer answer) || answer.status() != 401) {
      return decision;
    }
    Decision.Answer more = answer;
    for (String challenge : challenges.forNoToken(rule)) {
      more = Answers.with(more, "WWW-Authenticate", challenge);
    }
    return more;
  }

  private Decision decide(Asked asked, TokenVerdict verdict) {
    if (verdict instanceof TokenVerdict.Active active) {
      return decide(asked, active);
    }
    if (verdict instanceof TokenVerdict.Rejected rejected) {
      return refuse(asked, rejected.error(), Set.of());
    }
    return undecided(asked.request(), ((TokenVerdict.Undecided) verdict).failure());
  }

  private Decision undecided(ClientRequest request, OpFailure failure) {
    return answers
        .refuse(request, 503, Page.Kind.OP_UNAVAILABLE, failure.reason())
        .retryAfterSeconds(5)
        .answer();
  }

  private Decision decide(Asked asked, TokenVerdict.Active active) {
    if (!isAdmitted(asked.rule(), active)
        || !proofs.fits(asked.request(), asked.token().scheme(), active.binding())) {
      return refuse(asked, BearerError.INVALID_TOKEN, Set.of());
    }
    Optional<String> key = active.binding().key();
    return key.isEmpty()
        ? admitted(asked, active)
        : new Decision.Pending(
            proofs
                .verify(asked.request(), publicUrl, asked.token(), key.get())
                .thenApply(proof -> proven(asked, active, proof)));
  }

  private boolean isAdmitted(AccessRule rule, TokenVerdict.Active active) {
    return choice.atIssuer(active.issuer()).filter(op -> choice.admits(rule, op)).isPresent();
  }

  private Decision proven(Asked asked, TokenVerdict.Active active, ProofVerdict proof) {
    if (proof instanceof ProofVerdict.Proven proven) {
      Decision decision = admitted(asked, active);
      return proven.nonceIsOld() ? withNonce(decision) : decision;
    }
    if (!(proof instanceof ProofVerdict.Refused refused)) {
      return answers
          .refuse(asked.request(), 429, Page.Kind.TOO_MANY_REQUESTS, "proof-rate")
          .retryAfterSeconds(10)
          .answer();
    }
    String error = refused.reason().name().toLowerCase(Locale.ROOT);
    Decision.Answer answer =
        challenged(
                answers.refuse(
                    asked.request(), 401, Page.Kind.LOGIN_NEEDED, error.replace('_', '-')),
                challenges.forProof(error))
            .answer();
    return refused.reason() == ProofVerdict.Reason.USE_DPOP_NONCE ? withNonce(answer) : answer;
  }

  private Decision withNonce(Decision decision) {
    Optional<String> nonce = proofs.nonce();
    if (nonce.isEmpty()) {
      return decision;
    }
    if (decision instanceof Decision.Answer answer) {
      return Answers.with(answer, FreshNoncePolicy.FIELD, nonce.get());
    }
    return decision instanceof Decision.ToApp toApp
            && toApp.forward() instanceof GateForward forward
        ? new Decision.ToApp(forward.answering(new FreshNoncePolicy(forward.answer(), nonce.get())))
        : decision;
  }

  private Decision admitted(Asked asked, TokenVerdict.Active active) {
    ClientRequest request = asked.request();
    AccessRule rule = asked.rule();
    if (!active.scopes().containsAll(rule.scopes())) {
      return refuse(asked, BearerError.INSUFFICIENT_SCOPE, rule.scopes());
    }
    Optional<String> tooWeak = TokenStrength.firstFlaw(rule, active, clock);
    if (tooWeak.isPresent()) {
      return challenged(
              answers.refuse(request, 401, Page.Kind.LOGIN_NEEDED, tooWeak.get()),
              challenges.forStepUp(asked.token().scheme(), AuthenticationDemand.of(rule)))
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
    return asked.pass().apply(identity, hold(asked, active));
  }

  private TokenHold hold(Asked asked, TokenVerdict.Active opened) {
    return new TokenHold(
        tokens,
        asked.token(),
        now ->
            now.issuer().equals(opened.issuer())
                && now.subject().equals(opened.subject())
                && now.binding().equals(opened.binding())
                && now.expiresAt().isAfter(clock.instant())
                && now.scopes().containsAll(asked.rule().scopes()));
  }

  private IdentityMapper.Mapping map(TokenVerdict.Active active) {
    return identities.map(active.issuer(), active.subject(), active.claims());
  }

  private Decision refuse(Asked asked, BearerError error, Set<String> scopes) {
    return refuse(asked.request(), asked.token().scheme(), error, scopes);
  }

  private Decision refuse(
      ClientRequest request, Scheme scheme, BearerError error, Set<String> scopes) {
    Page.Kind kind =
        switch (error) {
          case INVALID_REQUEST -> Page.Kind.BAD_REQUEST;
          case INVALID_TOKEN -> Page.Kind.LOGIN_NEEDED;
          case INSUFFICIENT_SCOPE -> Page.Kind.FORBIDDEN;
        };
    return challenged(
            answers.refuse(request, error.status(), kind, error.code().replace('_', '-')),
            challenges.forError(scheme, error, scopes))
        .answer();
  }

  private static Answers.Refusal challenged(Answers.Refusal refusal, List<String> challenges) {
    challenges.forEach(challenge -> refusal.header("WWW-Authenticate", challenge));
    return refusal;
  }
}
