package dev.gatehouse.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals bytes so that only this installation can read or make them: AES-256-GCM with version, key
 * id, purpose and expiry authenticated (TH-SES-8). Safe for concurrent use.
 *
 * <p>The nonce is 96 random bits, so one key is good for some 2^32 seals (NIST SP 800-38D §8.3).
 */
public final class Sealer {
  private static final byte VERSION = 1;
  private static final int KEY_ID_BYTES = 4;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int HEADER_BYTES = 1 + KEY_ID_BYTES + Long.BYTES + NONCE_BYTES;

  private final byte[] purpose;
  private final RandomTokens random;
  private volatile Keys keys;

  /** The keys of one purpose by their ids. */
  private record Keys(int sealing, Map<Integer, SecretKeySpec> byId) {
    static Keys of(List<byte[]> derived) {
      Map<Integer, SecretKeySpec> byId = new LinkedHashMap<>();
      for (byte[] key : derived) {
        byId.putIfAbsent(keyId(key), new SecretKeySpec(key, "AES"));
      }
      return new Keys(keyId(derived.get(0)), byId);
    }
  }

  Sealer(String purpose, List<byte[]> derivedKeys, RandomTokens random) {
    this.purpose = purpose.getBytes(UTF_8);
    this.random = random;
    this.keys = Keys.of(derivedKeys);
  }

  /** From now on seals with the first of {@code derivedKeys} and opens with all. */
  void use(List<byte[]> derivedKeys) {
    keys = Keys.of(derivedKeys);
  }

  /** Seals {@code plaintext} until {@code expiresAt}, as base64url without padding. */
  public String seal(byte[] plaintext, Instant expiresAt) {
    Keys now = keys;
    byte[] header =
        ByteBuffer.allocate(HEADER_BYTES)
            .put(VERSION)
            .putInt(now.sealing())
            .putLong(expiresAt.toEpochMilli())
            .put(random.bytes(NONCE_BYTES))
            .array();
    try {
      SecretKeySpec key = now.byId().get(now.sealing());
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, header).doFinal(plaintext);
      byte[] whole = Arrays.copyOf(header, header.length + sealed.length);
      System.arraycopy(sealed, 0, whole, header.length, sealed.length);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES/GCM", e);
    }
  }

  /**
   * Opens a sealed value.
   *
   * @return empty for everything that this installation did not seal for this purpose, byte for
   *     byte; never throws for what a client sends
   */
  public Optional<Opened> open(String value) {
    byte[] whole = decode(value);
    if (whole.length <= HEADER_BYTES || whole[0] != VERSION) {
      return Optional.empty();
    }
    ByteBuffer header = ByteBuffer.wrap(whole, 1, HEADER_BYTES - 1);
    int keyId = header.getInt();
    Instant expiresAt = Instant.ofEpochMilli(header.getLong());
    SecretKeySpec key = keys.byId().get(keyId);
    if (key == null) {
      return Optional.empty();
    }
    try {
      byte[] plaintext =
          cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(whole, HEADER_BYTES))
              .doFinal(whole, HEADER_BYTES, whole.length - HEADER_BYTES);
      return Optional.of(new Opened(plaintext, expiresAt));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      // Too short for a tag and the like: not ours either.
      return Optional.empty();
    }
  }

  /**
   * What was sealed.
   *
   * @param expiresAt authenticated; at this very instant the value has expired
   */
  public record Opened(byte[] plaintext, Instant expiresAt) {}

  private Cipher cipher(int mode, SecretKeySpec key, byte[] header)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    byte[] nonce = Arrays.copyOfRange(header, HEADER_BYTES - NONCE_BYTES, HEADER_BYTES);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(purpose);
    cipher.updateAAD(header);
    return cipher;
  }

  private static byte[] decode(String value) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(value);
      // Base64 leaves bits of the last character unused; another spelling is another value.
      String canonical = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      return canonical.equals(value) ? bytes : new byte[0];
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static int keyId(byte[] key) {
    return ByteBuffer.wrap(Digests.sha256(key)).getInt();
  }
}
