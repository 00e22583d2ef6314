package dev.gatehouse.jose;

import java.util.Optional;
import java.util.Set;

/** The signature algorithms that can be allowed (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2). */
public enum JwsAlgorithm {
  RS256(Family.RSA, "SHA-256"),
  RS384(Family.RSA, "SHA-384"),
  RS512(Family.RSA, "SHA-512"),
  PS256(Family.RSA, "SHA-256"),
  PS384(Family.RSA, "SHA-384"),
  PS512(Family.RSA, "SHA-512"),
  ES256(Family.P_256, "SHA-256"),
  ES384(Family.P_384, "SHA-384"),
  ES512(Family.P_521, "SHA-512"),
  EDDSA(Family.ED25519, "SHA-512"),
  ED25519(Family.ED25519, "SHA-512"),
  HS256(Family.SECRET, "SHA-256"),
  HS384(Family.SECRET, "SHA-384"),
  HS512(Family.SECRET, "SHA-512");

  /** What kind of key an algorithm needs. */
  enum Family {
    RSA,
    P_256,
    P_384,
    P_521,
    ED25519,
    SECRET
  }

  private final Family family;
  private final String hash;

  JwsAlgorithm(Family family, String hash) {
    this.family = family;
    this.hash = hash;
  }

  /** The algorithm that is spelled exactly so in a JOSE header; {@code none} is none of them. */
  public static Optional<JwsAlgorithm> of(String name) {
    for (JwsAlgorithm algorithm : values()) {
      if (algorithm.spelling().equals(name)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }

  /** This one under each of its names: of EdDSA only Ed25519 is known here (RFC 9864 §2.2). */
  Set<JwsAlgorithm> aliases() {
    return family == Family.ED25519 ? Set.of(EDDSA, ED25519) : Set.of(this);
  }

  /** The {@code alg} value. */
  public String spelling() {
    return switch (this) {
      case EDDSA -> "EdDSA";
      case ED25519 -> "Ed25519";
      default -> name();
    };
  }

  /** The JCA name of the hash of {@code at_hash} (OpenID Connect Core §3.1.3.6). */
  public String hash() {
    return hash;
  }

  Family family() {
    return family;
  }
}
