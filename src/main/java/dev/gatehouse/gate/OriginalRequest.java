package dev.gatehouse.gate;

import dev.gatehouse.config.GatehouseConfig.ForwardAuth.Source;
import dev.gatehouse.config.PublicUrl;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The request that a trusted proxy has received and asks about: method and target are what its
 * fields say, all else is what came with the question, which is a copy. Where the fields can be
 * read in two ways there is no such request. Used by one thread at a time, like any request.
 */
final class OriginalRequest implements ClientRequest {
  /** Fields by which somebody else than the proxy that asks might name a method or target. */
  static final List<String> OVERRIDES =
      List.of(
          "X-HTTP-Method",
          "X-HTTP-Method-Override",
          "X-Method-Override",
          "X-Rewrite-URL",
          "X-Forwarded-Path");

  private static final String ORIGINAL_URI = "X-Original-URI";
  private static final String ORIGINAL_URL = "X-Original-URL";
  private static final String ORIGINAL_METHOD = "X-Original-Method";
  private static final String FORWARDED_URI = "X-Forwarded-Uri";
  private static final String FORWARDED_METHOD = "X-Forwarded-Method";
  private static final String FORWARDED_HOST = "X-Forwarded-Host";
  private static final String FORWARDED_PROTO = "X-Forwarded-Proto";

  private static final List<String> ORIGINAL = List.of(ORIGINAL_URI, ORIGINAL_URL, ORIGINAL_METHOD);
  private static final List<String> FORWARDED = List.of(FORWARDED_URI, FORWARDED_METHOD);

  /** The question has no body, whatever its copied fields say; they speak of another one. */
  private static final Set<String> OF_THE_BODY =
      caseless(List.of("Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding"));

  private static final Set<String> OF_THE_QUESTION =
      caseless(
          List.of(ORIGINAL_URI, ORIGINAL_URL, ORIGINAL_METHOD, FORWARDED_URI, FORWARDED_METHOD));

  private static final String METHOD_MARKS = "!#$%&'*+-.^_`|~";

  private final ClientRequest question;
  private final PublicUrl publicUrl;
  private final String method;
  private final String rawPath;
  private final String rawQuery;

  private OriginalRequest(
      ClientRequest question, PublicUrl publicUrl, String method, String target) {
    this.question = question;
    this.publicUrl = publicUrl;
    this.method = method;
    int mark = target.indexOf('?');
    this.rawPath = mark < 0 ? target : target.substring(0, mark);
    this.rawQuery = mark < 0 ? null : target.substring(mark + 1);
  }

  /** What a question is about. */
  sealed interface Reading {
    /** It is about one request. */
    record Clear(OriginalRequest request) implements Reading {}

    /**
     * It can be read in two ways or in none.
     *
     * @param reason one fixed word for the audit log
     */
    record Unclear(String reason) implements Reading {}
  }

  /**
   * Reads the request that {@code question} is about; the peer has been found to be trusted.
   *
   * @param endpoint the path of the question, with the base path
   */
  static Reading read(ClientRequest question, Source source, PublicUrl publicUrl, String endpoint) {
    if (several(question, FORWARDED_HOST)
        || several(question, FORWARDED_PROTO)
        || foreignScheme(question.header(FORWARDED_PROTO), publicUrl)) {
      return new Reading.Unclear("forward-auth-origin");
    }
    if (OVERRIDES.stream().anyMatch(name -> present(question, name))) {
      return new Reading.Unclear("forward-auth-override");
    }
    boolean original = ORIGINAL.stream().anyMatch(name -> present(question, name));
    boolean forwarded = FORWARDED.stream().anyMatch(name -> present(question, name));
    if (original && source != Source.X_ORIGINAL || forwarded && source != Source.X_FORWARDED) {
      return new Reading.Unclear("forward-auth-mixed");
    }
    return switch (source) {
      case X_ORIGINAL -> original(question, publicUrl);
      case X_FORWARDED ->
          request(
              question,
              publicUrl,
              only(question, FORWARDED_METHOD),
              only(question, FORWARDED_URI).flatMap(uri -> target(uri, publicUrl)));
      case PATH -> behind(question, publicUrl, endpoint);
    };
  }

