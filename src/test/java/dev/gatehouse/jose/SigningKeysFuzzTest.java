package dev.gatehouse.jose;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.JsonObject;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Optional;

/** Any JWK set: keys that do not fit are left out, and none of the rest believes everything. */
class SigningKeysFuzzTest {
  @FuzzTest
  @Rule("TH-IDT-3")
  @Rule("TH-IDT-5")
  void noKeyVerifiesASignatureOfZeros(byte[] bytes) {
    Optional<SigningKeys> keys = JsonObject.parse(bytes).flatMap(SigningKeys::parse);
    if (keys.isEmpty()) {
      return;
    }
    for (JwsAlgorithm algorithm : JwsAlgorithm.values()) {
      for (SigningKey key : keys.get().candidates(algorithm, Optional.empty())) {
        assertStrong(key);
        boolean believed =
            Signatures.verifies(forged(algorithm, 64), algorithm, key)
                || Signatures.verifies(forged(algorithm, 256), algorithm, key);
        // Whoever publishes an Ed25519 key of small order signs everything with zeros, and means
        // it.
        assertThat(believed && key.family() != JwsAlgorithm.Family.ED25519).isFalse();
      }
    }
  }

  private static void assertStrong(SigningKey key) {
    if (key.publicKey() instanceof RSAPublicKey rsa) {
      assertThat(rsa.getModulus().bitLength()).isGreaterThanOrEqualTo(2048);
      assertThat(rsa.getPublicExponent().bitLength()).isGreaterThan(1);
    }
  }

  private static CompactJws forged(JwsAlgorithm algorithm, int signatureBytes) {
    String header = "{\"alg\":\"" + algorithm.spelling() + "\"}";
    return CompactJws.parse(
            encode(header.getBytes(US_ASCII))
                + "."
                + encode("{}".getBytes(US_ASCII))
                + "."
                + encode(new byte[signatureBytes]))
        .orElseThrow();
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
