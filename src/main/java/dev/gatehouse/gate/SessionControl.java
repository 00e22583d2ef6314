package dev.gatehouse.gate;

/**
 * What an operator can do about sessions (TH-SES-13): whoever is signed out here is anonymous at
 * once, in every browser and open WebSocket, wherever the session is stored. Who may sign in again
 * is for the OP to say; tokens that the OP gave for these sessions stay on this side until they
 * expire. Safe for concurrent use.
 *
 * <p>It holds for this process. Other nodes learn of it only where they share a session store.
 */
public interface SessionControl {

  /**
   * Ends one session.
   *
   * @param fingerprint the eight hex digits by which the audit log names a session; ends each that
   *     began so far with this fingerprint, should there be two
   * @throws IllegalArgumentException where it is no fingerprint
   */
  void endSession(String fingerprint);

  /**
   * Ends all sessions of a user, and what is remembered of his access tokens; a login that is under
   * way too.
   *
   * @param issuer the issuer identifier of the user's OP
   * @param subject the user's {@code sub} there
   * @throws IllegalArgumentException where the issuer is none of the configured ones, or there is
   *     no subject
   */
  void endSubject(String issuer, String subject);
}
