package dev.gatehouse.backchannel;

/** Why the OP could not be asked. None of these is ever a yes. */
public enum OpFailure {
  /** No connection, or it broke. */
  UNREACHABLE("op-unreachable", 503),
  /** TLS chain or host name did not verify (TH-CFG-5). */
  TLS("op-tls", 502),
  /** The deadline passed. */
  TIMED_OUT("op-timeout", 504),
  /** Too many calls wait already. */
  OVERLOADED("op-overloaded", 503),
  /** The OP answered 5xx. */
  FAILED("op-failed", 502),
  /** The OP answered something that the specification does not allow. */
  NONSENSE("op-nonsense", 502),
  /** The OP answered with a redirect; none is followed (TH-CFG-3, TH-TOK-5). */
  REDIRECTED("op-redirect", 502),
  /** An endpoint resolved to an address that calls may not go to (TH-CFG-4). */
  FORBIDDEN_ADDRESS("endpoint-address", 502),
  /** Its metadata breaks a rule; the log says which. */
  METADATA_REFUSED("op-metadata", 502),
  /** Its metadata has not been read yet. */
  NOT_DISCOVERED("op-not-discovered", 503);

  private final String reason;
  private final int status;

  OpFailure(String reason, int status) {
    this.reason = reason;
    this.status = status;
  }

  /** The fixed word for the audit log. */
  public String reason() {
    return reason;
  }

  /** The HTTP status that the client sees. */
  public int status() {
    return status;
  }
}
