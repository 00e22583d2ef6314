package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.seal.Secret;

/**
 * A value that some OPs hand out before each login and want back in the authorization and in the
 * token request, beside {@code state} (TH-QUIRK-15).
 */
public sealed interface ServerState {
  /** This OP knows none. */
  record NotAsked() implements ServerState {}

  /** The value of one login. */
  record Given(Secret value) implements ServerState {}

  /** The OP gave none, so that no login can begin. */
  record Missing(OpFailure failure) implements ServerState {}
}
