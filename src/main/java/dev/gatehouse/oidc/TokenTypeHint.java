package dev.gatehouse.oidc;

/** What kind of token is given back, so that the OP finds it sooner (RFC 7009 §2.1). */
public enum TokenTypeHint {
  /** A refresh token: most OPs end its access tokens with it. */
  REFRESH_TOKEN("refresh_token"),
  /** An access token. */
  ACCESS_TOKEN("access_token");

  private final String value;

  TokenTypeHint(String value) {
    this.value = value;
  }

  /** The value of {@code token_type_hint}. */
  public String value() {
    return value;
  }

  @Override
  public String toString() {
    return value;
  }
}
