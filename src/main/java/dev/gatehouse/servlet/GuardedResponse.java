package dev.gatehouse.servlet;

import dev.gatehouse.gate.AnswerPolicy;
import dev.gatehouse.gate.BodyWatch;
import dev.gatehouse.gate.TrailerFields;
import dev.gatehouse.identity.HeaderField;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The response that the app writes to: what it sets goes through the {@link AnswerPolicy}.
 *
 * <p>A response may be committed at any moment and by any thread, so the gateway's fields stand in
 * it from the start and again after {@code reset()}. The app does not see them: to an app that asks
 * whether it has set {@code Cache-Control} yet, the answer is still no.
 */
final class GuardedResponse extends HttpServletResponseWrapper {
  private static final Logger LOG = LoggerFactory.getLogger(GatehouseFilter.class);
  private static final String SET_COOKIE = "Set-Cookie";
  private static final String LOCATION = "Location";

  /** RFC 9110 §5.6.7. */
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private final AnswerPolicy policy;
  private final Page page;
  private ServletOutputStream watchedStream;
  private PrintWriter watchedWriter;
  private final AnswerEye eye;

  /** Names of defaults that the app has not replaced yet. */
  private final Set<String> standing = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  /** Sends the page that stands in for an answer that must not reach the browser. */
  @FunctionalInterface
  interface Page {
    void sendTo(HttpServletResponse response) throws IOException;
  }

  GuardedResponse(HttpServletResponse response, AnswerPolicy policy, Page page) {
    super(response);
    this.policy = policy;
    this.page = page;
    this.eye = new AnswerEye(this::watch);
    putOurs();
  }

  /**
   * Whether the app's answer ends here, with the page for a failed upstream (TH-LEAK-13). After the
   * first byte has gone a field has no effect any more.
   */
  private boolean refused(String name, String value) {
    if (isCommitted() || !policy.refuses(name, value)) {
      return false;
    }
    HttpServletResponse response = (HttpServletResponse) getResponse();
    setResponse(new RefusedResponse(response));
    watchedStream = null;
    watchedWriter = null;
    try {
      response.reset();
      page.sendTo(response);
      response.getOutputStream().close();
    } catch (IOException clientGone) {
      LOG.debug("The page in place of a refused answer was not sent", clientGone);
    }
    return true;
  }

  private void putOurs() {
    for (HeaderField field : policy.defaults()) {
      String name = field.name();
      if (!super.containsHeader(name)) {
        super.setHeader(name, field.value());
        standing.add(name);
      } else if (List.copyOf(super.getHeaders(name)).equals(List.of(field.value()))) {
        // The wrapper of an earlier dispatch has put it there.
        standing.add(name);
      }
    }
    policy.added().forEach(this::putAdded);
  }

  private void putAdded(HeaderField field) {
    if (!super.containsHeader(field.name())
        || !super.getHeaders(field.name()).contains(field.value())) {
      super.addHeader(field.name(), field.value());
    }
  }

  @Override
  public void setHeader(String name, String value) {
    if (name == null || value == null) {
      super.setHeader(name, value);
      putOurs();
      return;
    }
    if (refused(name, value)) {
      return;
    }
    String sent = policy.field(name, value);
    if (sent != null) {
      standing.remove(name);
      super.setHeader(name, sent);
      for (HeaderField field : policy.added()) {
        if (field.name().equalsIgnoreCase(name)) {
          putAdded(field);
        }
      }
    }
  }

  @Override
  public void addHeader(String name, String value) {
    if (name == null || value == null) {
      super.addHeader(name, value);
      return;
    }
    if (refused(name, value)) {
      return;
    }
    String sent = policy.field(name, value);
    if (sent == null) {
      return;
    }
    if (standing.remove(name)) {
      super.setHeader(name, sent);
    } else {
      super.addHeader(name, sent);
    }
  }

  /** What may not stand in the head of an answer may not come behind its body either. */
  @Override
  public void setTrailerFields(Supplier<Map<String, String>> supplier) {
    super.setTrailerFields(supplier == null ? null : () -> trailers(supplier.get()));
  }

