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

  /**
   * Revokes {@code token}. A token that the OP does not know is revoked too (RFC 7009 §2.2); what
   * fails is logged, for the session here is over in any case.
   */
  void revoke(URI endpoint, Secret token, String hint) {
    OpForm form = OpForm.empty().with("token", token).with("token_type_hint", hint);
    OpReply reply =
        client.post(
            OpEndpoint.REVOCATION, endpoint, credentials.authenticate(form), deadlines.get());
    boolean revoked = reply instanceof OpReply.Answered answered && answered.status() == 200;
    if (!revoked) {
      LOG.warn("the OP did not confirm that a {} is revoked; it lives until it expires", hint);
    }
  }
}
