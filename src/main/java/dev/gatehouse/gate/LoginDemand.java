package dev.gatehouse.gate;

import java.util.Objects;
import java.util.Optional;

/**
 * What a login is wanted for. Immutable.
 *
 * @param provider the name of the OP, where only one will do
 * @param returnTarget where the browser goes afterwards; has been checked
 * @param again whether it follows an attempt that failed and may not be followed by another
 */
record LoginDemand(Optional<String> provider, String returnTarget, boolean again) {
  LoginDemand {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(returnTarget, "returnTarget");
  }

  /** A first attempt to reach that page. */
  static LoginDemand of(Optional<String> provider, String returnTarget) {
    return new LoginDemand(provider, returnTarget, false);
  }

  /** Without the page that the user wanted, whose query may hold anything (TH-SEC-3). */
  @Override
  public String toString() {
    return "LoginDemand[provider=" + provider + ", again=" + again + "]";
  }
}
