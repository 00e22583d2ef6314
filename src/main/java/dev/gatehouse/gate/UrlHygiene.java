package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.GatehouseConfig.JwtValues;
import dev.gatehouse.hygiene.Leak;
import dev.gatehouse.hygiene.PathTokens;
import dev.gatehouse.hygiene.RefererCleaner;
import dev.gatehouse.hygiene.TokenHit;
import dev.gatehouse.hygiene.TokenScanner;
import dev.gatehouse.hygiene.WatchedNames;
import dev.gatehouse.page.Page;
import dev.gatehouse.session.CookieJar;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What becomes of requests whose URL holds a token, before any rule has its say (threats.md §8). A
 * token found here is never a credential (TH-LEAK-1). Safe for concurrent use.
 */
final class UrlHygiene {
  /** Why such a request is refused. */
  static final String REASON = "token-in-url";

  private final HygieneMode everywhere;
  private final JwtValues values;
  private final TokenScanner scanner;
  private final RefererCleaner referers;
  private final LeakNotes notes;
  private final Answers answers;

  UrlHygiene(
      GatehouseConfig.TokenHygiene settings,
      TokenScanner scanner,
      RefererCleaner referers,
      LeakNotes notes,
      Answers answers) {
    this.everywhere = settings.mode();
    this.values = settings.jwtValues();
    this.scanner = scanner;
    this.referers = referers;
    this.notes = notes;
    this.answers = answers;
  }

  /** What the gate looks for in URLs. */
  static TokenScanner scanner(GatehouseConfig.TokenHygiene settings) {
    return new TokenScanner(
        WatchedNames.with(settings.names()), settings.jwtValues() != JwtValues.IGNORE);
  }

  /** What takes tokens out of Referer: only what counts as much as a watched name does. */
  static RefererCleaner referers(GatehouseConfig.TokenHygiene settings) {
    return new RefererCleaner(
        new TokenScanner(
            WatchedNames.with(settings.names()), settings.jwtValues() == JwtValues.AS_TOKEN));
  }

  /** The tokens in the URL of a request. Allocates nothing where there is none. */
  UrlTokens find(ClientRequest request, CookieJar cookies) {
    String query = request.rawQuery();
    List<TokenHit> inQuery =
        query == null
            ? List.of()
            : scanner.find(query, values == JwtValues.IGNORE ? List.of() : cookies.sessionChunks());
    PathTokens inPath = scanner.findInPath(request.rawPath());
    return inQuery.isEmpty() && inPath.hits().isEmpty()
        ? UrlTokens.NONE
        : new UrlTokens(query, inQuery, inPath);
  }

  /** Takes note of tokens that the page before had in its URL; they go no further. */
  void noteReferer(ClientRequest request, String route) {
    String referer = request.header("Referer");
    if (referer != null) {
      List<TokenHit> hits = referers.find(referer);
      if (!hits.isEmpty()) {
        notes.note(request, route, Leak.Place.REFERER, Leak.Outcome.STRIPPED, referer, hits);
      }
    }
  }

  /**
   * Counts an app's session id in the URL (TH-PATH-4): whoever gets hold of the URL, of a bookmark
   * or a Referer, has the app's session.
   */
  void noteSessionId(ClientRequest request, RequestPath path, AccessRule rule) {
    if (!path.sessionIdInUrl()) {
      return;
    }
    String raw = request.rawPath();
    int name = raw.lastIndexOf(';') + 1;
    // In a servlet container the id is the container's, which nobody takes off.
    boolean stays = rule.handling().forwardPathParameters() || request.mappedPath().isPresent();
    TokenHit hit =
        new TokenHit(
            name, raw.length(), raw.indexOf('=', name) + 1, raw.length(), Leak.SESSION_ID, false);
    notes.note(
        request,
        rule.pattern(),
        Leak.Place.PATH,
        stays ? Leak.Outcome.REPORTED : Leak.Outcome.STRIPPED,
        raw,
        List.of(hit));
  }

  /** As {@link #judge}, for a path that no rule can hold for: no token passes, and nothing else. */
  Decision refuse(ClientRequest request, UrlTokens tokens) {
    return refuse(request, Leak.NO_ROUTE, tokens);
  }

  /** A token where only codes may come is never let pass, in no mode (TH-CB-11). */
  Decision atCallback(
      ClientRequest request, UrlTokens tokens, Function<ClientRequest, Decision> next) {
    // A signed response (JARM) is a JWT, so only names count.
    UrlTokens named = tokens.only(hit -> !isByValue(hit));
    if (named.isEmpty()) {
      return next.apply(request);
    }
    note(request, Leak.NO_ROUTE, Leak.Outcome.REFUSED, named);
    return answers.refuse(request, 400, Page.Kind.LOGIN_INCOMPLETE, REASON).action("/").answer();
  }

