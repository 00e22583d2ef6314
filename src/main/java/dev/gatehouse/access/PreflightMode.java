package dev.gatehouse.access;

/** What becomes of a CORS preflight, which never carries a credential (Fetch §4.8, TH-BEAR-22). */
public enum PreflightMode {
  /** No exception is made for it: where the rule wants a user, it is refused. */
  REFUSE,
  /** It goes to the app, without a user, without cookies and without credentials. */
  TO_APP
}
