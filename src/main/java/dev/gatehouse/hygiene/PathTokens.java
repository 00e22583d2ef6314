package dev.gatehouse.hygiene;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tokens in a path (TH-LEAK-8): in path parameters, and in a segment or behind a question mark
 * that was encoded by mistake. Holds the path; never to be printed.
 *
 * @param text what the hits count in
 * @param hits where they stand; empty where there is none
 */
public record PathTokens(String text, List<TokenHit> hits) {
  static final PathTokens NONE = new PathTokens("", List.of());

  public PathTokens {
    hits = List.copyOf(hits);
  }

  /** How many, and no more. */
  @Override
  public String toString() {
    return "PathTokens[" + hits.size() + "]";
  }

  /**
   * The tokens in a path as it came. Linear; allocates nothing where no equals sign and no JWT
   * stands in it.
   */
  static PathTokens find(String path, int begin, int end, WatchedNames names, boolean jwtValues) {
    if (isHarmless(path, begin, end, jwtValues)) {
      return NONE;
    }
    String text = Escapes.decode(path, begin, end);
    List<TokenHit> hits = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to = partEnd(text, from);
      TokenHit hit = hit(text, from, to, names, jwtValues);
      if (hit != null) {
        hits.add(hit);
      }
      from = to + 1;
    }
    return hits.isEmpty() ? NONE : new PathTokens(text, hits);
  }

  private static boolean isHarmless(String path, int from, int to, boolean jwtValues) {
    for (int i = from; i < to; i++) {
      char c = path.charAt(i);
      if (c == '=' || c == '%') {
        return false;
      }
    }
    return !jwtValues || TokenValues.jwtIn(path, from, to) < 0;
  }

  private static TokenHit hit(
      String text, int from, int to, WatchedNames names, boolean jwtValues) {
    int equals = Escapes.indexOf(text, '=', from, to);
    boolean named = equals >= 0;
    Optional<WatchedNames.Match> match = named ? names.match(text, from, equals) : Optional.empty();
    if (match.isPresent()) {
      return new TokenHit(
          from, to, equals + 1, to, match.get().name(), match.get().secondDecoding());
    }
    int valueFrom = named ? equals + 1 : from;
    return jwtValues && TokenValues.holdsJwt(text, valueFrom, to)
        ? new TokenHit(from, to, valueFrom, to, TokenScanner.JWT_VALUE, false)
        : null;
  }

  private static int partEnd(String text, int from) {
    int at = from;
    while (at < text.length() && "/;&?".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return at;
  }
}
