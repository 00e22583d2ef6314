package dev.gatehouse.oidc;

/** What came of giving a token back (RFC 7009 §2.2). */
public enum RevocationOutcome {
  /** Nothing is left to do: the OP has taken it, offers no revocation, or will not take it ever. */
  DONE,
  /** The token may live still; another attempt may help (RFC 7009 §2.2.1). */
  LATER
}
