package dev.gatehouse.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.jose.JwsAlgorithm.Family;
import java.text.ParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A JWS whose public key stands in its own header, as in DPoP proofs (RFC 9449 §4.2). That it is
 * signed says one thing: its sender holds that key. Whose key it is has to be known from elsewhere,
 * by its {@link #thumbprint}. Immutable.
 */
public final class SelfKeyedJws {
  /** Longer ones are not looked at. */
  public static final int MAX_CHARS = 8 * 1024;

  // RFC 9449 §4.3 check 5: asymmetric, and none of those that are on their way out.
  private static final List<JwsAlgorithm> ALGORITHMS =
      List.of(
          JwsAlgorithm.ES256,
          JwsAlgorithm.ES384,
          JwsAlgorithm.ES512,
          JwsAlgorithm.EDDSA,
          JwsAlgorithm.ED25519,
          JwsAlgorithm.PS256,
          JwsAlgorithm.RS256);

  /** The members that make a public key (RFC 7638 §3.2); the rest of a JWK is of no use here. */
  private static final Map<String, Set<String>> PUBLIC_MEMBERS =
      Map.of(
          "EC", Set.of("kty", "crv", "x", "y"),
          "OKP", Set.of("kty", "crv", "x"),
          "RSA", Set.of("kty", "n", "e"));

  /** RFC 7518 §6: members of private and of symmetric keys. */
  private static final Set<String> SECRET_MEMBERS =
      Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  /** The sender chooses the key; what it costs to use it is limited. */
  private static final int MAX_RSA_BITS = 4096;

  private final CompactJws jws;
  private final JwsAlgorithm algorithm;
  private final SigningKey key;
  private final String thumbprint;

  private SelfKeyedJws(CompactJws jws, JwsAlgorithm algorithm, SigningKey key, String thumbprint) {
    this.jws = jws;
    this.algorithm = algorithm;
    this.key = key;
    this.thumbprint = thumbprint;
  }

  /** The {@code alg} values that are accepted, for a challenge. */
  public static List<String> algorithms() {
    return ALGORITHMS.stream().map(JwsAlgorithm::spelling).toList();
  }

  /** Takes {@code text} apart; empty unless it is well formed and has a fitting public key. */
  public static Optional<SelfKeyedJws> parse(String text) {
    Optional<CompactJws> jws =
        text.length() > MAX_CHARS ? Optional.empty() : CompactJws.parse(text);
    if (jws.isEmpty()) {
      return Optional.empty();
    }
    JsonObject header = jws.get().header();
    // RFC 7515 §4.1.11, RFC 7797 §6: no extension is understood.
    if (header.has("crit") || header.has("b64") || header.has("zip")) {
      return Optional.empty();
    }
    Optional<JwsAlgorithm> algorithm =
        header.text("alg").flatMap(JwsAlgorithm::of).filter(ALGORITHMS::contains);
    Optional<JWK> jwk = header.object("jwk").flatMap(SelfKeyedJws::publicKey);
    return algorithm.flatMap(alg -> jwk.flatMap(key -> of(jws.get(), alg, key)));
  }

  private static Optional<JWK> publicKey(JsonObject jwk) {
    Set<String> needed = PUBLIC_MEMBERS.getOrDefault(jwk.text("kty").orElse(""), Set.of());
    boolean sound =
        !needed.isEmpty()
            && needed.stream().allMatch(name -> jwk.text(name).isPresent())
            && Collections.disjoint(jwk.members().keySet(), SECRET_MEMBERS);
    if (!sound) {
      return Optional.empty();
    }
    Map<String, Object> bare = new LinkedHashMap<>(jwk.members());
    bare.keySet().retainAll(needed);
    try {
      JWK key = JWK.parse(bare);
      boolean affordable = !(key instanceof RSAKey rsa) || rsa.size() <= MAX_RSA_BITS;
      return affordable ? Optional.of(key) : Optional.empty();
    } catch (ParseException | IllegalArgumentException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  private static Optional<SelfKeyedJws> of(CompactJws jws, JwsAlgorithm algorithm, JWK jwk) {
    try {
      String thumbprint = jwk.computeThumbprint().toString();
      return SigningKey.parse(jwk.toJSONObject())
          .filter(key -> key.fits(algorithm))
          .filter(key -> key.family() != Family.SECRET)
          .map(key -> new SelfKeyedJws(jws, algorithm, key, thumbprint));
    } catch (JOSEException e) {
      return Optional.empty();
    }
  }

  /** The JOSE header. */
  public JsonObject header() {
    return jws.header();
  }

  /** What is claimed; to be believed only if {@link #isSigned}. */
  public JsonObject claims() {
    return jws.claims();
  }

  /** SHA-256 of the key in base64url (RFC 7638 §3): what a {@code jkt} is compared with. */
  public String thumbprint() {
    return thumbprint;
  }

  /** Whether its own key signed it. Takes some hundred microseconds. */
  public boolean isSigned() {
    return Signatures.verifies(jws, algorithm, key);
  }
}
