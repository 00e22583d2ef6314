package dev.gatehouse.config;

import dev.gatehouse.config.Node.Scalar;
import dev.gatehouse.config.Node.Source;
import dev.gatehouse.keys.KeyRefusal;
import dev.gatehouse.seal.Secret;
import java.util.Optional;

/** Looks at secrets without ever saying what they are (TH-SEC-1, TH-SEC-5, TH-SEC-9). */
final class SecretChecks {
  private final Values values;

  SecretChecks(Values values) {
    this.values = values;
  }

  /** The secret, where it is none that everybody knows. */
  Optional<Secret> check(String key, Scalar scalar) {
    try {
      Secret secret = SecretText.secret(scalar.text());
      if (scalar.source() == Source.LITERAL) {
        values.warn(
            "secret-inline",
            key,
            "stands in the configuration file itself; write ${file:PATH} or ${env:NAME} instead");
      }
      return Optional.of(secret);
    } catch (KeyRefusal refusal) {
      values.error(refusal.code(), key, refusal.getMessage());
      return Optional.empty();
    }
  }

  /** A session key: 256 bits in base64url, with or without padding. */
  Optional<Secret> checkKey(String key, Scalar scalar) {
    return check(key, scalar).flatMap(secret -> keyOf(key, secret));
  }

  private Optional<Secret> keyOf(String key, Secret secret) {
    try {
      return Optional.of(SecretText.sessionKey(secret));
    } catch (KeyRefusal refusal) {
      values.error(refusal.code(), key, refusal.getMessage());
      return Optional.empty();
    }
  }
}
