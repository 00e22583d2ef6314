package dev.gatehouse.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.seal.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Secrets that are seldom looked at, in as few bytes as they need: text in base64url without its
 * encoding, and the JSON in a JWT (RFC 7519 §3) deflated on top (RFC 1951), against words that all
 * of them have. What comes out is what was put in, to the letter. It is an array and no object
 * around one, for there are two in each of a million sessions.
 */
final class PackedTokens {
  private static final int ABSENT = 0;
  private static final int PLAIN = 1;
  private static final int ENCODED = 2;

  /** What is most common stands last, as zlib wants it (RFC 1950 §2.2). */
  private static final byte[] WORDS =
      ("\"phone_number_verified\":false,\"zoneinfo\":\"Europe/\",\"picture\":\"https://"
              + "\",\"realm_access\":{\"roles\":[\"\"]},\"resource_access\":{\"account\":{\"roles\":[\""
              + "manage-account\",\"view-profile\"]}},\"typ\":\"ID\",\"typ\":\"Refresh\",\"tid\":\""
              + "\",\"oid\":\"\",\"ver\":\"2.0\",\"amr\":[\"pwd\",\"mfa\",\"otp\"],\"scope\":\"openid"
              + " profile email offline_access\",\"updated_at\":1,\"locale\":\"en-GB\",\"locale\":\"ko"
              + "\",\"roles\":[\"\",\"department\":\"\",\"employee\":\"\",\"groups\":[\"users\",\"admins"
              + "\"],\"c_hash\":\"\",\"s_hash\":\"\",\"at_hash\":\"\",\"acr\":\"1\",\"acr\":\"urn:"
              + "\",\"azp\":\"\",\"jti\":\"\",\"session_state\":\"\",\"auth_time\":17"
              + "\",\"family_name\":\"\",\"given_name\":\"\",\"preferred_username\":\"\",\"name\":\""
              + "\",\"email_verified\":true,\"email\":\"@example.com\",\"email\":\"@gmail.com"
              + "\",\"sid\":\"\",\"nonce\":\"\",\"iat\":17,\"exp\":17,\"sub\":\"\",\"aud\":[\"\"],\"aud\":\""
              + "\",\"iss\":\"https://login.\",{\"iss\":\"https://accounts.\",{\"alg\":\"ES256\",{\"alg"
              + "\":\"PS256\",\"typ\":\"JWT\",\"kid\":\"\",{\"kid\":\"\",\"alg\":\"RS256\",\"typ\":\"JWT\"}"
              + "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"")
          .getBytes(UTF_8);

  private PackedTokens() {}

  /** Packs {@code texts}, to be found by their place. */
  static byte[] of(List<Optional<String>> texts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    texts.forEach(text -> writePart(text, out));
    return out.toByteArray();
  }

  /** The secret at that place of what {@link #of} made. */
  static Optional<Secret> secret(byte[] bytes, int place) {
    return text(bytes, place).map(Secret::of);
  }

  /** The text at that place of what {@link #of} made. */
  static Optional<String> text(byte[] bytes, int place) {
    ByteBuffer in = at(bytes, place);
    int kind = in.get();
    if (kind == ABSENT) {
      return Optional.empty();
    }
    byte[] packed = new byte[readLength(in)];
    in.get(packed);
    return Optional.of(kind == PLAIN ? new String(packed, UTF_8) : decoded(packed));
  }

  private static ByteBuffer at(byte[] bytes, int place) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    for (int i = 0; i < place; i++) {
      if (in.get() != ABSENT) {
        int length = readLength(in);
        in.position(in.position() + length);
      }
    }
    return in;
  }

  private static void writePart(Optional<String> text, ByteArrayOutputStream out) {
    if (text.isEmpty()) {
      out.write(ABSENT);
      return;
    }
    Optional<byte[]> encoded = encoded(text.get());
    byte[] packed = encoded.orElseGet(() -> text.get().getBytes(UTF_8));
    out.write(encoded.isPresent() ? ENCODED : PLAIN);
    writeLength(packed.length, out);
    out.writeBytes(packed);
  }

  /** The parts between dots without base64url: JSON together and deflated, the others as is. */
  private static Optional<byte[]> encoded(String text) {
    String[] parts = text.split("\\.", -1);
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    ByteArrayOutputStream others = new ByteArrayOutputStream();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writeLength(parts.length, out);
    for (String part : parts) {
      Optional<byte[]> decoded = exactly(part);
      if (decoded.isEmpty()) {
        return Optional.empty();
      }
      boolean isJson = decoded.get().length > 0 && decoded.get()[0] == '{';
      writeLength(decoded.get().length << 1 | (isJson ? 1 : 0), out);
      (isJson ? json : others).writeBytes(decoded.get());
    }
    byte[] deflated = json.size() == 0 ? new byte[0] : deflate(json.toByteArray());
    writeLength(deflated.length, out);
    out.writeBytes(deflated);
    out.writeBytes(others.toByteArray());
    return Optional.of(out.toByteArray());
  }

  /** Empty unless the same text comes out again. */
  private static Optional<byte[]> exactly(String part) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(part);
      return base64(bytes).equals(part) ? Optional.of(bytes) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String decoded(byte[] packed) {
    ByteBuffer in = ByteBuffer.wrap(packed);
    int[] lengths = new int[readLength(in)];
    int inflated = 0;
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = readLength(in);
      inflated += (lengths[i] & 1) == 1 ? lengths[i] >>> 1 : 0;
    }
    byte[] deflated = new byte[readLength(in)];
    in.get(deflated);
    ByteBuffer json = ByteBuffer.wrap(inflated == 0 ? deflated : inflate(deflated, inflated));
    List<String> parts = new ArrayList<>(lengths.length);
    for (int length : lengths) {
      byte[] part = new byte[length >>> 1];
      ((length & 1) == 1 ? json : in).get(part);
      parts.add(base64(part));
    }
    return String.join(".", parts);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] deflate(byte[] json) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      deflater.setDictionary(WORDS);
      deflater.setInput(json);
      deflater.finish();
      // Stored blocks add five bytes for each 32 KiB, at the very worst (RFC 1951 §3.2.4).
      byte[] out = new byte[json.length + json.length / 1024 + 64];
      int length = deflater.deflate(out);
      if (!deflater.finished()) {
        throw new IllegalStateException("deflated JSON is longer than it can be");
      }
      return Arrays.copyOf(out, length);
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflate(byte[] deflated, int length) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setDictionary(WORDS);
      inflater.setInput(deflated);
      byte[] out = new byte[length];
      if (inflater.inflate(out) != length) {
        throw new IllegalStateException("what was packed is incomplete");
      }
      return out;
    } catch (DataFormatException e) {
      throw new IllegalStateException("what was packed cannot be read", e);
    } finally {
      inflater.end();
    }
  }

  private static void writeLength(int length, ByteArrayOutputStream out) {
    int rest = length;
    while (rest >= 0x80) {
      out.write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  private static int readLength(ByteBuffer in) {
    int length = 0;
    int shift = 0;
    int next;
    do {
      next = in.get();
      length |= (next & 0x7f) << shift;
      shift += 7;
    } while (next < 0);
    return length;
  }
}
