package dev.gatehouse.keys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.nimbusds.jose.jwk.JWK;
import dev.gatehouse.seal.Secret;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Reads a private key in PEM form: PKCS#8, plain or with a password (RFC 7468 §10, §11). */
final class PemKeys {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final String PLAIN = "PRIVATE KEY";
  private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

  private PemKeys() {}

  private record Block(String label, String text) {}

  static boolean looksLike(byte[] file) {
    return new String(file, ISO_8859_1).contains("-----BEGIN ");
  }

  /** The only private key in {@code file}, as a pair. */
  static JWK jwk(byte[] file, Optional<Secret> password) throws KeyRefusal {
    try {
      return PublicHalf.jwk(read(file, password)).orElseThrow(() -> unknown());
    } catch (GeneralSecurityException e) {
      throw unknown();
    }
  }

  /** The only private key in {@code file}. */
  static PrivateKey read(byte[] file, Optional<Secret> password) throws KeyRefusal {
    List<Block> all = blocks(new String(file, ISO_8859_1));
    List<Block> keys = all.stream().filter(block -> block.label().endsWith(PLAIN)).toList();
    if (keys.isEmpty()) {
      throw all.isEmpty()
          ? new KeyRefusal("bad-pem", "is cut off or damaged; copy it again")
          : new KeyRefusal(
              "public-key-only",
              "holds only a "
                  + all.get(0).label().toLowerCase(java.util.Locale.ROOT)
                  + "; name the file with the private key");
    }
    if (keys.size() > 1) {
      throw new KeyRefusal(
          "several-keys", "holds " + keys.size() + " private keys; keep one, or write a JWK set");
    }
    Block block = keys.get(0);
    return switch (block.label()) {
      case PLAIN -> key(decode(block.text()));
      case ENCRYPTED -> key(decrypt(decode(block.text()), password));
      default ->
          throw new KeyRefusal(
              "key-format",
              "holds a key as "
                  + block.label()
                  + ", which is not PKCS#8; convert it:"
                  + (block.label().startsWith("OPENSSH")
                      ? " ssh-keygen -p -m PKCS8 -f FILE"
                      : " openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW"));
    };
  }

  private static List<Block> blocks(String pem) {
    List<Block> found = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(pem);
    while (matcher.find()) {
      found.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return found;
  }

  private static byte[] decode(String text) throws KeyRefusal {
    try {
      return Base64.getMimeDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new KeyRefusal("bad-pem", "is not base64 between its lines; copy it again");
    }
  }

  private static byte[] decrypt(byte[] der, Optional<Secret> password) throws KeyRefusal {
    if (password.isEmpty()) {
      throw new KeyRefusal(
          "key-password", "needs a password; set the -password key beside this one");
    }
    char[] characters = password.get().reveal().toCharArray();
    try {
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
      // The name of PBES2 says nothing; its parameters print the algorithm that they are for.
      String algorithm = String.valueOf(info.getAlgParameters());
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(characters)),
          info.getAlgParameters());
      return info.getKeySpec(cipher).getEncoded();
    } catch (IOException | GeneralSecurityException e) {
      throw new KeyRefusal(
          "key-password",
          "does not open with that password, or is encrypted in a way that Java does not know;"
              + " mend the password or convert it: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW");
    }
  }

  private static PrivateKey key(byte[] der) throws KeyRefusal {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        continue; // the encoding names its algorithm; only that one's factory takes it
      } catch (GeneralSecurityException e) {
        throw unknown();
      }
    }
    throw unknown();
  }

  private static KeyRefusal unknown() {
    return new KeyRefusal(
        "key-type", "holds no RSA, EC (P-256, P-384, P-521) or Ed25519 key that Java can read");
  }
}
