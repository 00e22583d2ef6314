package dev.gatehouse.access;

import java.util.Comparator;
import java.util.List;

/**
 * Finds what belongs to a canonical path by the most specific pattern, in the language and with the
 * order of {@link AccessRules}. As a prefix is meant where things are told apart by path, {@code
 * /shop/**} holds for {@code /shop} too. Decides nothing about access. Immutable, safe for
 * concurrent use.
 *
 * @param <T> what is found
 */
public final class PathTable<T> {
  private final List<Entry<T>> entries;

  /**
   * One row of the table.
   *
   * @param pattern one that {@link AccessRules#problemWith} has nothing against
   */
  public record Row<T>(String pattern, T value) {}

  private record Entry<T>(PathPattern pattern, T value) {}

  /**
   * Compiles {@code rows}; of two with one pattern the first counts.
   *
   * @throws IllegalArgumentException for a pattern that {@link AccessRules#problemWith} objects to
   */
  public PathTable(List<Row<T>> rows, LetterCase letterCase) {
    this.entries =
        rows.stream()
            .map(row -> new Entry<>(PathPattern.of(row.pattern(), letterCase), row.value()))
            .sorted(Comparator.comparing(entry -> entry.pattern().specificity()))
            .toList();
  }

  /**
   * What the most specific pattern that {@code canonicalPath} fits stands for; null where none
   * fits. Allocates nothing.
   *
   * @param canonicalPath as {@code RequestPath} made it; {@code *} counts as the root
   */
  public T find(String canonicalPath) {
    String path = canonicalPath.equals("*") ? "/" : canonicalPath;
    for (int i = 0; i < entries.size(); i++) {
      Entry<T> entry = entries.get(i);
      if (entry.pattern().covers(path)) {
        return entry.value();
      }
    }
    return null;
  }

  /**
   * A path that fits {@code pattern} and no less specific one that is not deeper.
   *
   * @param depth how many segments {@code **} stands for
   */
  public static String sample(String pattern, int depth) {
    return PathPattern.of(pattern).sample("any.thing", depth);
  }
}
