package dev.gatehouse.gate;

/**
 * Tells a person who opens a page from everything else: only such a request is sent to the OP
 * (TH-AUTHZ-12). Fetch Metadata decides where the browser sends it, {@code Accept} where it does
 * not.
 */
final class Navigation {
  private Navigation() {}

  /** Whether this is a top-level navigation with a safe method. */
  static boolean topLevel(ClientRequest request) {
    boolean safe = request.method().equals("GET") || request.method().equals("HEAD");
    if (!safe || prefetch(request) || request.header("Upgrade") != null) {
      return false;
    }
    if (request.header("X-Requested-With") != null) {
      return false;
    }
    String mode = request.header("Sec-Fetch-Mode");
    if (mode != null) {
      return mode.equals("navigate") && destinationAllowsDocument(request);
    }
    return destinationAllowsDocument(request) && Answers.wantsHtml(request);
  }

  /** Whether the browser says that the answer is for something else than a top-level page. */
  static boolean destinationAllowsDocument(ClientRequest request) {
    String destination = request.header("Sec-Fetch-Dest");
    return destination == null || destination.equals("document");
  }

  /** Whether the browser only looks ahead: nobody is there to sign in. */
  private static boolean prefetch(ClientRequest request) {
    return mentionsPrefetch(request.header("Sec-Purpose"))
        || mentionsPrefetch(request.header("Purpose"))
        || mentionsPrefetch(request.header("X-Moz"));
  }

  private static boolean mentionsPrefetch(String value) {
    return value != null && (value.contains("prefetch") || value.contains("prerender"));
  }

  /**
   * Whether a state-changing request comes from the app's own pages (TH-CSRF-1, TH-CSRF-4): every
   * hint that the browser gives must say so, and there must be one.
   */
  static boolean sameOrigin(ClientRequest request, String publicOrigin) {
    String site = request.header("Sec-Fetch-Site");
    String origin = request.header("Origin");
    if (site != null && !site.equals("same-origin")) {
      return false;
    }
    if (origin != null && !origin.equals(publicOrigin)) {
      return false;
    }
    return site != null || origin != null;
  }
}
