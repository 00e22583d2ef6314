package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.backchannel.OpClient;
import dev.gatehouse.backchannel.OpEndpoint;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.backchannel.OpReply;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.util.Optional;

/** Asks for claims that the ID token lacks (OpenID Connect Core §5.3). Safe for concurrent use. */
final class UserinfoEndpoint {
  private final OpClient client;

  UserinfoEndpoint(OpClient client) {
    this.client = client;
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
    OpReply reply = client.get(OpEndpoint.USERINFO, endpoint, Optional.of(accessToken), deadline);
    if (reply instanceof OpReply.Failed failed) {
      return switch (failed.failure()) {
        case REDIRECTED, NONSENSE -> new Answer.Refused(502, "userinfo");
        default -> new Answer.Undecided(failed.failure());
      };
    }
    if (!(reply instanceof OpReply.Answered answered) || answered.status() != 200) {
      return new Answer.Refused(502, "userinfo");
    }
    // Core §5.3.2: exactly the same sub, else the claims are another user's (token substitution).
    return subject.equals(answered.body().get("sub"))
        ? new Answer.Claims(answered.body())
        : new Answer.Refused(502, "userinfo-sub");
  }
}
