package dev.gatehouse.servlet;

import dev.gatehouse.gate.AnswerPolicy;
import dev.gatehouse.identity.HeaderField;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The response that the app writes to: what it sets goes through the {@link AnswerPolicy}.
 *
 * <p>A response may be committed at any moment and by any thread, so the gateway's fields stand in
 * it from the start and again after {@code reset()}. The app does not see them: to an app that asks
 * whether it has set {@code Cache-Control} yet, the answer is still no.
 */
final class GuardedResponse extends HttpServletResponseWrapper {
  private static final String SET_COOKIE = "Set-Cookie";

  /** RFC 9110 §5.6.7. */
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private final AnswerPolicy policy;

  /** Names of defaults that the app has not replaced yet. */
  private final Set<String> standing = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  GuardedResponse(HttpServletResponse response, AnswerPolicy policy) {
    super(response);
    this.policy = policy;
    putOurs();
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
    String sent = location == null ? null : policy.field("Location", location);
    if (location != null && sent == null) {
      sendError(SC_BAD_GATEWAY);
    } else {
      super.sendRedirect(sent);
    }
  }

  @Override
  public void reset() {
    super.reset();
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
