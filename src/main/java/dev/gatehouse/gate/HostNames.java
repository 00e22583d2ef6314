package dev.gatehouse.gate;

import dev.gatehouse.config.PublicUrl;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which of the public URLs a request is for. Only their host names are served (TH-HTTP-6): a
 * request for another was meant for somebody else, or wants to be mistaken. Behind a trusted proxy
 * its {@code X-Forwarded-Host} counts too. Immutable, safe for concurrent use.
 */
final class HostNames {
  private final Map<String, PublicUrl> byAuthority = new LinkedHashMap<>();
  private final ClientAddress clientAddress;

  HostNames(List<PublicUrl> publicUrls, ClientAddress clientAddress) {
    this.clientAddress = clientAddress;
    for (PublicUrl url : publicUrls) {
      String authority = url.authority();
      boolean port = authority.lastIndexOf(':') > authority.lastIndexOf(']');
      byAuthority.put(authority, url);
      byAuthority.put(port ? authority : authority + (url.https() ? ":443" : ":80"), url);
    }
  }

  /**
   * The public URL that the request names; empty where it names none, or where the trusted proxy
   * names another than the request itself does.
   */
  Optional<PublicUrl> of(ClientRequest request) {
    String authority = request.authority();
    if (authority == null) {
      return Optional.empty();
    }
    PublicUrl direct = named(authority);
    PublicUrl forwarded =
        clientAddress.trustsPeer(request) ? named(request.header("X-Forwarded-Host")) : null;
    if (direct != null && forwarded != null && !direct.equals(forwarded)) {
      return Optional.empty();
    }
    return Optional.ofNullable(direct != null ? direct : forwarded);
  }

  private PublicUrl named(String authority) {
    if (authority == null) {
      return null;
    }
    PublicUrl exact = byAuthority.get(authority);
    return exact != null ? exact : byAuthority.get(authority.toLowerCase(Locale.ROOT));
  }
}
