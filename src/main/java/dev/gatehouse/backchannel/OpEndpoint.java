package dev.gatehouse.backchannel;

/** What an OP is asked through the back channel; each kind has its own caps (TH-DOS-5). */
public enum OpEndpoint {
  /** The metadata document (OpenID Connect Discovery §4). */
  DISCOVERY("discovery", 256 * 1024),
  /** The OP's signing keys (RFC 7517 §5). */
  JWKS("jwks", 256 * 1024),
  /** The token endpoint (RFC 6749 §3.2). */
  TOKEN("token", 64 * 1024),
  /**
   * The token endpoint of an OP that answers with a form where RFC 6749 §5.1 asks for JSON
   * (TH-QUIRK-12).
   */
  FORM_TOKEN("token", 64 * 1024),
  /** The userinfo endpoint (OpenID Connect Core §5.3). */
  USERINFO("userinfo", 256 * 1024),
  /** The introspection endpoint (RFC 7662 §2). */
  INTROSPECTION("introspection", 64 * 1024),
  /** The revocation endpoint (RFC 7009 §2); its answer has no body that matters. */
  REVOCATION("revocation", 64 * 1024),
  /** The pushed authorization request endpoint (RFC 9126 §2). */
  PUSHED_REQUEST("pushed-authorization-request", 64 * 1024);

  private final String word;
  private final int maxBytes;

  OpEndpoint(String word, int maxBytes) {
    this.word = word;
    this.maxBytes = maxBytes;
  }

  /** The most bytes of a response body that are read. */
  public int maxBytes() {
    return maxBytes;
  }

  /** The word for the log. */
  @Override
  public String toString() {
    return word;
  }
}
