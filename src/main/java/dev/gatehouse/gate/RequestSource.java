package dev.gatehouse.gate;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who made the browser send a request, as far as it says (Fetch Metadata; RFC 6454 §7; RFC 9110
 * §10.1.3). Every hint that is given counts: where two contradict each other, as after a redirect
 * through another site, the request is foreign. Immutable, safe for concurrent use.
 */
final class RequestSource {
  /** The origin of who has none, or does not tell it (RFC 6454 §7.1). */
  private static final String NONE = "null";

  /** Whose doing a request is. */
  enum Kind {
    /** A page of the app, or the user himself. */
    OWN,
    /** A page of an origin that the configuration trusts. */
    TRUSTED,
    /** A page of another host of the same site. */
    SAME_SITE,
    /** Anybody else, and whoever hides behind {@code Origin: null} (TH-CSRF-4). */
    FOREIGN,
    /** The browser does not say. */
    UNKNOWN
  }

  private final WebOrigin own;
  private final Set<WebOrigin> trusted;

  /**
   * @param ownOrigin the origin of the public URL
   * @param trustedOrigins origins that may do what the app's own pages may
   */
  RequestSource(String ownOrigin, Set<String> trustedOrigins) {
    this.own = WebOrigin.ofUrl(ownOrigin).orElseThrow();
    this.trusted =
        trustedOrigins.stream()
            .map(origin -> WebOrigin.ofUrl(origin).orElseThrow())
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Whose doing {@code request} is. */
  Kind of(ClientRequest request) {
    List<String> origins = request.headers("Origin");
    List<String> sites = request.headers("Sec-Fetch-Site");
    if (origins.size() > 1 || sites.size() > 1) {
      return Kind.FOREIGN;
    }
    String site = sites.isEmpty() ? null : sites.get(0);
    if (!origins.isEmpty()) {
      return byOrigin(origins.get(0), site);
    }
    return site == null ? byReferer(request) : bySite(request, site);
  }

  private Kind byOrigin(String field, String site) {
    if (field.equals(NONE) && "same-origin".equals(site)) {
      // A form on a page with "Referrer-Policy: no-referrer" (Fetch §3.2). Where the origin is
      // opaque, as in a sandboxed frame, browsers say cross-site, and no page can say otherwise.
      return Kind.OWN;
    }
    Optional<WebOrigin> origin = WebOrigin.ofOrigin(field);
    if (origin.filter(trusted::contains).isPresent()) {
      return Kind.TRUSTED;
    }
    if (origin.isPresent() && "same-site".equals(site)) {
      // Without the browser's word no list of ours tells which hosts are of one site.
      return Kind.SAME_SITE;
    }
    boolean fits = site == null || site.equals("same-origin") || site.equals("none");
    return fits && origin.filter(own::equals).isPresent() ? Kind.OWN : Kind.FOREIGN;
  }

  private Kind bySite(ClientRequest request, String site) {
    return switch (site) {
      case "same-origin", "none" -> Kind.OWN;
      case "same-site" -> byReferer(request) == Kind.TRUSTED ? Kind.TRUSTED : Kind.SAME_SITE;
      default -> byReferer(request) == Kind.TRUSTED ? Kind.TRUSTED : Kind.FOREIGN;
    };
  }

  /** For browsers that send neither Fetch Metadata nor Origin, and links of trusted pages. */
  private Kind byReferer(ClientRequest request) {
    List<String> referers = request.headers("Referer");
    if (referers.isEmpty()) {
      return Kind.UNKNOWN;
    }
    Optional<WebOrigin> origin =
        referers.size() == 1 ? WebOrigin.ofUrl(referers.get(0)) : Optional.empty();
    if (origin.filter(own::equals).isPresent()) {
      return Kind.OWN;
    }
    return origin.filter(trusted::contains).isPresent() ? Kind.TRUSTED : Kind.FOREIGN;
  }

  /**
   * Whether the page that opens a WebSocket may (RFC 6455 §10.2, TH-HTTP-11): browsers always name
   * its origin there, and send cookies whatever it is.
   */
  boolean mayConnect(ClientRequest request) {
    List<String> origins = request.headers("Origin");
    return origins.size() == 1
        && WebOrigin.ofOrigin(origins.get(0))
            .filter(origin -> origin.equals(own) || trusted.contains(origin))
            .isPresent();
  }
}