  private static Reading original(ClientRequest question, PublicUrl publicUrl) {
    Optional<String> uri = only(question, ORIGINAL_URI).flatMap(value -> target(value, publicUrl));
    Optional<String> url = only(question, ORIGINAL_URL).flatMap(value -> target(value, publicUrl));
    boolean both = present(question, ORIGINAL_URI) && present(question, ORIGINAL_URL);
    if (both && !uri.equals(url)) {
      return new Reading.Unclear("forward-auth-mixed");
    }
    return request(question, publicUrl, only(question, ORIGINAL_METHOD), uri.or(() -> url));
  }

  /** Envoy asks with the client's own method and puts the endpoint before the client's target. */
  private static Reading behind(ClientRequest question, PublicUrl publicUrl, String endpoint) {
    String path = question.rawPath();
    Optional<String> target =
        path.startsWith(endpoint + "/")
            ? Optional.of(path.substring(endpoint.length()))
            : Optional.empty();
    String query = question.rawQuery() == null ? "" : "?" + question.rawQuery();
    return request(
        question, publicUrl, Optional.of(question.method()), target.map(at -> at + query));
  }

  private static Reading request(
      ClientRequest question,
      PublicUrl publicUrl,
      Optional<String> method,
      Optional<String> target) {
    if (method.filter(OriginalRequest::isToken).isEmpty()) {
      // A method that is not told would be a guess, and rules differ by it.
      return new Reading.Unclear("forward-auth-method");
    }
    return target
        .filter(OriginalRequest::isTarget)
        .<Reading>map(
            at -> new Reading.Clear(new OriginalRequest(question, publicUrl, method.get(), at)))
        .orElseGet(() -> new Reading.Unclear("forward-auth-target"));
  }

  /**
   * The path and query of an origin-form or, as some write it, of an absolute URL, which then has
   * to be one of ours.
   */
  private static Optional<String> target(String value, PublicUrl publicUrl) {
    if (value.startsWith("/")) {
      return Optional.of(value);
    }
    String origin = publicUrl.origin();
    boolean ours =
        value.regionMatches(true, 0, origin, 0, origin.length())
            && value.startsWith("/", origin.length());
    return ours ? Optional.of(value.substring(origin.length())) : Optional.empty();
  }

  /** What can stand in a request line, of which the proxy has received one. */
  private static boolean isTarget(String target) {
    return target.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '#');
  }

  private static boolean isToken(String method) {
    return !method.isEmpty()
        && method
            .chars()
            .allMatch(
                c ->
                    c >= 'A' && c <= 'Z'
                        || c >= 'a' && c <= 'z'
                        || c >= '0' && c <= '9'
                        || METHOD_MARKS.indexOf(c) >= 0);
  }

  private static boolean foreignScheme(String proto, PublicUrl publicUrl) {
    return proto != null
        && !proto.equalsIgnoreCase(publicUrl.scheme())
        && !proto.equalsIgnoreCase(publicUrl.https() ? "wss" : "ws");
  }

  private static boolean present(ClientRequest question, String name) {
    return question.header(name) != null;
  }

  private static boolean several(ClientRequest question, String name) {
    return question.headers(name).size() > 1;
  }

  /**
   * The value of a field that is there once; a list is not taken apart, for a target may be one.
   */
  private static Optional<String> only(ClientRequest question, String name) {
    List<String> values = question.headers(name);
    return values.size() == 1 ? Optional.ofNullable(values.get(0)) : Optional.empty();
  }

  private static Set<String> caseless(List<String> names) {
    Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    set.addAll(names);
    return set;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String rawPath() {
    return rawPath;
  }

  @Override
  public String rawQuery() {
    return rawQuery;
  }

  /** The host by which the question was led here: it is the original one, or would be refused. */
  @Override
  public String authority() {
    return publicUrl.authority();
  }

  @Override
  public boolean secure() {
    return question.secure();
  }

  @Override
  public String peerAddress() {
    return question.peerAddress();
  }

  @Override
  public String header(String name) {
    return hidden(name) ? null : question.header(name);
  }

  @Override
  public List<String> headers(String name) {
    return hidden(name) ? List.of() : question.headers(name);
  }

  private static boolean hidden(String name) {
    return OF_THE_BODY.contains(name) || OF_THE_QUESTION.contains(name);
  }

  /** The proxy that asks keeps it. */
  @Override
  public boolean bodyIsElsewhere() {
    return true;
  }

  /** No container has mapped it: the one that maps it stands behind the proxy that asks. */
  @Override
  public Optional<String> mappedPath() {
    return Optional.empty();
  }

  /** Whether {@code other} is the query of this request, byte for byte. */
  boolean hasQuery(String other) {
    return Objects.equals(rawQuery, other);
  }
}
