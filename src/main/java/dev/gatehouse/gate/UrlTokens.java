package dev.gatehouse.gate;

import dev.gatehouse.hygiene.PathTokens;
import dev.gatehouse.hygiene.TokenHit;
import java.util.List;
import java.util.function.Predicate;

/**
 * The tokens in one URL.
 *
 * @param query what the hits in the query count in; null where there is no query
 */
record UrlTokens(String query, List<TokenHit> inQuery, PathTokens inPath) {
  static final UrlTokens NONE = new UrlTokens(null, List.of(), new PathTokens("", List.of()));

  UrlTokens {
    inQuery = List.copyOf(inQuery);
  }

  boolean isEmpty() {
    return inQuery.isEmpty() && inPath.hits().isEmpty();
  }

  /** Those for which {@code condition} holds. */
  UrlTokens only(Predicate<TokenHit> condition) {
    return new UrlTokens(
        query,
        inQuery.stream().filter(condition).toList(),
        new PathTokens(inPath.text(), inPath.hits().stream().filter(condition).toList()));
  }

  /** How many, and no more: they are secrets. */
  @Override
  public String toString() {
    return "UrlTokens[" + inQuery.size() + ", " + inPath + "]";
  }
}
