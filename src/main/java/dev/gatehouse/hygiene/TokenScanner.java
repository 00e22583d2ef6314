package dev.gatehouse.hygiene;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds tokens in the parameters of a query or a form, and takes them out (TH-LEAK-7, TH-LEAK-9).
 * Linear; allocates nothing where there is none. Immutable, safe for concurrent use.
 *
 * <p>Parameters end at {@code &}, at {@code ;}, and at a {@code ?} that somebody has put behind a
 * query by mistake.
 */
public final class TokenScanner {
  /** In place of a name: the value has the form of a signed or encrypted JWT. */
  public static final String JWT_VALUE = "(jwt-shaped value)";

  /** In place of a name: the value is a secret of the very browser that sends it. */
  public static final String OWN_VALUE = "(session value)";

  private final WatchedNames names;
  private final boolean jwtValues;

  /**
   * A scanner for these names.
   *
   * @param jwtValues whether a value of the form of a JWT counts under any name
   */
  public TokenScanner(WatchedNames names, boolean jwtValues) {
    this.names = Objects.requireNonNull(names, "names");
    this.jwtValues = jwtValues;
  }

  /** The names that it looks for. */
  public WatchedNames names() {
    return names;
  }

  /**
   * The tokens in a query or form, in order; empty where there is none.
   *
   * @param parameters as they came, without a question mark in front; may be null
   */
  public List<TokenHit> find(String parameters) {
    return find(parameters, List.of());
  }

  /**
   * As the other, where the values in {@code own} count under any name: the browser's session.
   *
   * @param own secrets that the same request shows elsewhere
   */
  public List<TokenHit> find(String parameters, List<String> own) {
    return parameters == null ? List.of() : find(parameters, 0, parameters.length(), own);
  }

  /** As the other, in the characters from {@code begin} up to {@code end}. */
  List<TokenHit> find(String text, int begin, int end, List<String> own) {
    List<TokenHit> hits = List.of();
    int from = begin;
    while (from < end) {
      int to = parameterEnd(text, from, end);
      TokenHit hit = to == from ? null : hit(text, from, to, own);
      if (hit != null) {
        hits = hits.isEmpty() ? new ArrayList<>(2) : hits;
        hits.add(hit);
      }
      from = to + 1;
    }
    return hits;
  }

  /**
   * The tokens in a path.
   *
   * @param rawPath as it came, without a query; may be null
   */
  public PathTokens findInPath(String rawPath) {
    return rawPath == null ? PathTokens.NONE : findInPath(rawPath, 0, rawPath.length());
  }

  PathTokens findInPath(String text, int from, int to) {
    return PathTokens.find(text, from, to, names, jwtValues);
  }

  private TokenHit hit(String text, int from, int to, List<String> own) {
    int equals = from;
    while (equals < to && text.charAt(equals) != '=') {
      equals++;
    }
    int valueFrom = Math.min(equals + 1, to);
    Optional<WatchedNames.Match> match = names.match(text, from, equals);
    if (match.isPresent()) {
      WatchedNames.Match found = match.get();
      return new TokenHit(from, to, valueFrom, to, found.name(), found.secondDecoding());
    }
    // A parameter without a name is all value.
    int at = equals == to ? from : valueFrom;
    if (jwtValues && TokenValues.holdsJwt(text, at, to)) {
      return new TokenHit(from, to, at, to, JWT_VALUE, false);
    }
    return !own.isEmpty() && TokenValues.isOneOf(own, text, at, to)
        ? new TokenHit(from, to, at, to, OWN_VALUE, false)
        : null;
  }

  private static int parameterEnd(String text, int from, int end) {
    int at = from;
    while (at < end && !isSeparator(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /**
   * What a value is that stands alone, whatever its name; empty where it is no token.
   *
   * @param own secrets that the same request shows elsewhere
   */
  public Optional<BodyHit> inValue(String value, List<String> own) {
    if (jwtValues && TokenValues.holdsJwt(value, 0, value.length())) {
      return Optional.of(new BodyHit(JWT_VALUE, value, false));
    }
    return TokenValues.isOneOf(own, value, 0, value.length())
        ? Optional.of(new BodyHit(OWN_VALUE, value, false))
        : Optional.empty();
  }

  /** Whether a parameter ends at that character. */
  public static boolean isSeparator(char c) {
    return c == '&' || c == ';' || c == '?';
  }

  /**
   * {@code parameters} without those in {@code hits}, every other byte and the order as they were;
   * null where no parameter is left.
   *
   * @param hits what {@link #find} said of the same text
   */
  public static String without(String parameters, List<TokenHit> hits) {
    StringBuilder kept = new StringBuilder(parameters.length());
    int copied = 0;
    for (TokenHit hit : hits) {
      kept.append(parameters, copied, hit.from());
      copied = hit.to();
      boolean first = kept.isEmpty();
      boolean last = copied == parameters.length();
      if (first && !last) {
        copied++;
      } else if (!first && last) {
        kept.setLength(kept.length() - 1);
      } else if (!first) {
        // Of the two separators stays the one that more servers take for one.
        char before = kept.charAt(kept.length() - 1);
        kept.setCharAt(kept.length() - 1, stronger(before, parameters.charAt(copied)));
        copied++;
      }
    }
    kept.append(parameters, copied, parameters.length());
    return kept.isEmpty() ? null : kept.toString();
  }

  private static char stronger(char one, char other) {
    return one == '&' || other == '&' ? '&' : one == ';' || other == ';' ? ';' : '?';
  }
}
