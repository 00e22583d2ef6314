package dev.gatehouse.jose;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.jose.JwsAlgorithm.Family;
import dev.gatehouse.seal.Secret;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Checks that the OP signed a token (RFC 7515 §5.2, RFC 8725 §3). The algorithms and the keys are
 * ours to choose, never the token's: {@code jwk}, {@code jku}, {@code x5u} and {@code x5c} in its
 * header are not even read. Safe for concurrent use.
 */
public final class JwsVerifier {
  private final Set<JwsAlgorithm> allowed;
  private final Supplier<Optional<Secret>> clientSecret;
  private final PinnedKeys keys;
  private final RefetchBudget unknownKeys;
  private final RefetchBudget badSignatures;

  /**
   * Binds tokens to the OP's keys.
   *
   * @param allowed {@code alg} values; names that are not known are never accepted
   * @param clientSecret the key of HS256, HS384 and HS512 where those are allowed (OpenID Connect
   *     Core §10.1), as it is now: it may be replaced at any time
   * @param unknownKeys for tokens that name a key which is not known
   * @param badSignatures for tokens that name a known key which did not sign them: the OP may have
   *     made a new key under the old name
   */
  public JwsVerifier(
      Set<String> allowed,
      Supplier<Optional<Secret>> clientSecret,
      PinnedKeys keys,
      RefetchBudget unknownKeys,
      RefetchBudget badSignatures) {
    this.allowed =
        allowed.stream()
            .flatMap(name -> JwsAlgorithm.of(name).stream())
            .flatMap(algorithm -> algorithm.aliases().stream())
            .collect(Collectors.toUnmodifiableSet());
    this.clientSecret = clientSecret;
    this.keys = keys;
    this.unknownKeys = unknownKeys;
    this.badSignatures = badSignatures;
  }

  /** Checks {@code token}. Blocks only where keys have to be fetched. */
  public JwsVerdict verify(String token, Deadline deadline) {
    Reading reading = read(token);
    return reading instanceof Reading.NeedsKey needsKey
        ? byPinnedKey(needsKey, deadline)
        : reading.verdict();
  }

  /**
   * Checks {@code token} by what is known now; never blocks.
   *
   * @return empty where keys have to be fetched first
   */
  public Optional<JwsVerdict> verifyByKnownKeys(String token) {
    Reading reading = read(token);
    if (!(reading instanceof Reading.NeedsKey needsKey)) {
      return Optional.of(reading.verdict());
    }
    Optional<SigningKeys> known = keys.known();
    if (known.isPresent() && needsKey.isSignedByOneOf(known.get())) {
      return Optional.of(needsKey.signed());
    }
    return known.isEmpty() || budget(needsKey, known.get()).isLeft()
        ? Optional.empty()
        : Optional.of(needsKey.refusedBy(known.get()));
  }

  /** What can be said of a token without a key of the OP. */
  private sealed interface Reading {
    /** The verdict; as long as a key is missing, a refusal. */
    JwsVerdict verdict();

    record Decided(JwsVerdict verdict) implements Reading {}

    record NeedsKey(CompactJws jws, JwsAlgorithm algorithm) implements Reading {
      boolean isSignedByOneOf(SigningKeys keys) {
        return candidates(keys).stream().anyMatch(key -> Signatures.verifies(jws, algorithm, key));
      }

      List<SigningKey> candidates(SigningKeys keys) {
        return keys.candidates(algorithm, jws.header().text("kid"));
      }

      @Override
      public JwsVerdict verdict() {
        return new JwsVerdict.Refused("signature");
      }

      JwsVerdict signed() {
        return JwsVerifier.signed(jws, algorithm);
      }

      JwsVerdict refusedBy(SigningKeys keys) {
        return new JwsVerdict.Refused(candidates(keys).isEmpty() ? "kid" : "signature");
      }
    }
  }

  private Reading read(String token) {
    Optional<CompactJws> jws = CompactJws.parse(token);
    if (jws.isEmpty()) {
      return refused("malformed");
    }
    JsonObject header = jws.get().header();
    // RFC 8725 §3.1: exact spelling from our list; "none" in any case is not on it.
    Optional<JwsAlgorithm> algorithm =
        header.text("alg").flatMap(JwsAlgorithm::of).filter(allowed::contains);
    if (algorithm.isEmpty()) {
      return refused("alg");
    }
    // RFC 7515 §4.1.11: we understand no extension, so every crit is one that we do not. RFC 7797
    // §6 b64 without crit, and zip, which only encrypted tokens have, are tricks.
    if (header.has("crit") || header.has("b64") || header.has("zip")) {
      return refused("header");
    }
    if (header.has("kid") && header.text("kid").isEmpty()) {
      return refused("header");
    }
    return algorithm.get().family() == Family.SECRET
        ? new Reading.Decided(byClientSecret(jws.get(), algorithm.get()))
        : new Reading.NeedsKey(jws.get(), algorithm.get());
  }

  private static Reading refused(String reason) {
    return new Reading.Decided(new JwsVerdict.Refused(reason));
  }

  private JwsVerdict byClientSecret(CompactJws jws, JwsAlgorithm algorithm) {
    boolean good =
        clientSecret
            .get()
            .filter(secret -> Signatures.verifiesMac(jws, algorithm, secret))
            .isPresent();
    return good ? signed(jws, algorithm) : new JwsVerdict.Refused("signature");
  }

  private JwsVerdict byPinnedKey(Reading.NeedsKey token, Deadline deadline) {
    PinnedKeys.Answer known = keys.keys(deadline);
    if (!(known instanceof PinnedKeys.Answer.Known first)) {
      return undecided(known);
    }
    if (token.isSignedByOneOf(first.keys())) {
      return token.signed();
    }
    // The OP may have changed its keys, under a new kid or, carelessly, under the old one.
    RefetchBudget budget = budget(token, first.keys());
    PinnedKeys.Answer newer = keys.newerThan(first.keys(), budget, deadline);
    if (!(newer instanceof PinnedKeys.Answer.Known second)) {
      return token.candidates(first.keys()).isEmpty()
          ? undecided(newer)
          : new JwsVerdict.Refused("signature");
    }
    if (second.keys() != first.keys() && token.isSignedByOneOf(second.keys())) {
      budget.helped();
      return token.signed();
    }
    return token.refusedBy(second.keys());
  }

  private RefetchBudget budget(Reading.NeedsKey token, SigningKeys keys) {
    return token.candidates(keys).isEmpty() ? unknownKeys : badSignatures;
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
