package dev.gatehouse.proxy;

import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;

/**
 * The one upgrade that passes (TH-HTTP-11): the opening handshake of RFC 6455 §4. Any other ends at
 * this hop with the Upgrade field.
 */
final class WebSocketUpgrade {
  private static final String PROTOCOL = "websocket";

  private WebSocketUpgrade() {}

  /** Whether a client asks for it. */
  static boolean asked(Request request) {
    return HttpMethod.GET.is(request.getMethod())
        && request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1
        && request.getLength() <= 0
        && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
        && named(request.getHeaders());
  }

  /** Whether the app granted it. */
  static boolean granted(int status, HttpFields fields) {
    return status == HttpStatus.SWITCHING_PROTOCOLS_101 && named(fields);
  }

  /** Says it to the next hop. */
  static void put(HttpFields.Mutable fields) {
    fields.put(HttpHeader.UPGRADE, PROTOCOL);
    fields.put(HttpHeader.CONNECTION, "Upgrade");
  }

  private static boolean named(HttpFields fields) {
    List<String> protocols = fields.getCSV(HttpHeader.UPGRADE, false);
    return protocols.size() == 1
        && protocols.get(0).equalsIgnoreCase(PROTOCOL)
        && fields.getCSV(HttpHeader.CONNECTION, false).stream()
            .anyMatch(option -> option.equalsIgnoreCase("upgrade"));
  }
}
