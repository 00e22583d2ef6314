package dev.gatehouse.oidc;

import dev.gatehouse.seal.Secret;

/**
 * Whether the OP's authorization codes can be guessed (RFC 9700 §4.5, RFC 6819 §5.1.4.2.2). The
 * first weak one is reported; a strict gateway takes none (TH-QUIRK-6). Safe for concurrent use.
 */
final class CodeStrength {
  /** 128 bits in base64url, and in digits. */
  private static final int LEAST_CHARACTERS = 22;

  private static final int LEAST_DIGITS = 39;

  private final WarnOnce oddities;
  private final boolean strict;

  /**
   * @param strict whether weak codes are refused
   */
  CodeStrength(String issuer, boolean strict) {
    this.oddities = new WarnOnce(issuer);
    this.strict = strict;
  }

  /** Whether {@code code} may be exchanged. */
  boolean isGood(Secret code) {
    String text = code.reveal();
    boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
    boolean weak = text.length() < (digits ? LEAST_DIGITS : LEAST_CHARACTERS);
    if (weak) {
      oddities.warn(
          "weak-code",
          "its authorization codes are short or numeric, so that they can be guessed; PKCE and the"
              + " limit on rejected codes are what protects a login");
    }
    return !weak || !strict;
  }
}
