package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
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
  private static final String KEY = "Sec-WebSocket-Key";
  private static final String ACCEPT = "Sec-WebSocket-Accept";
  private static final String SUBPROTOCOL = "Sec-WebSocket-Protocol";

  /** RFC 6455 §1.3. */
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private WebSocketUpgrade() {}

  /** Whether a client asks for it. */
  static boolean asked(Request request) {
    return HttpMethod.GET.is(request.getMethod())
        && request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1
        && request.getLength() <= 0
        && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
        && named(request.getHeaders())
        && request.getHeaders().getValuesList(KEY).size() == 1;
  }

  /**
   * Whether the app granted what was asked for (RFC 6455 §4.1): it has read the key, and speaks one
   * of the subprotocols. Anything else that says 101 may be no WebSocket at all, and bytes that the
   * client chose would reach it as requests of its own.
   */
  static boolean granted(HttpFields asked, int status, HttpFields fields) {
    return status == HttpStatus.SWITCHING_PROTOCOLS_101
        && named(fields)
        && fields.getValuesList(ACCEPT).equals(List.of(accept(asked.get(KEY))))
        && asked.getCSV(SUBPROTOCOL, false).containsAll(fields.getCSV(SUBPROTOCOL, false));
  }

  private static String accept(String key) {
    try {
      byte[] text = (key.strip() + GUID).getBytes(ISO_8859_1);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
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
