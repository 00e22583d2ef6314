package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatehouse.hygiene.BodyType;
import dev.gatehouse.hygiene.MultipartScanner;
import dev.gatehouse.hygiene.TokenHit;
import dev.gatehouse.hygiene.TokenScanner;
import dev.gatehouse.hygiene.WatchedNames;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Frameworks take {@code _method=DELETE} in a query or form for the method, so that browsers can
 * send others than GET and POST. A rule for DELETE must hold for such a request too (TH-HTTP-9): it
 * is judged as what it is and as what it asks for. The fields that do the same ({@code
 * X-HTTP-Method-Override} and its like) never reach the app.
 *
 * <p>Of a form the beginning is read. One that is longer counts as if it asked for every method;
 * but not a multipart one, whose files make it long: what it says behind the beginning is not seen.
 */
final class MethodOverride {
  private static final TokenScanner PARAMETERS =
      new TokenScanner(WatchedNames.only(List.of("_method")), false);

  /** No honest request asks for more, and each costs a search for its rule. */
  static final int MOST = 8;

  /** What cannot be read could ask for anything: no rule names it, so the strictest holds. */
  private static final String UNREAD = "(UNREAD)";

  /** What a request may want to be, to see whether that makes a difference. */
  static final List<String> WISHES = List.of("GET", "POST", "PUT", "PATCH", "DELETE", UNREAD);

  private static final Set<String> SAFE = Set.of("GET", "HEAD");

  private MethodOverride() {}

  /**
   * The methods that a request asks its app to take in place of its own; empty in most.
   *
   * @param parameters a query or a form as it came; may be null
   */
  static Set<String> in(String parameters) {
    List<TokenHit> hits = PARAMETERS.find(parameters);
    if (hits.isEmpty()) {
      return Set.of();
    }
    Set<String> methods = new LinkedHashSet<>();
    for (TokenHit hit : hits) {
      add(hit.value(parameters).replace('+', ' '), methods);
    }
    return methods;
  }

  /** Those in {@code parameters} beside {@code others}. */
  static Set<String> also(Set<String> others, String parameters) {
    Set<String> methods = in(parameters);
    if (methods.isEmpty() || others.isEmpty()) {
      return methods.isEmpty() ? others : methods;
    }
    methods.addAll(others);
    return methods;
  }

  /** Those in the beginning of a form. */
  static Set<String> in(BodyStart start, BodyType type) {
    Set<String> methods = new LinkedHashSet<>();
    // What the app may read otherwise than it is read here.
    boolean unread = type.doubt().isPresent();
    if (start.fields().isPresent()) {
      for (BodyStart.Field field : start.fields().get()) {
        if (PARAMETERS.names().match(field.name(), 0, field.name().length()).isPresent()) {
          add(field.value().get(), methods);
        }
      }
    } else if (type.kind() == BodyType.Kind.FORM) {
      methods.addAll(in(new String(start.bytes(), ISO_8859_1)));
      if (!start.whole()) {
        methods.add(UNREAD);
      }
    } else {
      MultipartScanner parts =
          new MultipartScanner(type, PARAMETERS, List.of(), hit -> add(hit.value(), methods));
      parts.scan(ByteBuffer.wrap(start.bytes()));
      parts.end();
      unread |= parts.doubt().isPresent();
    }
    if (unread && start.bytes().length > 0) {
      methods.add(UNREAD);
    }
    return methods;
  }

  private static void add(String value, Set<String> methods) {
    String method = value.strip().toUpperCase(Locale.ROOT);
    if (!method.isEmpty()) {
      methods.add(method);
    }
  }

  /**
   * The request as it looks to whoever asks whether it could change something: a GET that wants to
   * be a DELETE could.
   */
  static ClientRequest seen(ClientRequest request, Set<String> methods) {
    return SAFE.contains(request.method()) && !SAFE.containsAll(methods)
        ? new Unsafe(request, first(methods))
        : request;
  }

  private static String first(Set<String> methods) {
    return methods.stream().filter(method -> !SAFE.contains(method)).findFirst().orElseThrow();
  }

  /** A request that changes something in disguise. */
  private record Unsafe(ClientRequest request, String method) implements AlteredRequest {}
}
