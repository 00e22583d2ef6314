package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.ClientCredentials;
import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.OpClient;
import dev.gatehouse.backchannel.OpEndpoint;
import dev.gatehouse.backchannel.OpForm;
import dev.gatehouse.backchannel.OpReply;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives tokens back (RFC 7009 §2). Safe for concurrent use. */
final class RevocationEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationEndpoint.class);

  private final OpClient client;
  private final ClientCredentials credentials;
  private final Supplier<Deadline> deadlines;

  RevocationEndpoint(OpClient client, ClientCredentials credentials, Supplier<Deadline> deadlines) {
    this.client = client;
    this.credentials = credentials;
    this.deadlines = deadlines;
  }

  /** Revokes {@code token}. One that the OP does not know is revoked too (RFC 7009 §2.2). */
  RevocationOutcome revoke(URI endpoint, Secret token, TokenTypeHint hint) {
    OpForm form = OpForm.empty().with("token", token).with("token_type_hint", hint.value());
    OpReply reply =
        client.post(
            OpEndpoint.REVOCATION, endpoint, credentials.authenticate(form), deadlines.get());
    if (!(reply instanceof OpReply.Answered answered) || answered.status() == 429) {
      // §2.2.1: after a 503 the token must be taken to exist still; so after all that is no answer.
      return RevocationOutcome.LATER;
    }
    if (answered.status() != 200) {
      LOG.warn(
          "the OP does not revoke the {} (status {}); it lives until it expires",
          hint,
          answered.status());
    }
    return RevocationOutcome.DONE;
  }
}
