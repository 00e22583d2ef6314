package dev.gatehouse.backchannel;

import dev.gatehouse.seal.Secret;
import java.util.Objects;
import java.util.Optional;

/**
 * An access token on its way to a protected resource of the OP: in the Authorization field and
 * nowhere else (RFC 6750 §2.1, RFC 9449 §7.1). Immutable.
 *
 * @param dpopProof the proof of possession, of a token that is bound to a key
 */
public record OpAccess(Secret token, Optional<Secret> dpopProof) {
  public OpAccess {
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(dpopProof, "dpopProof");
  }

  /** A token that whoever bears it may use. */
  public static OpAccess bearer(Secret token) {
    return new OpAccess(token, Optional.empty());
  }

  /** A token that is worth nothing without {@code proof}. */
  public static OpAccess dpop(Secret token, Secret proof) {
    return new OpAccess(token, Optional.of(proof));
  }

  Secret authorization() {
    return Secret.of((dpopProof.isPresent() ? "DPoP " : "Bearer ") + token.reveal());
  }
}
