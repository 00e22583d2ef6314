package dev.gatehouse.proxy;

import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.gate.SessionControl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * {@code POST /sessions/end} of the management listener (TH-SES-13). Health may be asked from
 * anywhere; this is for programs on this very machine, so what a browser or a proxy could have sent
 * is refused: another peer, another host name, another media type, an origin.
 */
final class SessionCommands {
  static final String PATH = "/sessions/end";

  /** An issuer, a subject and the braces around them. */
  static final int MAX_BYTES = 4 * 1024;

  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private static final List<String> SENT_BY_OTHERS =
      List.of("Origin", "Sec-Fetch-Site", "Forwarded", "X-Forwarded-For", "Via");

  private final SessionControl sessions;

  SessionCommands(SessionControl sessions) {
    this.sessions = sessions;
  }

  /** Whether the request comes from a program on this machine. */
  static boolean isLocal(Request request) {
    HttpFields fields = request.getHeaders();
    String host = fields.get(HttpHeader.HOST);
    return host != null
        && LOOPBACK_NAMES.contains(host.replaceFirst(":[0-9]{1,5}$", ""))
        && SENT_BY_OTHERS.stream().noneMatch(fields::contains)
        && request.getConnectionMetaData().getRemoteSocketAddress()
            instanceof InetSocketAddress peer
        && isLoopback(peer.getAddress());
  }

  private static boolean isLoopback(InetAddress address) {
    return address != null && address.isLoopbackAddress();
  }

  /** Whether it says that it sends JSON: no form of a page can, without asking first. */
  static boolean isJson(Request request) {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    return type != null && type.matches("(?i)application/json(?: *;.*)?");
  }

  /**
   * Does what the body says.
   *
   * @return what is wrong with it; empty where it is done
   */
  Optional<String> carryOut(byte[] body) {
    Optional<JsonObject> command = JsonObject.parse(body);
    if (command.isEmpty()) {
      return Optional.of("the body is no JSON object");
    }
    try {
      if (command.get().members().keySet().equals(Set.of("session"))) {
        sessions.endSession(text(command.get(), "session"));
      } else if (command.get().members().keySet().equals(Set.of("issuer", "subject"))) {
        sessions.endSubject(text(command.get(), "issuer"), text(command.get(), "subject"));
      } else {
        return Optional.of("write {\"session\": ...} or {\"issuer\": ..., \"subject\": ...}");
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static String text(JsonObject command, String name) {
    return command.text(name).orElse("");
  }
}
