package dev.gatehouse.token;

import java.util.Objects;

/** What came of the proof that a client holds the key which its token is bound to. */
public sealed interface ProofVerdict {

  /**
   * The client holds the key.
   *
   * @param nonceIsOld whether it should be given another nonce for its next proofs
   */
  record Proven(boolean nonceIsOld) implements ProofVerdict {}

  /** It has not been proven. */
  record Refused(Reason reason) implements ProofVerdict {
    public Refused {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** So many proofs were made by that key that no more can be remembered: come back later. */
  record Crowded() implements ProofVerdict {}

  /** What a client may be told (RFC 9449 §7.1, §9, §12.2). */
  enum Reason {
    /** The proof is missing, malformed, for another request or used before. */
    INVALID_DPOP_PROOF,
    /** The proof is by another key than the token is bound to. */
    INVALID_TOKEN,
    /** The proof has no nonce of ours, or an old one. */
    USE_DPOP_NONCE
  }
}
