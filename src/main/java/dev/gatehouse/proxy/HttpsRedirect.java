package dev.gatehouse.proxy;

import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.hygiene.TokenHit;
import dev.gatehouse.hygiene.TokenScanner;
import dev.gatehouse.hygiene.WatchedNames;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Sends whoever comes by plain HTTP to https, and does nothing else (TH-HTTP-15): no cookie, no
 * login, no body read. Where to comes from the configuration; the request names one of the public
 * URLs, or is answered 421 (TH-HTTP-6). A token in the query has been on the wire in the clear; it
 * is not repeated: {@code enforce} refuses the request, the other modes leave the token out. The
 * query of the gateway's own paths may hold a code, and stays behind.
 */
final class HttpsRedirect extends Handler.Abstract.NonBlocking {
  private static final String OWN_PATHS = "/gatehouse";

  private final Map<String, PublicUrl> byHost;
  private final GatehouseConfig.Limits limits;
  private final TokenScanner scanner;
  private final boolean refusesTokens;

  HttpsRedirect(GatehouseConfig config) {
    this.byHost =
        config.publicUrls().stream()
            .collect(Collectors.toUnmodifiableMap(PublicUrl::host, Function.identity()));
    this.limits = config.limits();
    GatehouseConfig.TokenHygiene hygiene = config.tokenHygiene();
    this.scanner =
        new TokenScanner(
            WatchedNames.with(hygiene.names()),
            hygiene.jwtValues() == GatehouseConfig.JwtValues.AS_TOKEN);
    this.refusesTokens = hygiene.mode() == HygieneMode.ENFORCE;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    HttpURI uri = request.getHttpURI();
    int refusal = refusal(request, uri);
    PublicUrl url = refusal == 0 ? named(request) : null;
    String query = refusal == 0 ? uri.getQuery() : null;
    List<TokenHit> tokens = query == null ? List.of() : scanner.find(query);
    if (refusal == 0 && url == null) {
      refusal = 421;
    } else if (refusal == 0 && refused(uri.getPath(), tokens)) {
      refusal = 400;
    }
    response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
    if (refusal != 0) {
      Response.writeError(request, response, callback, refusal);
      return true;
    }
    String rest = rest(uri.getPath(), query, tokens);
    HttpFields.Mutable fields = response.getHeaders();
    fields.put(HttpHeader.LOCATION, url.origin() + path(uri.getPath()) + rest);
    fields.put(HttpHeader.CACHE_CONTROL, "no-store");
    fields.put("Referrer-Policy", "no-referrer");
    fields.put(HttpHeader.CONTENT_LENGTH, 0);
    response.setStatus(308);
    response.write(true, null, callback);
    return true;
  }

  /** The status for what is no request to be sent on; 0 for none. */
  private int refusal(Request request, HttpURI uri) {
    String target = uri.getPathQuery();
    if (HttpMethod.CONNECT.is(request.getMethod()) || HttpMethod.TRACE.is(request.getMethod())) {
      return 405;
    }
    if (target == null
        || !uri.getPath().startsWith("/")
        || !target.chars().allMatch(c -> plain(c))) {
      return 400;
    }
    if (target.length() > limits.maxUrlBytes()) {
      return 414;
    }
    return request.getHeaders().size() > limits.maxHeaderFields() ? 431 : 0;
  }

  /** What may stand in a Location without meaning something else to somebody. */
  private static boolean plain(int c) {
    return c > ' ' && c < 0x7f && "\"<>\\^`{|}#".indexOf(c) < 0;
  }

  private PublicUrl named(Request request) {
    List<String> hosts = request.getHeaders().getValuesList(HttpHeader.HOST);
    if (hosts.size() != 1) {
      return null;
    }
    String host = hosts.get(0).toLowerCase(Locale.ROOT);
    int colon = host.lastIndexOf(':');
    return byHost.get(colon > host.lastIndexOf(']') ? host.substring(0, colon) : host);
  }

  /** A path cannot be mended; nor is a token in it repeated. */
  private boolean refused(String path, List<TokenHit> tokens) {
    return refusesTokens && !tokens.isEmpty() || !scanner.findInPath(path).hits().isEmpty();
  }

  /** Without the session id that old Java apps write into their links (TH-PATH-4). */
  private static String path(String path) {
    int parameters = path.indexOf(';', path.lastIndexOf('/'));
    return parameters < 0 ? path : path.substring(0, parameters);
  }

  private static String rest(String path, String query, List<TokenHit> tokens) {
    if (query == null || path.toLowerCase(Locale.ROOT).contains(OWN_PATHS)) {
      return "";
    }
    String rest = tokens.isEmpty() ? query : TokenScanner.without(query, tokens);
    return rest == null ? "" : "?" + rest;
  }
}
