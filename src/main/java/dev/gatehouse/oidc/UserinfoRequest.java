package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.OpAccess;
import dev.gatehouse.backchannel.OpClient;
import dev.gatehouse.backchannel.OpEndpoint;
import dev.gatehouse.backchannel.OpReply;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.util.Optional;

/**
 * Asks the userinfo endpoint with an access token, which goes in the Authorization field alone
 * (OpenID Connect Core §5.3.1, RFC 9449 §7.1). Safe for concurrent use.
 */
final class UserinfoRequest {
  private final OpClient client;
  private final boolean jwt;
  private final Optional<DpopProofs> dpop;

  /**
   * @param jwt whether the answer has to be a JWT; else it has to be JSON
   * @param dpop proves that the token is ours, where tokens are bound to a key
   */
  UserinfoRequest(OpClient client, boolean jwt, Optional<DpopProofs> dpop) {
    this.client = client;
    this.jwt = jwt;
    this.dpop = dpop;
  }

  /** What the OP says to {@code accessToken}. */
  OpReply send(URI endpoint, Secret accessToken, Deadline deadline) {
    if (dpop.isEmpty()) {
      return get(endpoint, OpAccess.bearer(accessToken), deadline);
    }
    for (boolean again = false; ; again = true) {
      DpopProofs.Proof proof = dpop.get().proof("GET", endpoint, Optional.of(accessToken));
      OpReply reply = get(endpoint, OpAccess.dpop(accessToken, proof.jwt()), deadline);
      boolean newNonce = dpop.get().learn(endpoint, proof, reply);
      // RFC 9449 §9: the server wants its nonce in the proof.
      boolean refused = reply instanceof OpReply.Answered answer && answer.status() == 401;
      if (again || !newNonce || !refused) {
        return reply;
      }
    }
  }

  private OpReply get(URI endpoint, OpAccess access, Deadline deadline) {
    return jwt
        ? client.getJwt(OpEndpoint.USERINFO, endpoint, access, deadline)
        : client.get(OpEndpoint.USERINFO, endpoint, access, deadline);
  }
}
