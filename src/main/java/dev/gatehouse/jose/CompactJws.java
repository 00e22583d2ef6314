package dev.gatehouse.jose;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gatehouse.backchannel.JsonObject;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * A token in JWS compact serialization, taken apart but not believed: its signature has not been
 * checked (RFC 7515 §7.1). Immutable.
 */
public final class CompactJws {
  /** Longer tokens are not looked at (TH-IDT-18). */
  public static final int MAX_CHARS = 16 * 1024;

  private final JsonObject header;
  private final JsonObject claims;
  private final byte[] signingInput;
  private final byte[] signature;

  private CompactJws(JsonObject header, JsonObject claims, byte[] signingInput, byte[] signature) {
    this.header = header;
    this.claims = claims;
    this.signingInput = signingInput;
    this.signature = signature;
  }

  /** Takes {@code token} apart; empty unless it is three strict parts, two of them JSON objects. */
  public static Optional<CompactJws> parse(String token) {
    String[] parts = token.length() > MAX_CHARS ? new String[0] : token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    Optional<JsonObject> header = decode(parts[0]).flatMap(JsonObject::parse);
    Optional<JsonObject> claims = decode(parts[1]).flatMap(JsonObject::parse);
    Optional<byte[]> signature = decode(parts[2]);
    if (header.isEmpty() || claims.isEmpty() || signature.isEmpty()) {
      return Optional.empty();
    }
    byte[] signed = (parts[0] + "." + parts[1]).getBytes(US_ASCII);
    return Optional.of(new CompactJws(header.get(), claims.get(), signed, signature.get()));
  }

  // RFC 7515 §2: base64url without padding, white space or other characters. Encoding it again
  // shows leftover bits that a lenient decoder drops: one signature must have one spelling.
  static Optional<byte[]> decode(String part) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(part);
      String again = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      return again.equals(part) ? Optional.of(bytes) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The JOSE header. */
  public JsonObject header() {
    return header;
  }

  /** What the token claims; to be believed only after the signature has been checked. */
  public JsonObject claims() {
    return claims;
  }

  byte[] signingInput() {
    return signingInput.clone();
  }

  byte[] signature() {
    return Arrays.copyOf(signature, signature.length);
  }
}