  /** What happens at the gateway's own paths, where no rule holds. */
  Decision atOwnPath(
      ClientRequest request,
      RequestPath path,
      UrlTokens tokens,
      Function<ClientRequest, Decision> next) {
    return judge(request, path, Leak.NO_ROUTE, everywhere, tokens, next);
  }

  /**
   * What happens with a token in the URL.
   *
   * @param next what happens without it
   */
  Decision judge(
      ClientRequest request,
      RequestPath path,
      AccessRule rule,
      UrlTokens tokens,
      Function<ClientRequest, Decision> next) {
    HygieneMode mode = rule.handling().tokenHygiene().orElse(everywhere);
    return judge(request, path, rule.pattern(), mode, tokens, next);
  }

  private Decision judge(
      ClientRequest request,
      RequestPath path,
      String route,
      HygieneMode mode,
      UrlTokens tokens,
      Function<ClientRequest, Decision> next) {
    UrlTokens counting = tokens.only(hit -> values == JwtValues.AS_TOKEN || !isByValue(hit));
    if (mode == HygieneMode.REPORT || counting.isEmpty()) {
      return report(request, route, tokens, counting, next);
    }
    // RFC 6750 §2: a token by two methods is a malformed request. A path cannot be mended.
    boolean refused =
        mode == HygieneMode.ENFORCE
            || !counting.inPath().hits().isEmpty()
            || Forwarding.bearsToken(request);
    return refused
        ? refuse(request, route, tokens)
        : strip(request, path, route, tokens, counting, next);
  }

  private Decision refuse(ClientRequest request, String route, UrlTokens tokens) {
    note(request, route, Leak.Outcome.REFUSED, tokens);
    return answers.misplacedToken(request, REASON);
  }

  private Decision strip(
      ClientRequest request,
      RequestPath path,
      String route,
      UrlTokens tokens,
      UrlTokens counting,
      Function<ClientRequest, Decision> next) {
    String rest = TokenScanner.without(counting.query(), counting.inQuery());
    if (!Navigation.topLevel(request)) {
      note(request, route, Leak.Outcome.STRIPPED, counting);
      note(request, route, Leak.Outcome.REPORTED, tokens.only(hit -> isLight(hit)));
      return next.apply(new OtherQuery(request, rest));
    }
    String location = rest == null ? path.forwarded() : path.forwarded() + '?' + rest;
    if (!isLocalReference(location)) {
      return refuse(request, route, tokens);
    }
    note(request, route, Leak.Outcome.STRIPPED, counting);
    return answers.redirect(303, location + "#", List.of(), "token-stripped");
  }

  /** Nothing that a browser could take for another host, nor for two lines. */
  private static boolean isLocalReference(String location) {
    return location.startsWith("/")
        && !location.startsWith("//")
        && location.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\' && c != '#');
  }

  private Decision report(
      ClientRequest request,
      String route,
      UrlTokens tokens,
      UrlTokens counting,
      Function<ClientRequest, Decision> next) {
    note(request, route, Leak.Outcome.REPORTED, tokens);
    // The gateway itself works without the token: what it saves for after a login is clean.
    ClientRequest clean =
        counting.inQuery().isEmpty()
            ? request
            : new OtherQuery(request, TokenScanner.without(counting.query(), counting.inQuery()));
    return next.apply(clean).onward(forward -> new LeakyForward(forward, request.rawQuery()));
  }

  private void note(ClientRequest request, String route, Leak.Outcome outcome, UrlTokens tokens) {
    notes.note(request, route, Leak.Place.QUERY, outcome, tokens.query(), tokens.inQuery());
    notes.note(
        request, route, Leak.Place.PATH, outcome, tokens.inPath().text(), tokens.inPath().hits());
  }

  private boolean isLight(TokenHit hit) {
    return isByValue(hit) && values != JwtValues.AS_TOKEN;
  }

  private static boolean isByValue(TokenHit hit) {
    return hit.name().equals(TokenScanner.JWT_VALUE) || hit.name().equals(TokenScanner.OWN_VALUE);
  }

  /**
   * A path and query of ours that somebody asked to come back to, without the tokens in its query
   * (TH-LEAK-15).
   */
  UnaryOperator<String> targets() {
    return target -> {
      int mark = target.indexOf('?');
      if (mark < 0) {
        return target;
      }
      String query = target.substring(mark + 1);
      List<TokenHit> hits = scanner.find(query).stream().filter(hit -> !isLight(hit)).toList();
      if (hits.isEmpty()) {
        return target;
      }
      String rest = TokenScanner.without(query, hits);
      return rest == null ? target.substring(0, mark) : target.substring(0, mark + 1) + rest;
    };
  }
}
