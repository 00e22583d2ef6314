package dev.gatehouse.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The master keys of this installation: the first seals, all open, so that keys rotate without a
 * logout (TH-SEC-4). No key is used as it is; each purpose has its own, derived with HKDF-SHA-256
 * (RFC 5869, TH-SEC-9). Safe for concurrent use.
 */
public final class SealingKeys {
  /** Length of a master key: 256 bits. */
  public static final int KEY_BYTES = 32;

  private static final byte[] SALT = "gatehouse".getBytes(UTF_8);

  private final Map<String, Sealer> sealers = new HashMap<>(); // guarded by this
  private List<byte[]> masterKeys; // guarded by this

  private SealingKeys(List<byte[]> masterKeys) {
    this.masterKeys = masterKeys;
  }

  /**
   * Takes base64url keys of at least 32 bytes each, the sealing one first.
   *
   * @throws IllegalArgumentException when there is none or one is too short; never with its value
   */
  public static SealingKeys of(List<Secret> keys) {
    return new SealingKeys(decoded(keys));
  }

  private static List<byte[]> decoded(List<Secret> keys) {
    List<byte[]> decoded = new ArrayList<>();
    for (Secret key : keys) {
      byte[] bytes = Base64.getUrlDecoder().decode(key.reveal().trim());
      if (bytes.length < KEY_BYTES) {
        throw new IllegalArgumentException("a session key has fewer than 256 bits");
      }
      decoded.add(bytes);
    }
    if (decoded.isEmpty()) {
      throw new IllegalArgumentException("there is no session key");
    }
    return List.copyOf(decoded);
  }

  /**
   * Takes other keys from now on. Those before still open what they sealed, until the next change:
   * a key that is replaced where it stands ends no session.
   *
   * @throws IllegalArgumentException as {@link #of} does; then nothing changes
   */
  public synchronized void replace(List<Secret> keys) {
    List<byte[]> now = decoded(keys);
    List<byte[]> opening = new ArrayList<>(now);
    opening.addAll(masterKeys);
    sealers.forEach((purpose, sealer) -> sealer.use(derived(opening, purpose)));
    masterKeys = now;
  }

  /** A fresh key that lives as long as this process: for a single node without configured keys. */
  public static SealingKeys fresh(RandomTokens random) {
    return new SealingKeys(List.of(random.bytes(KEY_BYTES)));
  }

  /**
   * Seals and opens values for one purpose; what is sealed for one cannot be opened for another.
   */
  public synchronized Sealer sealer(String purpose, RandomTokens random) {
    return sealers.computeIfAbsent(
        purpose, name -> new Sealer(name, derived(masterKeys, name), random));
  }

  /**
   * Tells values for one purpose apart without showing them: with the first key of the moment, so
   * that a fingerprint means nothing to whoever does not have it.
   */
  public synchronized Fingerprints fingerprints(String purpose) {
    return new Fingerprints(derive(masterKeys.get(0), "fingerprint " + purpose));
  }

  private static List<byte[]> derived(List<byte[]> keys, String purpose) {
    return keys.stream().map(key -> derive(key, purpose)).toList();
  }

  private static byte[] derive(byte[] masterKey, String purpose) {
    // RFC 5869 §2.2 and §2.3; one block of SHA-256 is all that a 256-bit key needs.
    byte[] pseudoRandomKey = hmac(SALT, masterKey);
    byte[] info = ("gatehouse/1/" + purpose).getBytes(UTF_8);
    byte[] block = Arrays.copyOf(info, info.length + 1);
    block[info.length] = 1;
    return hmac(pseudoRandomKey, block);
  }

  private static byte[] hmac(byte[] key, byte[] data) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
