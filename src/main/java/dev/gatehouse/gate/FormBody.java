package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;
import java.util.Optional;

/** Forms that browsers send to the gateway itself ({@code application/x-www-form-urlencoded}). */
final class FormBody {
  /** A code, a state and a signed response find room in it. */
  static final int MAX_BYTES = 32 * 1024;

  private static final String MEDIA_TYPE = "application/x-www-form-urlencoded";

  private FormBody() {}

  /** Whether the request says that its body is such a form, once and with nothing else around. */
  static boolean announcedBy(ClientRequest request) {
    String type = request.header("Content-Type");
    return request.headers("Content-Type").size() == 1
        && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(MEDIA_TYPE);
  }

  /** The fields; empty where they are malformed. */
  static Optional<CallbackParameters> read(byte[] body) {
    return CallbackParameters.decode(new String(body, ISO_8859_1));
  }
}
