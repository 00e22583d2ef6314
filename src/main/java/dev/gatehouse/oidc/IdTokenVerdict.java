package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.OpFailure;

/** What is known of an ID token. */
sealed interface IdTokenVerdict {

  /** Every rule is kept. */
  record Verified(IdToken idToken) implements IdTokenVerdict {}

  /** A rule is broken; see {@link LoginOutcome.Refused}. */
  record Refused(int status, String reason) implements IdTokenVerdict {}

  /** The OP's keys could not be fetched. */
  record Undecided(OpFailure failure) implements IdTokenVerdict {}
}
