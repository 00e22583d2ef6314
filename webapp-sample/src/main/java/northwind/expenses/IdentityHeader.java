package northwind.expenses;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The headers in which a web server in front of us names the user. {@code web.xml} says what they
 * are called; one that it does not name is not read.
 *
 * <p>Whoever reaches this application without that web server can write any name into them: only
 * the web server may reach the application's port.
 */
enum IdentityHeader {
  USER("user-header"),
  DISPLAY_NAME("name-header"),
  GROUPS("groups-header");

  private final String contextParameter;

  IdentityHeader(String contextParameter) {
    this.contextParameter = contextParameter;
  }

  /** The header's name in this installation; null when it is not to be read. */
  String fieldName(HttpServletRequest request) {
    String name = request.getServletContext().getInitParameter(contextParameter);
    return name == null || name.trim().isEmpty() ? null : name.trim();
  }

  /** The decoded value. */
  Optional<String> read(HttpServletRequest request) {
    return raw(request).map(IdentityHeader::decode);
  }

  /** The value as it came. */
  Optional<String> raw(HttpServletRequest request) {
    String name = fieldName(request);
    String value = name == null ? null : request.getHeader(name);
    return value == null || value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  /** Undoes percent-encoding of UTF-8; a value that is not encoded comes back as it is. */
  static String decode(String value) {
    try {
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return value;
    }
  }
}
