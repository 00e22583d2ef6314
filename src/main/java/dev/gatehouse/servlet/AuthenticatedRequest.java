package dev.gatehouse.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.gate.Forward;
import dev.gatehouse.identity.Identity;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.PushBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UnsupportedEncodingException;
import java.net.URLEncoder;
import java.security.Principal;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The request that the app sees. Every method by which an app can learn of the user says the same
 * (TH-HDR-5), and none says what the client made up.
 */
final class AuthenticatedRequest extends HttpServletRequestWrapper {
  /** The request attribute that holds the {@link Identity}. */
  static final String IDENTITY = "dev.gatehouse.identity";

  /** What {@code getAuthType} says of a user who signed in at the OP. */
  static final String AUTH_TYPE = "OIDC";

  /** Any user who has signed in (Servlet 5.0 §13.3). */
  private static final String ANY_AUTHENTICATED_USER = "**";

  /** Where a login starts, below the context path. */
  private static final String LOGIN = "/gatehouse/login";

  /** The end of the names of attributes that hold a query. */
  private static final String QUERY_ATTRIBUTE = ".query_string";

  private final Passage passage;
  private final HttpServletResponse response;
  private final AppHeaders headers;
  private BufferedReader reader;
  private boolean streaming;

  /** What {@link #getParameterMap} has said, in which encoding of the app's and over what. */
  private Map<String, String[]> parameters;

  private String parametersIn;
  private List<ServletRequest> parametersOver = List.of();

  /**
   * @param response what an app gets that goes asynchronous without naming a response
   */
  AuthenticatedRequest(HttpServletRequest request, HttpServletResponse response, Passage passage) {
    super(request);
    this.passage = passage;
    this.response = response;
    this.headers = new AppHeaders(passage.forward());
  }

  Passage passage() {
    return passage;
  }

  @Override
  public String getHeader(String name) {
    if (name == null) {
      return super.getHeader(null);
    }
    return resized(name) ? contentLength() : headers.first(inner(), name);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    if (name == null) {
      return super.getHeaders(null);
    }
    return Collections.enumeration(
        resized(name) ? List.of(contentLength()) : headers.all(inner(), name));
  }

  /** Whether {@code name} tells a length that is no longer true. */
  private boolean resized(String name) {
    return passage.body().map(AppBody::grown).orElse(0) != 0
        && name.equalsIgnoreCase("Content-Length")
        && super.getContentLengthLong() >= 0;
  }

  private String contentLength() {
    return Long.toString(getContentLengthLong());
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    return Collections.enumeration(headers.names(inner()));
  }

  @Override
  public int getIntHeader(String name) {
    String value = getHeader(name);
    return value == null ? -1 : Integer.parseInt(value);
  }

  @Override
  public long getDateHeader(String name) {
    if (name == null || !headers.concerns(name)) {
      return super.getDateHeader(name);
    }
    String value = getHeader(name);
    if (value == null) {
      return -1;
    }
    try {
      return ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
          .toInstant()
          .toEpochMilli();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(name + " holds no date", e);
    }
  }

  /** Jetty would not listen any more once its stream has been given away. */
  @Override
  public void setCharacterEncoding(String encoding) throws UnsupportedEncodingException {
    super.setCharacterEncoding(encoding);
    if (passage.body().isPresent() && reader == null) {
      passage.encoding(encoding);
    }
  }

  @Override
  public String getCharacterEncoding() {
    return passage.encoding() == null ? super.getCharacterEncoding() : passage.encoding();
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    if (passage.body().isEmpty()) {
      return super.getInputStream();
    }
    if (reader != null) {
      throw new IllegalStateException("getReader() has been called");
    }
    streaming = true;
    return passage.body().get().stream(this);
  }

  @Override
  public BufferedReader getReader() throws IOException {
    if (passage.body().isEmpty()) {
      return super.getReader();
    }
    if (streaming) {
      throw new IllegalStateException("getInputStream() has been called");
    }
    if (reader == null) {
      String named = getCharacterEncoding();
      String encoding = named == null ? ISO_8859_1.name() : named; // Servlet 5.0 §3.12
      reader =
          new BufferedReader(new InputStreamReader(passage.body().get().stream(this), encoding));
    }
    return reader;
  }

  @Override
  public String getParameter(String name) {
    String[] values = getParameterValues(name);
    return values == null ? null : values[0];
  }

  @Override
  public String[] getParameterValues(String name) {
    return showsOwnParameters() ? getParameterMap().get(name) : super.getParameterValues(name);
  }

  @Override
  public Enumeration<String> getParameterNames() {
    return showsOwnParameters()
        ? Collections.enumeration(getParameterMap().keySet())
        : super.getParameterNames();
  }

  @Override
  public Map<String, String[]> getParameterMap() {
    if (!showsOwnParameters()) {
      return super.getParameterMap();
    }
    // Once for each dispatch, as containers do: to make all of them anew whenever an app asks for
    // one costs the square of their number.
    List<ServletRequest> over = below();
    if (!over.equals(parametersOver) || !Objects.equals(parametersIn, passage.encoding())) {
      parametersOver = over;
      parametersIn = passage.encoding();
      parameters = ownParameters();
    }
    return parameters;
  }

  /** What this wraps at the moment: a dispatch may bring a query of its own (see AppHeaders). */
  private List<ServletRequest> below() {
    List<ServletRequest> below = new ArrayList<>(2);
    ServletRequest next = getRequest();
    below.add(next);
    while (next instanceof ServletRequestWrapper wrapper) {
      next = wrapper.getRequest();
      below.add(next);
    }
    return below;
  }

