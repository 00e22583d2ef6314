package dev.gatehouse.access;

/** What happens to a token where it does not belong, such as in a URL (RFC 6750 §5.3). */
public enum HygieneMode {
  /** The request is refused. */
  ENFORCE,
  /** The token is removed, and the request goes on without it. */
  STRIP,
  /** The request goes on as it is, and the leak is counted. */
  REPORT
}
