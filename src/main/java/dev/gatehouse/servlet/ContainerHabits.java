package dev.gatehouse.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Set;

/**
 * How the container would have read a form, which differs where the specification leaves room. An
 * app must not notice that the filter has read the body in its place.
 */
record ContainerHabits(Charset formCharset, Set<String> formMethods) {
  /** Servlet 5.0 §3.1.1. */
  private static final Set<String> POST = Set.of("POST");

  /** What Jetty reads as forms. */
  private static final Set<String> JETTY_METHODS = Set.of("POST", "PUT");

  /** Those of the container that made {@code request}. */
  static ContainerHabits of(HttpServletRequest request) {
    String server = request.getServletContext().getServerInfo();
    String name = server == null ? "" : server.toLowerCase(Locale.ROOT);
    if (name.startsWith("jetty")) {
      return new ContainerHabits(UTF_8, JETTY_METHODS);
    }
    // Servlet 5.0 §3.12, and what Tomcat does.
    return new ContainerHabits(ISO_8859_1, POST);
  }

  /** What the app or the client has named, else the container's own. */
  Charset charset(HttpServletRequest request) {
    try {
      String named = request.getCharacterEncoding();
      return named == null ? formCharset : Charset.forName(named);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
      return formCharset;
    }
  }
}
