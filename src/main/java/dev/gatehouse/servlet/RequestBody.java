package dev.gatehouse.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the body of a form that is sent to the gateway itself. */
final class RequestBody {
  private RequestBody() {}

  /**
   * The body, or empty where it is longer than {@code maxBytes}; then it is not read to its end.
   *
   * <p>Where an earlier filter or valve has asked for a parameter, the container has used the body
   * up (Servlet 5.0 §3.1.1); the form is then written anew from the parameters that did not come
   * from the query.
   */
  static Optional<byte[]> read(HttpServletRequest request, int maxBytes) throws IOException {
    if (request.getContentLengthLong() > maxBytes) {
      return Optional.empty();
    }
    byte[] body = stream(request).readNBytes(maxBytes + 1);
    if (body.length > maxBytes) {
      return Optional.empty();
    }
    if (body.length == 0 && isForm(request)) {
      byte[] form = parsedForm(request);
      return form.length > maxBytes ? Optional.empty() : Optional.of(form);
    }
    return Optional.of(body);
  }

  private static InputStream stream(HttpServletRequest request) throws IOException {
    try {
      return request.getInputStream();
    } catch (IllegalStateException readerIsInUse) {
      return InputStream.nullInputStream();
    }
  }

  private static boolean isForm(HttpServletRequest request) {
    String type = request.getContentType();
    String form = "application/x-www-form-urlencoded";
    return type != null && type.regionMatches(true, 0, form, 0, form.length());
  }

  private static byte[] parsedForm(HttpServletRequest request) {
    Map<String, Integer> inQuery = countNames(request.getQueryString());
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    request
        .getParameterMap()
        .forEach(
            (name, values) -> {
              // Containers put the values of the query before those of the body (§3.1).
              for (int i = inQuery.getOrDefault(name, 0); i < values.length; i++) {
                String pair = encode(name) + "=" + encode(values[i]);
                form.writeBytes(((form.size() == 0 ? "" : "&") + pair).getBytes(UTF_8));
              }
            });
    return form.toByteArray();
  }

  private static Map<String, Integer> countNames(String query) {
    Map<String, Integer> counts = new HashMap<>();
    for (String pair : query == null ? new String[0] : query.split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      counts.merge(decode(name), 1, Integer::sum);
    }
    return counts;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException badEscape) {
      return text;
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