  private Map<String, String[]> ownParameters() {
    Map<String, List<String>> ofContainer = new LinkedHashMap<>();
    super.getParameterMap().forEach((name, values) -> ofContainer.put(name, List.of(values)));
    Map<String, List<String>> ofQuery = passage.query().parameters(ofContainer);
    Map<String, String[]> shown = new LinkedHashMap<>();
    passage
        .body()
        .map(body -> body.parameters(this, ofQuery))
        .orElse(ofQuery)
        .forEach((name, values) -> shown.put(name, values.toArray(String[]::new)));
    return Collections.unmodifiableMap(shown);
  }

  private boolean showsOwnParameters() {
    return passage.body().isPresent() || passage.query().isChanged();
  }

  @Override
  public int getContentLength() {
    long length = getContentLengthLong();
    return length > Integer.MAX_VALUE ? -1 : (int) length;
  }

  @Override
  public long getContentLengthLong() {
    long announced = super.getContentLengthLong();
    return announced < 0 ? announced : announced + passage.body().map(AppBody::grown).orElse(0);
  }

  @Override
  public Map<String, String> getTrailerFields() {
    return headers.trailers(super.getTrailerFields());
  }

  @Override
  public String getQueryString() {
    return passage.query().shown(super.getQueryString());
  }

  @Override
  public Cookie[] getCookies() {
    Cookie[] cookies = super.getCookies();
    if (cookies == null) {
      return null;
    }
    Cookie[] shown =
        Stream.of(cookies)
            .filter(cookie -> headers.showsCookie(cookie.getName()))
            .toArray(Cookie[]::new);
    return shown.length == 0 ? null : shown;
  }

  @Override
  public String getRemoteUser() {
    return passage.identity().map(Identity::userName).orElse(null);
  }

  @Override
  public Principal getUserPrincipal() {
    return passage
        .identity()
        .map(identity -> new User(identity.issuer(), identity.subject(), identity.userName()))
        .orElse(null);
  }

  @Override
  public boolean isUserInRole(String role) {
    Optional<Identity> identity = passage.identity();
    return role != null
        && identity.isPresent()
        && (role.equals(ANY_AUTHENTICATED_USER) || identity.get().roles().contains(role));
  }

  @Override
  public String getAuthType() {
    return passage.identity().isPresent() ? AUTH_TYPE : null;
  }

  /**
   * Whether the user has signed in. If not, a page that anybody may see sends the browser to sign
   * in and come back; all else gets 401, because only a navigation can sign in.
   */
  @Override
  public boolean authenticate(HttpServletResponse answer) throws IOException {
    if (passage.identity().isPresent()) {
      return true;
    }
    Forward forward = passage.forward();
    if (forward.rule().access() == Access.OPTIONAL && getMethod().equals("GET")) {
      String query = forward.cleanQuery() == null ? "" : "?" + forward.cleanQuery();
      String back = URLEncoder.encode(forward.path().forwarded() + query, UTF_8);
      answer.sendRedirect(getContextPath() + LOGIN + "?rd=" + back);
    } else {
      answer.sendError(HttpServletResponse.SC_UNAUTHORIZED);
    }
    return false;
  }

  /** None: the container's own would push with fields and a query that were taken away. */
  @Override
  public PushBuilder newPushBuilder() {
    return null;
  }

  /** Refused: passwords are the OP's business (TH-AUTHZ-15). */
  @Override
  public void login(String username, String password) throws ServletException {
    throw new ServletException("Users sign in at the OpenID provider: link to " + LOGIN);
  }

  /** For the rest of this request there is no user. The gateway's session ends at its logout. */
  @Override
  public void logout() {
    passage.logOut();
  }

  @Override
  public HttpSession getSession() {
    return getSession(true);
  }

  @Override
  public HttpSession getSession(boolean create) {
    HttpSession session = super.getSession(create);
    Optional<Identity> identity = passage.forward().identity();
    if (session == null || identity.isEmpty() || ContainerSession.claim(session, identity.get())) {
      return session;
    }
    return create ? getSession(true) : null;
  }

  @Override
  public Object getAttribute(String name) {
    if (IDENTITY.equals(name)) {
      return passage.identity().orElse(null);
    }
    if (name != null && Passage.hides(name)) {
      return null;
    }
    Object value = super.getAttribute(name);
    // The container keeps the query for whoever is dispatched to (Servlet 5.0 §9.4.2, §9.7.2).
    return name != null && name.endsWith(QUERY_ATTRIBUTE) && value instanceof String query
        ? passage.query().shown(query)
        : value;
  }

  @Override
  public Enumeration<String> getAttributeNames() {
    Set<String> names = new LinkedHashSet<>(Collections.list(super.getAttributeNames()));
    names.removeIf(name -> IDENTITY.equals(name) || getAttribute(name) == null);
    passage.identity().ifPresent(identity -> names.add(IDENTITY));
    return Collections.enumeration(names);
  }

  @Override
  public void setAttribute(String name, Object value) {
    if (mayWrite(name)) {
      super.setAttribute(name, value);
    }
  }

  @Override
  public void removeAttribute(String name) {
    if (mayWrite(name)) {
      super.removeAttribute(name);
    }
  }

  /** With this request and its response: the container's own would show what was removed. */
  @Override
  public AsyncContext startAsync() {
    return super.startAsync(this, response);
  }

  private static boolean mayWrite(String name) {
    return name == null || !(IDENTITY.equals(name) || Passage.hides(name));
  }

  private HttpServletRequest inner() {
    return (HttpServletRequest) getRequest();
  }
}
