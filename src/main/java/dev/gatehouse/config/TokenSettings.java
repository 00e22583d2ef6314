package dev.gatehouse.config;

import dev.gatehouse.config.GatehouseConfig.BearerValidation;
import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.config.Provider.AccessTokens;
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
          "Ed25519",
          // Never by default; what its key has to be like is seen to with the other settings.
          "HS256");

  private final Values values;
  private final String prefix;
  private final boolean fapi2;

  /**
   * @param prefix the section of the OP with a dot, such as {@code provider.}
   */
  TokenSettings(Values values, String prefix, boolean fapi2) {
    this.values = values;
    this.prefix = prefix;
    this.fapi2 = fapi2;
  }

  /** Which tokens are accepted. */
  Tokens tokens(Optional<KeyFile> decryptionKey, Optional<KeyFile> dpopKey) {
    SenderConstraint constraint =
        values
            .choice(prefix + "sender-constraint")
            .map(choice -> SenderConstraint.valueOf(choice.toUpperCase(Locale.ROOT)))
            .orElse(SenderConstraint.NONE);
    boolean encrypted = values.flag(prefix + "require-encrypted-id-token");
    checkEncryption(encrypted, decryptionKey);
    checkBinding(constraint);
    return new Tokens(
        signingAlgorithms(),
        Set.copyOf(values.texts(prefix + "trusted-audiences")),
        decryptionKey,
        encrypted,
        constraint,
        dpopKey,
        values.duration(prefix + "max-token-lifetime"),
        values.duration(prefix + "default-token-lifetime"));
  }

  private void checkEncryption(boolean required, Optional<KeyFile> key) {
    if (required && key.isEmpty() && values.isSound(prefix + "decryption-key")) {
      values.error(
          "decryption-key-missing",
          prefix + "require-encrypted-id-token",
          "is true, but nothing could open an encrypted ID token; name the file of"
              + " decryption-key");
    }
  }

  private void checkBinding(SenderConstraint constraint) {
    String key = prefix + "sender-constraint";
    if (constraint == SenderConstraint.MTLS
        && !values.isWritten(prefix + "client-certificate")
        && values.isSound(key)) {
      values.error(
          "client-certificate-missing",
          key,
          "is mtls, but there is no certificate to bind tokens to; write client-certificate and"
              + " client-certificate-key");
    }
    if (constraint != SenderConstraint.DPOP && values.isWritten(prefix + "dpop-key")) {
      values.warn(
          "dpop-key-unused",
          prefix + "dpop-key",
          "is not used: write sender-constraint: dpop, or remove it");
    }
    // Keys of sessions are written down where sessions outlive a process or reach another node.
    if (constraint == SenderConstraint.DPOP
        && !values.isWritten(prefix + "dpop-key")
        && values.isWritten("session.keys")) {
      values.warn(
          "dpop-key-missing",
          key,
          "is dpop without dpop-key: each node makes a key at each start, so a login does not"
              + " survive a restart or a change of nodes; name a key file that all nodes share");
    }
  }

  private Set<String> signingAlgorithms() {
    String key = prefix + "signing-algorithms";
    if (fapi2 && !values.isWritten(key)) {
      return Fapi2Settings.ALGORITHMS;
    }
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

  /** How the access tokens of clients are judged. */
  AccessTokens accessTokens() {
    return new AccessTokens(
        values
            .choice(prefix + "access-token-validation")
            .map(word -> BearerValidation.valueOf(word.toUpperCase(Locale.ROOT))),
        values.flag(prefix + "plain-access-tokens"),
        values.choice(prefix + "introspection-format").filter("jwt"::equals).isPresent());
  }

  private Map<String, String> texts(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    values.map(prefix + name).forEach((key, node) -> texts.put(key, ((Scalar) node).text()));
    return texts;
  }
}
