package dev.gatehouse.token;

/** What a client may be told about its access token, and no more (RFC 6750 §3.1). */
public enum BearerError {
  /** The request is malformed: two credentials, or none that can be read. */
  INVALID_REQUEST("invalid_request", 400),
  /** The token is expired, revoked, forged, for somebody else, or not an access token at all. */
  INVALID_TOKEN("invalid_token", 401),
  /** The token is good, but its scopes do not suffice. */
  INSUFFICIENT_SCOPE("insufficient_scope", 403);

  private final String code;
  private final int status;

  BearerError(String code, int status) {
    this.code = code;
    this.status = status;
  }

  /** The {@code error} value of the challenge. */
  public String code() {
    return code;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }
}
