package dev.gatehouse.config;

import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.config.Provider.KeyFile;
import dev.gatehouse.config.Provider.SenderConstraint;
import dev.gatehouse.config.Provider.Tokens;
import dev.gatehouse.config.Provider.Userinfo;
import dev.gatehouse.config.Provider.UserinfoUse;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads which tokens and claims of one OP are accepted. */
final class TokenSettings {
  private static final Set<String> SIGNING_ALGORITHMS =
      Set.of(
          "RS256",
          "RS384",
          "RS512",
          "PS256",
          "PS384",
          "PS512",
          "ES256",
          "ES384",
          "ES512",
          "EdDSA",
          // Never by default; what its key has to be like is seen to with the other settings.
          "HS256");

  private final Values values;
  private final String prefix;

  /**
   * @param prefix the section of the OP with a dot, such as {@code provider.}
   */
  TokenSettings(Values values, String prefix) {
    this.values = values;
    this.prefix = prefix;
  }

  /** Which tokens are accepted. */
  Tokens tokens(Optional<KeyFile> decryptionKey) {
    return new Tokens(
        signingAlgorithms(),
        Set.copyOf(values.texts(prefix + "trusted-audiences")),
        decryptionKey,
        values.flag(prefix + "require-encrypted-id-token"),
        values
            .choice(prefix + "sender-constraint")
            .map(choice -> SenderConstraint.valueOf(choice.toUpperCase(Locale.ROOT)))
            .orElse(SenderConstraint.NONE),
        values.duration(prefix + "default-token-lifetime"));
  }

  private Set<String> signingAlgorithms() {
    String key = prefix + "signing-algorithms";
    values.items(key).forEach(this::checkAlgorithm);
    Set<String> algorithms = new LinkedHashSet<>(values.texts(key));
    if (algorithms.isEmpty() && values.isSound(key)) {
      values.error("weak-algorithm", key, "is empty: no ID token would ever be accepted");
    }
    return algorithms;
  }

  private void checkAlgorithm(String place, Scalar algorithm) {
    if (!SIGNING_ALGORITHMS.contains(algorithm.text()) && values.isSound(place)) {
      values.error(
          "weak-algorithm",
          place,
          "is " + algorithm.shown() + "; write asymmetric ones, such as RS256 or ES256");
    }
  }

  /** Whether and how userinfo is read. */
  Userinfo userinfo() {
    return new Userinfo(
        values
            .choice(prefix + "userinfo")
            .map(choice -> UserinfoUse.valueOf(choice.toUpperCase(Locale.ROOT).replace('-', '_')))
            .orElse(UserinfoUse.WHEN_NEEDED),
        values.choice(prefix + "userinfo-format").filter("jwt"::equals).isPresent(),
        texts("userinfo-claims"),
        texts("userinfo-success"));
  }

  private Map<String, String> texts(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    values.map(prefix + name).forEach((key, node) -> texts.put(key, ((Scalar) node).text()));
    return texts;
  }
}
