package dev.gatehouse.jose;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.jose.JwsAlgorithm.Family;
import dev.gatehouse.seal.Secret;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks that the OP signed a token (RFC 7515 §5.2, RFC 8725 §3). The algorithms and the keys are
 * ours to choose, never the token's: {@code jwk}, {@code jku}, {@code x5u} and {@code x5c} in its
 * header are not even read. Safe for concurrent use.
 */
public final class JwsVerifier {
  private final Set<JwsAlgorithm> allowed;
  private final Optional<Secret> clientSecret;
  private final PinnedKeys keys;
  private final RefetchBudget budget;

  /**
   * Binds tokens to the OP's keys.
   *
   * @param allowed {@code alg} values; names that are not known are never accepted
   * @param clientSecret the key of HS256, HS384 and HS512 where those are allowed (OpenID Connect
   *     Core §10.1)
   */
  public JwsVerifier(
      Set<String> allowed, Optional<Secret> clientSecret, PinnedKeys keys, RefetchBudget budget) {
    this.allowed =
        allowed.stream()
            .flatMap(name -> JwsAlgorithm.of(name).stream())
            .collect(Collectors.toUnmodifiableSet());
    this.clientSecret = clientSecret;
    this.keys = keys;
    this.budget = budget;
  }

  /** Checks {@code token}. Blocks only where keys have to be fetched. */
  public JwsVerdict verify(String token, Deadline deadline) {
    Optional<CompactJws> jws = CompactJws.parse(token);
    if (jws.isEmpty()) {
      return new JwsVerdict.Refused("malformed");
    }
    // RFC 8725 §3.1: exact spelling from our list; "none" in any case is not on it.
    Optional<JwsAlgorithm> algorithm =
        jws.get().header().text("alg").flatMap(JwsAlgorithm::of).filter(allowed::contains);
    if (algorithm.isEmpty()) {
      return new JwsVerdict.Refused("alg");
    }
    // RFC 7515 §4.1.11: we understand no extension, so every crit is one that we do not. RFC 7797
    // §6 b64 without crit, and zip, which only encrypted tokens have, are tricks.
    if (jws.get().header().has("crit")
        || jws.get().header().has("b64")
        || jws.get().header().has("zip")) {
      return new JwsVerdict.Refused("header");
    }
    return algorithm.get().family() == Family.SECRET
        ? byClientSecret(jws.get(), algorithm.get())
        : byPinnedKey(jws.get(), algorithm.get(), deadline);
  }

  private JwsVerdict byClientSecret(CompactJws jws, JwsAlgorithm algorithm) {
    boolean good =
        clientSecret.isPresent() && Signatures.verifiesMac(jws, algorithm, clientSecret.get());
    return good ? signed(jws, algorithm) : new JwsVerdict.Refused("signature");
  }

  private JwsVerdict byPinnedKey(CompactJws jws, JwsAlgorithm algorithm, Deadline deadline) {
    Object kid = jws.header().get("kid");
    if (kid != null && !(kid instanceof String)) {
      return new JwsVerdict.Refused("header");
    }
    PinnedKeys.Answer known = keys.keys(deadline);
    if (!(known instanceof PinnedKeys.Answer.Known first)) {
      return undecided(known);
    }
    if (verifies(jws, algorithm, first.keys())) {
      return signed(jws, algorithm);
    }
    // The OP may have changed its keys, under a new kid or, carelessly, under the old one.
    PinnedKeys.Answer newer = keys.newerThan(first.keys(), budget, deadline);
    if (!(newer instanceof PinnedKeys.Answer.Known second)) {
      return candidates(jws, algorithm, first.keys()).isEmpty()
          ? undecided(newer)
          : new JwsVerdict.Refused("signature");
    }
    if (second.keys() != first.keys() && verifies(jws, algorithm, second.keys())) {
      return signed(jws, algorithm);
    }
    boolean keyKnown = !candidates(jws, algorithm, second.keys()).isEmpty();
    return new JwsVerdict.Refused(keyKnown ? "signature" : "kid");
  }

  private static boolean verifies(CompactJws jws, JwsAlgorithm algorithm, SigningKeys keys) {
    return candidates(jws, algorithm, keys).stream()
        .anyMatch(key -> Signatures.verifies(jws, algorithm, key));
  }

  private static List<SigningKey> candidates(
      CompactJws jws, JwsAlgorithm algorithm, SigningKeys keys) {
    return keys.candidates(algorithm, jws.header().text("kid"));
  }

  private static JwsVerdict signed(CompactJws jws, JwsAlgorithm algorithm) {
    return new JwsVerdict.Signed(algorithm, jws.header(), jws.claims());
  }

  private static JwsVerdict undecided(PinnedKeys.Answer answer) {
    return answer instanceof PinnedKeys.Answer.Unknown unknown
        ? new JwsVerdict.Undecided(unknown.failure())
        : new JwsVerdict.Refused("signature");
  }
}
