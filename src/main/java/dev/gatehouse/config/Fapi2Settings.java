package dev.gatehouse.config;

import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.config.Provider.KeyFile;
import dev.gatehouse.keys.KeyRefusal;
import dev.gatehouse.keys.Watched;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the FAPI 2.0 Security Profile leaves of the other settings (Final, §5.3.3 and §5.4). What it
 * allows but one value of is switched on; a written value that it does not allow is refused, and so
 * is a choice that the file has not made.
 */
final class Fapi2Settings {
  /** §5.4.1: what may be signed with. */
  static final Set<String> ALGORITHMS = Set.of("PS256", "ES256", "EdDSA", "Ed25519");

  private static final Set<String> AUTHENTICATION =
      Set.of("private-key-jwt", "tls-client-auth", "self-signed-tls-client-auth");
  private static final List<String> FIXED =
      List.of(
          "public-client=false",
          "client-assertion-audience=issuer",
          "pushed-authorization=always",
          "pkce=s256",
          "scope-separator=space",
          "missing-token-type=refuse",
          "token-response-format=json");
  private static final List<String> METADATA_ALONE =
      List.of(
          "authorization-endpoint",
          "token-endpoint",
          "userinfo-endpoint",
          "jwks-uri",
          "revocation-endpoint",
          "introspection-endpoint",
          "end-session-endpoint",
          "server-state-endpoint");

  private final Values values;
  private final String prefix;

  /**
   * @param prefix the section of the OP with a dot, such as {@code provider.}
   */
  Fapi2Settings(Values values, String prefix) {
    this.values = values;
    this.prefix = prefix;
  }

  /** Whether the profile is on. */
  boolean isOn() {
    return values.choice(prefix + "profile").filter("fapi2"::equals).isPresent();
  }

  /** Refuses what the profile does not allow. */
  void check() {
    FIXED.stream().map(pair -> pair.split("=", 2)).forEach(pair -> checkFixed(pair[0], pair[1]));
    METADATA_ALONE.stream()
        .filter(name -> values.isWritten(prefix + name))
        .forEach(
            name -> refuse(name, "is set, but FAPI takes it from the OP's metadata; remove it"));
    if (values
        .choice(prefix + "client-authentication")
        .filter(method -> !AUTHENTICATION.contains(method))
        .isPresent()) {
      refuse(
          "client-authentication",
          "is "
              + values.shown(prefix + "client-authentication")
              + "; write private-key-jwt, tls-client-auth or self-signed-tls-client-auth");
    }
    if (values.choice(prefix + "sender-constraint").filter("none"::equals).isPresent()) {
      refuse("sender-constraint", "is none: a stolen token would be of use; write dpop or mtls");
    }
    if (values.choice(prefix + "response-mode").filter("form_post"::equals).isPresent()) {
      refuse("response-mode", "is form_post; write query, or jwt for FAPI 2.0 Message Signing");
    }
    values
        .text(prefix + "client-key-algorithm")
        .filter(name -> !ALGORITHMS.contains(name))
        .ifPresent(name -> refuse("client-key-algorithm", "is " + name + "; " + allowed()));
    if (values.isWritten(prefix + "signing-algorithms")) {
      values.items(prefix + "signing-algorithms").forEach(this::checkAlgorithm);
    }
  }

  /** Refuses a key whose signatures the profile does not allow (§5.4.1). */
  void checkKey(String name, Optional<KeyFile> file) {
    if (file.isEmpty() || !values.isSound(prefix + name, prefix + "client-key-algorithm")) {
      return;
    }
    try {
      String algorithm =
          file.get().signing(Watched.contents(file.get().file())).first().algorithm().orElse("");
      if (!ALGORITHMS.contains(algorithm)) {
        refuse(
            name,
            "names a key for "
                + algorithm
                + "; make an RSA key and sign with PS256, or an EC key on P-256, or an Ed25519 key");
      }
    } catch (KeyRefusal refusal) {
      // told already, by whoever read the setting
    }
  }

  private void checkFixed(String name, String only) {
    String key = prefix + name;
    if (values.isWritten(key)
        && values.isSound(key)
        && values.text(key).filter(only::equals).isEmpty()) {
      refuse(name, "is " + values.shown(key) + "; remove it, or write " + only);
    }
  }

  private void checkAlgorithm(String place, Scalar algorithm) {
    if (!ALGORITHMS.contains(algorithm.text()) && values.isSound(place)) {
      values.error(
          "fapi2", place, "is " + algorithm.shown() + ", under profile: fapi2; " + allowed());
    }
  }

  private static String allowed() {
    return "write PS256, ES256 or EdDSA";
  }

  private void refuse(String name, String message) {
    String key = prefix + name;
    if (values.isSound(key)) {
      values.error("fapi2", key, "under profile: fapi2 " + message);
    }
  }
}
