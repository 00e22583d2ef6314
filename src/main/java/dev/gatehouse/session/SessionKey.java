package dev.gatehouse.session;

import dev.gatehouse.seal.Digests;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * SHA-256 of a session id: what the store keeps instead of the id (TH-SES-2), compared by value.
 * Immutable.
 */
public record SessionKey(long a, long b, long c, long d) {
  /** The key of a session id. */
  public static SessionKey of(String sessionId) {
    ByteBuffer hash = ByteBuffer.wrap(Digests.sha256(sessionId));
    return new SessionKey(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
  }

  /** 8 hex digits that tell sessions apart in the audit log. */
  public String fingerprint() {
    return HexFormat.of().toHexDigits((int) (a >>> 32));
  }

  @Override
  public int hashCode() {
    return (int) a;
  }

  @Override
  public String toString() {
    return fingerprint();
  }
}
