package dev.gatehouse.session;

import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.seal.Secret;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One login attempt, from leaving for the OP to coming back (TH-STATE-7). It travels sealed in a
 * cookie of the browser that began it, so that it costs the server nothing (TH-DOS-1).
 *
 * @param state the value that must come back, 256 bits
 * @param provider the name of the OP that was asked
 * @param issuer its issuer identifier
 * @param redirectUri the redirect URI that was sent
 * @param returnTarget path and query of the page that the user wanted, already checked
 * @param again whether this attempt follows an answer of the OP that only a new attempt can mend;
 *     there is no third
 * @param demand what the authentication has to be like
 * @param replaced the session that the browser had when it left, where the way back will not show
 *     it
 * @param serverState what the OP handed out for this login, where it does so
 */
public record LoginTransaction(
    Secret state,
    String provider,
    String issuer,
    String redirectUri,
    Secret codeVerifier,
    Secret nonce,
    String returnTarget,
    Instant createdAt,
    boolean again,
    AuthenticationDemand demand,
    Optional<SessionKey> replaced,
    Optional<Secret> serverState) {
  /** An attempt at an OP that hands out no value before. */
  public LoginTransaction(
      Secret state,
      String provider,
      String issuer,
      String redirectUri,
      Secret codeVerifier,
      Secret nonce,
      String returnTarget,
      Instant createdAt,
      boolean again,
      AuthenticationDemand demand,
      Optional<SessionKey> replaced) {
    this(
        state,
        provider,
        issuer,
        redirectUri,
        codeVerifier,
        nonce,
        returnTarget,
        createdAt,
        again,
        demand,
        replaced,
        Optional.empty());
  }

  public LoginTransaction {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(issuer, "issuer");
    Objects.requireNonNull(redirectUri, "redirectUri");
    Objects.requireNonNull(codeVerifier, "codeVerifier");
    Objects.requireNonNull(nonce, "nonce");
    Objects.requireNonNull(returnTarget, "returnTarget");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(demand, "demand");
    Objects.requireNonNull(replaced, "replaced");
  }

  /** Without the page that the user wanted, whose query may hold anything (TH-SEC-3). */
  @Override
  public String toString() {
    return "LoginTransaction[issuer=" + issuer + ", createdAt=" + createdAt + "]";
  }
}
