package dev.gatehouse.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.gatehouse.seal.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads keys of this client from the bytes of a file: PEM (PKCS#8), a JWK, a JWK set (RFC 7517) or
 * PKCS#12 (RFC 7292). The format is told by the content, not by the name.
 */
public final class KeyReader {
  private KeyReader() {}

  /**
   * Reads keys that sign; the first is the one that does.
   *
   * @param keyId the id of the first, whatever the file says
   * @param algorithm the JWS algorithm of the first
   */
  public static KeySet signing(
      byte[] file, Optional<Secret> password, Optional<String> keyId, Optional<String> algorithm)
      throws KeyRefusal {
    return KeyRules.signing(read(file, password), keyId, algorithm);
  }

  /** Reads keys that open what is encrypted for this client. */
  public static KeySet opening(byte[] file, Optional<Secret> password) throws KeyRefusal {
    return KeyRules.opening(read(file, password));
  }

  private static List<JWK> read(byte[] file, Optional<Secret> password) throws KeyRefusal {
    if (file.length == 0) {
      throw new KeyRefusal("empty", "is empty");
    }
    if (PemKeys.looksLike(file)) {
      return List.of(PemKeys.jwk(file, password));
    }
    String text = new String(file, UTF_8).strip();
    return text.startsWith("{") ? jwks(text) : List.of(pkcs12(file, password));
  }

  private static List<JWK> jwks(String text) throws KeyRefusal {
    try {
      Map<String, Object> members = JSONObjectUtils.parse(text);
      boolean set = members.containsKey("keys");
      if (set && members.get("keys") instanceof List<?> list && list.contains(null)) {
        throw new KeyRefusal("bad-key", "is a JWK set with a null in it");
      }
      List<JWK> keys = set ? JWKSet.parse(members).getKeys() : List.of(JWK.parse(members));
      if (keys.isEmpty()) {
        throw new KeyRefusal("bad-key", "is a JWK set without a key that is known");
      }
      return keys;
    } catch (ParseException | IllegalArgumentException | IllegalStateException e) {
      throw new KeyRefusal("bad-key", "is neither a JWK nor a JWK set (RFC 7517 §4, §5)");
    }
  }

  private static JWK pkcs12(byte[] file, Optional<Secret> password) throws KeyRefusal {
    char[] characters = password.map(Secret::reveal).orElse("").toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(file), characters);
      List<String> aliases = new ArrayList<>();
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          aliases.add(alias);
        }
      }
      if (aliases.size() != 1) {
        throw new KeyRefusal(
            aliases.isEmpty() ? "public-key-only" : "several-keys",
            "holds " + aliases.size() + " private keys; put exactly one into it");
      }
      Key key = store.getKey(aliases.get(0), characters);
      return PublicHalf.jwk((PrivateKey) key).orElseThrow(KeyReader::unknown);
    } catch (UnrecoverableKeyException e) {
      throw wrongPassword(password);
    } catch (IOException e) {
      throw e.getCause() instanceof UnrecoverableKeyException
          ? wrongPassword(password)
          : new KeyRefusal(
              "key-format",
              "is neither PEM (PKCS#8) nor a JWK, JWK set or PKCS#12; convert a DER file:"
                  + " openssl pkcs8 -topk8 -nocrypt -inform DER -in OLD -out NEW");
    } catch (GeneralSecurityException | ClassCastException e) {
      throw unknown();
    }
  }

  private static KeyRefusal unknown() {
    return new KeyRefusal(
        "key-type", "holds no RSA, EC (P-256, P-384, P-521) or Ed25519 key that Java can read");
  }

  private static KeyRefusal wrongPassword(Optional<Secret> password) {
    return new KeyRefusal(
        "key-password",
        password.isEmpty()
            ? "needs a password; set the -password key beside this one"
            : "does not open with that password");
  }
}
