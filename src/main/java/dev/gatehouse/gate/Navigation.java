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
  static boolean prefetch(ClientRequest request) {
    return mentionsPrefetch(request.header("Sec-Purpose"))
        || mentionsPrefetch(request.header("Purpose"))
        || mentionsPrefetch(request.header("X-Moz"));
  }

  private static boolean mentionsPrefetch(String value) {
    return value != null && (value.contains("prefetch") || value.contains("prerender"));
  }

  /** Whether a person will see the answer, as a page of its own; whatever the method. */
  static boolean ofPage(ClientRequest request) {
    String mode = request.header("Sec-Fetch-Mode");
    return destinationAllowsDocument(request)
        && request.header("X-Requested-With") == null
        && (mode == null ? Answers.wantsHtml(request) : mode.equals("navigate"));
  }

  /**
   * Whether a request is the user's own doing: it comes from the app's own pages, or, with a safe
   * method, was typed. Browsers that send neither Fetch Metadata nor Origin are asked for Referer.
   */
  static boolean ownDoing(ClientRequest request, String publicOrigin) {
    String site = request.header("Sec-Fetch-Site");
    String origin = request.header("Origin");
    if (site == null && origin == null) {
      String referer = request.header("Referer");
      return referer != null && referer.startsWith(publicOrigin + "/");
    }
    boolean typed = "none".equals(site) && origin == null && request.method().equals("GET");
    return typed || sameOrigin(request, publicOrigin);
  }

  /**
   * Whether a state-changing request comes from the app's own pages (TH-CSRF-1, TH-CSRF-4): every
   * hint that the browser gives must say so, and there must be one.
   */
  static boolean sameOrigin(ClientRequest request, String publicOrigin) {
    if (request.headers("Origin").size() > 1 || request.headers("Sec-Fetch-Site").size() > 1) {
      return false;
    }
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
