package dev.gatehouse.token;

import dev.gatehouse.backchannel.JsonObject;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What the bearer of a token has to prove that he holds (RFC 7800 §3.1). Where both are named, both
 * have to be proven. Immutable.
 *
 * @param key the thumbprint of the key that signs DPoP proofs, {@code jkt} (RFC 9449 §6.1)
 * @param certificate the SHA-256 of the client certificate, {@code x5t#S256} (RFC 8705 §3.1)
 */
public record TokenBinding(Optional<String> key, Optional<String> certificate) {
  /** Nothing: a plain bearer token. */
  public static final TokenBinding NONE = new TokenBinding(Optional.empty(), Optional.empty());

  private static final String KEY = "jkt";
  private static final String CERTIFICATE = "x5t#S256";
  private static final Set<String> KNOWN = Set.of(KEY, CERTIFICATE);

  /** SHA-256 in base64url without padding. */
  private static final int HASH_CHARS = 43;

  public TokenBinding {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(certificate, "certificate");
  }

  /**
   * What {@code claims} bind the token to.
   *
   * @return empty where they have a {@code cnf} that is malformed or names what nobody can prove
   *     here: such a token is worth nothing
   */
  static Optional<TokenBinding> of(JsonObject claims) {
    if (!claims.has("cnf")) {
      return Optional.of(NONE);
    }
    if (!(claims.get("cnf") instanceof Map<?, ?> cnf)
        || cnf.isEmpty()
        || !KNOWN.containsAll(cnf.keySet())
        || !cnf.values().stream().allMatch(TokenBinding::isHash)) {
      return Optional.empty();
    }
    return Optional.of(
        new TokenBinding(
            Optional.ofNullable((String) cnf.get(KEY)),
            Optional.ofNullable((String) cnf.get(CERTIFICATE))));
  }

  private static boolean isHash(Object value) {
    return value instanceof String text
        && text.length() == HASH_CHARS
        && text.chars().allMatch(TokenBinding::isBase64url);
  }

  private static boolean isBase64url(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  /** Whether it is bound to anything. */
  public boolean isBound() {
    return key.isPresent() || certificate.isPresent();
  }
}
