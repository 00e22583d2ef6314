package dev.gatehouse.gate;

import dev.gatehouse.hygiene.TokenHit;
import dev.gatehouse.hygiene.TokenScanner;
import dev.gatehouse.hygiene.WatchedNames;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Frameworks take {@code _method=DELETE} in a query or form for the method, so that browsers can
 * send others than GET and POST. A rule for DELETE must hold for such a request too (TH-HTTP-9): it
 * is judged as what it is and as what it asks for. The fields that do the same ({@code
 * X-HTTP-Method-Override} and its like) never reach the app.
 */
final class MethodOverride {
  private static final TokenScanner PARAMETERS =
      new TokenScanner(WatchedNames.only(List.of("_method")), false);

  /** No honest request asks for more, and each costs a search for its rule. */
  static final int MOST = 8;

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
      String value = hit.value(parameters).replace('+', ' ');
      String method = value.strip().toUpperCase(Locale.ROOT);
      if (!method.isEmpty()) {
        methods.add(method);
      }
    }
    return methods;
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
  private record Unsafe(ClientRequest request, String method) implements ClientRequest {
    @Override
    public String rawPath() {
      return request.rawPath();
    }

    @Override
    public String rawQuery() {
      return request.rawQuery();
    }

    @Override
    public String authority() {
      return request.authority();
    }

    @Override
    public boolean secure() {
      return request.secure();
    }

    @Override
    public String peerAddress() {
      return request.peerAddress();
    }

    @Override
    public String header(String name) {
      return request.header(name);
    }

    @Override
    public List<String> headers(String name) {
      return request.headers(name);
    }

    @Override
    public Optional<String> mappedPath() {
      return request.mappedPath();
    }
  }
}
