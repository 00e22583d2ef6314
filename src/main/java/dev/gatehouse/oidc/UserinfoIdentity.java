package dev.gatehouse.oidc;

import com.fasterxml.jackson.core.JsonPointer;
import dev.gatehouse.access.Authentication;
import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.backchannel.OpReply;
import dev.gatehouse.config.Provider;
import dev.gatehouse.jose.Audiences;
import dev.gatehouse.seal.Secret;
import java.math.BigInteger;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who a user is at an OP without ID tokens: what one pinned URL says of an access token that this
 * gateway has just got for a code (TH-IDT-15, TH-QUIRK-7). Safe for concurrent use.
 */
final class UserinfoIdentity {
  private static final String SUBJECT = "sub";

  private final UserinfoRequest request;
  private final String issuer;
  private final String clientId;
  private final Map<String, JsonPointer> claims = new LinkedHashMap<>();
  private final Map<JsonPointer, String> success = new LinkedHashMap<>();

  UserinfoIdentity(UserinfoRequest request, Provider provider) {
    this.request = request;
    this.issuer = provider.issuer();
    this.clientId = provider.clientId();
    provider
        .userinfo()
        .claims()
        .forEach((claim, pointer) -> claims.put(claim, JsonPointer.compile(pointer)));
    provider
        .userinfo()
        .success()
        .forEach((pointer, text) -> success.put(JsonPointer.compile(pointer), text));
  }

  /** What an answer says of the user. */
  sealed interface Answer {
    /**
     * The user.
     *
     * @param claims without null, {@code sub} among them
     */
    record Known(String subject, Map<String, Object> claims) implements Answer {
      /** Without who it is (TH-SEC-3). */
      @Override
      public String toString() {
        return "Known" + claims.keySet();
      }
    }

    /** The answer names nobody; see {@link LoginOutcome.Refused}. */
    record Refused(String reason) implements Answer {}

    /** The OP could not be asked. */
    record Undecided(OpFailure failure) implements Answer {}
  }

  /** The login that {@code tokens}, just got for a code, are good for. */
  LoginOutcome identify(
      URI endpoint, TokenResponse.Tokens tokens, Authentication authentication, Deadline deadline) {
    Answer answer = ask(endpoint, tokens.accessToken(), deadline);
    if (answer instanceof Answer.Known user) {
      return new LoginOutcome.LoggedIn(
          issuer,
          user.subject(),
          user.claims(),
          Optional.empty(),
          Optional.empty(),
          tokens.accessToken(),
          tokens.refreshToken(),
          tokens.expiresAt(),
          authentication);
    }
    return answer instanceof Answer.Undecided undecided
        ? new LoginOutcome.Undecided(undecided.failure())
        : new LoginOutcome.Refused(502, ((Answer.Refused) answer).reason());
  }

  /**
   * What a refresh comes to: the new token has to be of {@code subject}. Where that cannot be asked
   * now, the tokens are kept nevertheless, for the old ones may be used up.
   */
  RefreshOutcome refreshed(
      URI endpoint, TokenResponse.Tokens tokens, String subject, Deadline deadline) {
    Answer answer = ask(endpoint, tokens.accessToken(), deadline);
    return endOf(answer, subject)
        .orElseGet(
            () ->
                new RefreshOutcome.Refreshed(
                    tokens.accessToken(),
                    tokens.refreshToken(),
                    tokens.expiresAt(),
                    Optional.empty(),
                    answer instanceof Answer.Known user ? user.claims() : Map.of(),
                    answer instanceof Answer.Known,
                    Optional.empty(),
                    tokens.scopes()));
  }

  /** Whether {@code accessToken} is still good, and still of {@code subject}. */
  RefreshOutcome recheck(URI endpoint, Secret accessToken, String subject, Deadline deadline) {
    Answer answer = ask(endpoint, accessToken, deadline);
    if (answer instanceof Answer.Undecided undecided) {
      return new RefreshOutcome.Undecided(undecided.failure());
    }
    return endOf(answer, subject)
        .orElseGet(
            () ->
                new RefreshOutcome.Refreshed(
                    accessToken,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    ((Answer.Known) answer).claims(),
                    true,
                    Optional.empty(),
                    Optional.empty()));
  }

  /** Why the session must end; empty where the answer is no reason. */
  private static Optional<RefreshOutcome> endOf(Answer answer, String subject) {
    if (answer instanceof Answer.Refused refused) {
      return Optional.of(new RefreshOutcome.Ended(refused.reason()));
    }
    return answer instanceof Answer.Known user && !user.subject().equals(subject)
        ? Optional.of(new RefreshOutcome.Ended(IdTokenVerifier.SUBJECT_CHANGED))
        : Optional.empty();
  }

  private Answer ask(URI endpoint, Secret accessToken, Deadline deadline) {
    OpReply reply = request.send(endpoint, accessToken, deadline);
    if (reply instanceof OpReply.Failed failed) {
      return switch (failed.failure()) {
        case REDIRECTED, NONSENSE -> new Answer.Refused("userinfo");
        default -> new Answer.Undecided(failed.failure());
      };
    }
    return reply instanceof OpReply.Answered answered && answered.status() == 200
        ? read(answered.body())
        : new Answer.Refused("userinfo");
  }

  /** Reads the body of a success. */
  Answer read(JsonObject body) {
    // An answer with error is a failure whatever the status says, as at the token endpoint.
    if (body.get("error") != null || !succeeded(body) || !isForUs(body)) {
      return new Answer.Refused("userinfo");
    }
    Map<String, Object> found = new LinkedHashMap<>();
    claims.forEach(
        (claim, pointer) -> body.at(pointer).ifPresent(value -> found.put(claim, value)));
    Optional<String> subject = subject(found.get(SUBJECT));
    if (subject.isEmpty()) {
      return new Answer.Refused("userinfo-sub");
    }
    found.put(SUBJECT, subject.get());
    return new Answer.Known(subject.get(), found);
  }

  private boolean succeeded(JsonObject body) {
    return success.entrySet().stream()
        .allMatch(
            entry ->
                body.at(entry.getKey()).map(String::valueOf).equals(Optional.of(entry.getValue())));
  }

  // TH-IDT-15: where the OP says whom the token was made for, it was made for us.
  private boolean isForUs(JsonObject body) {
    return body.get("aud") == null || Audiences.of(body).contains(clientId);
  }

  // A number is written with all its digits; one that is no integer names nobody. The rest is what
  // OpenID Connect Core §2 asks of sub.
  private static Optional<String> subject(Object id) {
    boolean integer = id instanceof Integer || id instanceof Long || id instanceof BigInteger;
    return Optional.ofNullable(integer ? id.toString() : id)
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .filter(IdTokenVerifier::isSubject);
  }
}
