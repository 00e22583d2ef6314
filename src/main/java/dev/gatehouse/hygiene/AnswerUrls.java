package dev.gatehouse.hygiene;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds tokens in the URLs of fields by which an app sends a browser somewhere: Location,
 * Content-Location, Refresh and Link (TH-LEAK-13), fragments included. In doubt it finds one too
 * many. Immutable, safe for concurrent use.
 *
 * <p>A value is cut at every character that may end a URL, a part of it or a parameter, wherever it
 * stands; a piece with a watched name before its first equals sign is a token. Then the same once
 * more in the decoded value, for URLs within URLs.
 */
public final class AnswerUrls {
  private static final String CUTS = "?&;#<>,\"'`\\^{}|()/";

  private final TokenScanner scanner;

  /** Looks for what {@code scanner} looks for. */
  public AnswerUrls(TokenScanner scanner) {
    this.scanner = Objects.requireNonNull(scanner, "scanner");
  }

  /** The tokens in a field value; empty, and nothing allocated, where there is none. */
  public List<BodyHit> find(String value) {
    if (value.indexOf('=') < 0 && value.indexOf('%') < 0 && value.indexOf("eyJ") < 0) {
      return List.of();
    }
    List<BodyHit> hits = pieces(value);
    if (!hits.isEmpty() || value.indexOf('%') < 0) {
      return hits;
    }
    String once = Escapes.decode(value, 0, value.length());
    List<BodyHit> inside = pieces(once);
    if (!inside.isEmpty() || once.indexOf('%') < 0) {
      return inside;
    }
    return pieces(Escapes.decode(once, 0, once.length())).stream()
        .map(hit -> new BodyHit(hit.name(), hit.value(), true))
        .toList();
  }

  private List<BodyHit> pieces(String value) {
    List<BodyHit> hits = List.of();
    int from = 0;
    while (from < value.length()) {
      int to = from;
      while (to < value.length() && !cuts(value.charAt(to))) {
        to++;
      }
      Optional<BodyHit> hit = piece(value, from, to);
      if (hit.isPresent()) {
        hits = hits.isEmpty() ? new ArrayList<>(2) : hits;
        hits.add(hit.get());
      }
      from = to + 1;
    }
    return hits;
  }

  private static boolean cuts(char c) {
    // Browsers drop tabs and line ends within a URL, so those cut nothing (URL Standard §4.4).
    return c == ' ' || CUTS.indexOf(c) >= 0;
  }

  private Optional<BodyHit> piece(String value, int from, int to) {
    int equals = value.indexOf('=', from);
    boolean named = equals >= 0 && equals < to;
    if (named) {
      Optional<WatchedNames.Match> match = scanner.names().match(value, from, equals);
      if (match.isPresent()) {
        String token = Escapes.decode(value, equals + 1, to);
        return Optional.of(new BodyHit(match.get().name(), token, match.get().secondDecoding()));
      }
    }
    return scanner.inValue(value.substring(named ? equals + 1 : from, to), List.of());
  }

  /**
   * {@code value} without the parameters that hold tokens.
   *
   * @return empty where a token cannot be taken out of a URL so that the rest still is one
   */
  public Optional<String> without(String value) {
    StringBuilder kept = new StringBuilder(value.length());
    int copied = 0;
    boolean parameters = false;
    int from = 0;
    while (from < value.length()) {
      char before = from == 0 ? ' ' : value.charAt(from - 1);
      parameters = before == '?' || before == '#' || parameters && before != '>';
      int end = parameterEnd(value, from);
      if (parameters && !pieces(value.substring(from, end)).isEmpty()) {
        kept.append(value, copied, from);
        copied = end;
        if (end < value.length() && isJoint(value.charAt(end))) {
          copied++;
        } else if (!kept.isEmpty() && isEdge(kept.charAt(kept.length() - 1))) {
          kept.setLength(kept.length() - 1);
        }
      }
      from = end + 1;
    }
    String clean = kept.append(value, copied, value.length()).toString();
    return find(clean).isEmpty() ? Optional.of(clean) : Optional.empty();
  }

  /**
   * As late as it may be: a bit of a token must not stay. An apostrophe may be part of a URL; it
   * ends one that began with it.
   */
  private static int parameterEnd(String value, int from) {
    int quote = value.indexOf('\'');
    String ends = quote >= 0 && quote < from ? " ?&#<>\"'" : " ?&#<>\"";
    int at = from;
    while (at < value.length() && ends.indexOf(value.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  private static boolean isJoint(char c) {
    return c == '&';
  }

  private static boolean isEdge(char c) {
    return c == '&' || c == '?' || c == '#';
  }
}
