package dev.gatehouse.access;

/** What of other sites' doing reaches the app (Fetch Metadata, TH-CSRF-3). */
public enum CrossSiteMode {
  /** Everything: the app protects itself. */
  ALLOW,
  /** What changes nothing: GET, HEAD and OPTIONS. */
  REFUSE_UNSAFE,
  /** Links alone: a GET or HEAD that a person follows to a page. */
  REFUSE
}
