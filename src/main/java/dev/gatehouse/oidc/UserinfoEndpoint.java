package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.backchannel.OpClient;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.backchannel.OpReply;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.util.Optional;

/** Asks for claims that the ID token lacks (OpenID Connect Core §5.3). Safe for concurrent use. */
final class UserinfoEndpoint {
  /** The claims are another user's. */
  static final String OTHER_SUBJECT = "userinfo-sub";

  private final UserinfoRequest request;
  private final Optional<SignedUserinfo> signed;

  /**
   * @param signed what a signed answer must be like; without it the answer must be plain JSON
   * @param dpop proves that the token is ours, where tokens are bound to a key
   */
  UserinfoEndpoint(OpClient client, Optional<SignedUserinfo> signed, Optional<DpopProofs> dpop) {
    this.request = new UserinfoRequest(client, signed.isPresent(), dpop);
    this.signed = signed;
  }

  /** What the endpoint answered. */
  sealed interface Answer {
    /** Claims of the very user of the ID token. */
    record Claims(JsonObject claims) implements Answer {}

    /** The answer must not be used; see {@link LoginOutcome.Refused}. */
    record Refused(int status, String reason) implements Answer {}

    /** The OP could not be asked. */
    record Undecided(OpFailure failure) implements Answer {}
  }

  /** Asks who {@code accessToken} belongs to, which must be {@code subject}. */
  Answer ask(URI endpoint, Secret accessToken, String subject, Deadline deadline) {
    return judge(request.send(endpoint, accessToken, deadline), subject, deadline);
  }

  private Answer judge(OpReply reply, String subject, Deadline deadline) {
    if (reply instanceof OpReply.Failed failed) {
      return switch (failed.failure()) {
        case REDIRECTED, NONSENSE -> new Answer.Refused(502, "userinfo");
        default -> new Answer.Undecided(failed.failure());
      };
    }
    if (!(reply instanceof OpReply.Answered answered) || answered.status() != 200) {
      return new Answer.Refused(502, "userinfo");
    }
    Answer answer =
        signed
            .map(rules -> rules.verify(answered.jwt().orElseThrow(), deadline))
            .orElseGet(() -> new Answer.Claims(answered.body()));
    // Core §5.3.2: exactly the same sub, else the claims are another user's (token substitution).
    return answer instanceof Answer.Claims claims && !subject.equals(claims.claims().get("sub"))
        ? new Answer.Refused(502, OTHER_SUBJECT)
        : answer;
  }
}
