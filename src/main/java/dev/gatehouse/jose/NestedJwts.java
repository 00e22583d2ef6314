package dev.gatehouse.jose;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.seal.Secret;

/**
 * Opens and verifies JWTs that are signed by the OP and may be encrypted to this client on top (RFC
 * 7519 §11.2). Immutable, safe for concurrent use.
 *
 * @param encryption opens the envelope
 * @param signatures judges what is in it
 */
public record NestedJwts(TokenDecrypter encryption, JwsVerifier signatures) {

  /** What is known of a JWT and of its signature; blocks only where keys have to be fetched. */
  public JwsVerdict verify(Secret jwt, Deadline deadline) {
    TokenDecrypter.Opening opening = encryption.open(jwt);
    if (opening instanceof TokenDecrypter.Opening.Refused refused) {
      return new JwsVerdict.Refused(refused.reason());
    }
    TokenDecrypter.Opening.Opened opened = (TokenDecrypter.Opening.Opened) opening;
    return signatures.verify(opened.token().reveal(), deadline);
  }
}
