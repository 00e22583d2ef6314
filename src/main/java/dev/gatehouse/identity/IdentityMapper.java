package dev.gatehouse.identity;

import java.util.Map;
import java.util.Set;

/**
 * Turns verified claims into what the app is told: once per login (TH-HDR-7 to TH-HDR-12).
 * Immutable, safe for concurrent use.
 */
public final class IdentityMapper {
  /**
   * @param headers header name to claim name, in order
   * @param required header names without whose claim the user is refused
   * @param rolesClaim the claim that {@code isUserInRole} reads
   */
  public IdentityMapper(Map<String, String> headers, Set<String> required, String rolesClaim) {}

  /** The claims that have to be known: userinfo is asked when the ID token lacks one. */
  public Set<String> claimNames() {
    throw new IllegalStateException("not written yet");
  }

  /** Maps the claims of one user. */
  public Mapping map(String issuer, String subject, Map<String, Object> claims) {
    throw new IllegalStateException("not written yet");
  }

  /** What came of it. */
  public sealed interface Mapping {
    /** Ready to be sent with every request. */
    record Mapped(Identity identity) implements Mapping {}

    /**
     * Cannot be told to the app.
     *
     * @param status 403 for a missing required claim, 502 for what no header can carry
     * @param reason one fixed word: {@code claim-chars}, {@code claim-size}, {@code claim-missing}
     */
    record Refused(int status, String reason) implements Mapping {}
  }
}
