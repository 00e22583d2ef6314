package dev.gatehouse.gate;

import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.session.SessionKey;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a login is wanted for. Immutable.
 *
 * @param provider the name of the OP, where only one will do
 * @param returnTarget where the browser goes afterwards; has been checked
 * @param again whether it follows an attempt that failed and may not be followed by another
 * @param authentication what the authentication has to be like
 * @param hints {@code login_hint} and {@code ui_locales} of the link that asks for it, checked
 * @param replaced the session that the attempt before would have replaced, where the request that
 *     leads to this one does not show it
 */
record LoginDemand(
    Optional<String> provider,
    String returnTarget,
    boolean again,
    AuthenticationDemand authentication,
    Map<String, String> hints,
    Optional<SessionKey> replaced) {
  LoginDemand {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(returnTarget, "returnTarget");
    Objects.requireNonNull(authentication, "authentication");
    hints = Map.copyOf(hints);
    Objects.requireNonNull(replaced, "replaced");
  }

  /** A first attempt to reach that page. */
  static LoginDemand of(Optional<String> provider, String returnTarget) {
    return new LoginDemand(
        provider, returnTarget, false, AuthenticationDemand.NONE, Map.of(), Optional.empty());
  }

  /** This login with an authentication like that. */
  LoginDemand with(AuthenticationDemand demand) {
    return new LoginDemand(provider, returnTarget, again, demand, hints, replaced);
  }

  /** This login with what its link says of the user and his languages. */
  LoginDemand with(Map<String, String> linkHints) {
    return new LoginDemand(provider, returnTarget, again, authentication, linkHints, replaced);
  }

  /**
   * This login once more, after an attempt that failed; there is no third.
   *
   * @param session the one that the failed attempt would have replaced
   */
  LoginDemand onceMore(Optional<SessionKey> session) {
    return new LoginDemand(provider, returnTarget, true, authentication, hints, session);
  }

  /** Without the page that the user wanted, whose query may hold anything (TH-SEC-3). */
  @Override
  public String toString() {
    return "LoginDemand[provider=" + provider + ", again=" + again + "]";
  }
}
