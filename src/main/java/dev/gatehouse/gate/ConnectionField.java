package dev.gatehouse.gate;

import dev.gatehouse.identity.InboundHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A client's {@code Connection} field may name hop-by-hop fields only: naming Cookie or an identity
 * field asks somebody on the way to drop it (RFC 9110 §7.6.1, TH-HTTP-2). Immutable, safe for
 * concurrent use.
 */
final class ConnectionField {
  private static final Set<String> FORBIDDEN =
      Set.of("cookie", "authorization", "host", "content-length", "forwarded");

  private final InboundHeaders inbound;

  ConnectionField(InboundHeaders inbound) {
    this.inbound = inbound;
  }

  boolean namesForbidden(ClientRequest request) {
    List<String> fields = request.headers("Connection");
    for (String field : fields) {
      if (harmless(field)) {
        continue;
      }
      for (String option : field.split(",")) {
        String name = option.strip().toLowerCase(Locale.ROOT);
        if (FORBIDDEN.contains(name) || (!name.isEmpty() && inbound.removes(name))) {
          return true;
        }
      }
    }
    return false;
  }

  /** What nearly every request says. */
  private static boolean harmless(String field) {
    return field.equalsIgnoreCase("keep-alive")
        || field.equalsIgnoreCase("close")
        || field.equalsIgnoreCase("Upgrade");
  }
}
