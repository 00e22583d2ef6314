package dev.gatehouse.proxy;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;

/**
 * The fields that end at the next hop, in either direction (RFC 9110 §7.6.1): the known ones and
 * those that Connection names. Immutable.
 */
final class HopByHop {
  private static final EnumSet<HttpHeader> KNOWN =
      EnumSet.of(
          HttpHeader.CONNECTION,
          HttpHeader.KEEP_ALIVE,
          HttpHeader.PROXY_AUTHENTICATE,
          HttpHeader.PROXY_AUTHORIZATION,
          HttpHeader.PROXY_CONNECTION,
          HttpHeader.TE,
          HttpHeader.TRAILER,
          HttpHeader.TRANSFER_ENCODING,
          HttpHeader.UPGRADE);

  private static final HopByHop USUAL = new HopByHop(Set.of());

  private final Set<String> named;

  private HopByHop(Set<String> named) {
    this.named = named;
  }

  /** Reads the Connection fields of a message. */
  static HopByHop of(HttpFields fields) {
    if (!namesAny(fields)) {
      return USUAL;
    }
    List<String> options = fields.getCSV(HttpHeader.CONNECTION, false);
    Set<String> named = new HashSet<>();
    for (String option : options) {
      named.add(option.toLowerCase(Locale.ROOT));
    }
    return new HopByHop(named);
  }

  /** What nearly every message has to say is that its connection is kept, or closed. */
  private static boolean namesAny(HttpFields fields) {
    for (HttpField field : fields) {
      if (field.getHeader() == HttpHeader.CONNECTION
          && !HttpHeaderValue.KEEP_ALIVE.is(field.getValue())
          && !HttpHeaderValue.CLOSE.is(field.getValue())) {
        return true;
      }
    }
    return false;
  }

  /** Whether {@code field} ends here. */
  boolean includes(HttpField field) {
    HttpHeader known = field.getHeader();
    return known != null && KNOWN.contains(known)
        || !named.isEmpty() && named.contains(field.getLowerCaseName());
  }
}