  private Map<String, String> trailers(Map<String, String> fields) {
    if (fields == null) {
      return null;
    }
    Map<String, String> sent = new LinkedHashMap<>();
    fields.forEach(
        (name, value) -> {
          if (name != null && value != null && TrailerFields.reachesClient(policy, name, value)) {
            sent.put(name, value);
          }
        });
    return sent;
  }

  @Override
  public void setIntHeader(String name, int value) {
    setHeader(name, Integer.toString(value));
  }

  @Override
  public void addIntHeader(String name, int value) {
    addHeader(name, Integer.toString(value));
  }

  @Override
  public void setDateHeader(String name, long date) {
    setHeader(name, HTTP_DATE.format(Instant.ofEpochMilli(date)));
  }

  @Override
  public void addDateHeader(String name, long date) {
    addHeader(name, HTTP_DATE.format(Instant.ofEpochMilli(date)));
  }

  @Override
  public void addCookie(Cookie cookie) {
    if (cookie == null || policy.field(SET_COOKIE, cookie.getName() + "=") != null) {
      super.addCookie(cookie);
    }
  }

  @Override
  public void sendRedirect(String location) throws IOException {
    if (location == null) {
      super.sendRedirect(null);
    } else if (!refused(LOCATION, location)) {
      String sent = policy.field(LOCATION, location);
      if (sent == null) {
        sendError(SC_BAD_GATEWAY);
      } else {
        super.sendRedirect(sent);
      }
    }
  }

  /** Servlet 6.1; the wrapper of such a container would send the app's own Location. */
  public void sendRedirect(String location, int status) throws IOException {
    sendRedirect(location, status, true);
  }

  /** Servlet 6.1. */
  public void sendRedirect(String location, boolean clearBuffer) throws IOException {
    sendRedirect(location, SC_FOUND, clearBuffer);
  }

  /** Servlet 6.1. */
  public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
    if (isCommitted()) {
      throw new IllegalStateException("the response has been committed");
    }
    if (refused(LOCATION, location)) {
      return;
    }
    if (clearBuffer) {
      resetBuffer();
    }
    setStatus(status);
    setHeader(LOCATION, location);
    flushBuffer();
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    if (!policy.watchesBodies()) {
      return super.getOutputStream();
    }
    if (watchedStream == null) {
      watchedStream = new WatchedOutput(super.getOutputStream(), eye);
    }
    return watchedStream;
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    if (!policy.watchesBodies()) {
      return super.getWriter();
    }
    if (watchedWriter == null) {
      watchedWriter = new PrintWriter(WatchedOutput.over(super.getWriter(), eye));
    }
    return watchedWriter;
  }

  /** The app has written all of its answer. */
  void written() {
    eye.end();
  }

  private Optional<BodyWatch> watch() {
    return policy.watch(getContentType(), super.getHeader("Content-Encoding"));
  }

  @Override
  public void reset() {
    super.reset();
    watchedStream = null;
    watchedWriter = null;
    standing.clear();
    putOurs();
  }

  @Override
  public boolean containsHeader(String name) {
    return isOurs(name) ? !getHeaders(name).isEmpty() : super.containsHeader(name);
  }

  @Override
  public String getHeader(String name) {
    return isOurs(name)
        ? getHeaders(name).stream().findFirst().orElse(null)
        : super.getHeader(name);
  }

  @Override
  public Collection<String> getHeaders(String name) {
    Collection<String> values = super.getHeaders(name);
    if (!isOurs(name)) {
      return values;
    }
    if (standing.contains(name)) {
      return List.of();
    }
    List<String> appValues = new ArrayList<>(values);
    for (HeaderField field : policy.added()) {
      if (field.name().equalsIgnoreCase(name)) {
        appValues.remove(field.value());
      }
    }
    return appValues;
  }

  @Override
  public Collection<String> getHeaderNames() {
    return super.getHeaderNames().stream().filter(name -> !getHeaders(name).isEmpty()).toList();
  }

  /** A session id has no place in a URL (TH-SES-4), whatever the container would write. */
  @Override
  public String encodeURL(String url) {
    return url;
  }

  /** A session id has no place in a URL (TH-SES-4), whatever the container would write. */
  @Override
  public String encodeRedirectURL(String url) {
    return url;
  }

  private boolean isOurs(String name) {
    return name != null
        && (standing.contains(name)
            || policy.added().stream().anyMatch(field -> field.name().equalsIgnoreCase(name)));
  }
}
