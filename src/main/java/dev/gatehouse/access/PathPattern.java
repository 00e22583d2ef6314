package dev.gatehouse.access;

import java.util.List;
import java.util.Optional;

/** The pattern of one rule, taken apart: literal segments, {@code *}, and how it ends. */
final class PathPattern {
  static final String ANY = "*";

  /** How well a path fits, from best to worst. */
  enum Fit {
    /** As the pattern is written. */
    EXACT,
    /** But for a slash at the end, or dots and spaces at the end of segments. */
    TRIMMED,
    /** But for letter case or a suffix such as {@code .json} too. */
    LOOSE
  }

  private enum End {
    SEGMENT,
    SLASH,
    TREE
  }

  private final List<String> segments;
  private final End end;
  private final LetterCase letterCase;

  private PathPattern(List<String> segments, End end, LetterCase letterCase) {
    this.segments = List.copyOf(segments);
    this.end = end;
    this.letterCase = letterCase;
  }

  /** Reads a pattern that {@link #problemWith} has nothing against. */
  static PathPattern of(String pattern) {
    return of(pattern, LetterCase.EXACT);
  }

  /** The same, for an app that may not tell letter case apart. */
  static PathPattern of(String pattern, LetterCase letterCase) {
    problemWith(pattern)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException("pattern " + pattern + ": " + problem);
            });
    List<String> parts = List.of(pattern.substring(1).split("/", -1));
    int last = parts.size() - 1;
    String end = parts.get(last);
    return end.equals("**")
        ? new PathPattern(parts.subList(0, last), End.TREE, letterCase)
        : end.isEmpty()
            ? new PathPattern(parts.subList(0, last), End.SLASH, letterCase)
            : new PathPattern(parts, End.SEGMENT, letterCase);
  }

  /** What is wrong with a pattern, in words that mend it; empty when nothing is. */
  static Optional<String> problemWith(String pattern) {
    if (!pattern.startsWith("/")) {
      return Optional.of("must begin with a slash, such as /admin/**");
    }
    String[] parts = pattern.substring(1).split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      Optional<String> problem = problemWithSegment(parts[i], last);
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> problemWithSegment(String segment, boolean last) {
    if (segment.isEmpty() && !last) {
      return Optional.of("has an empty segment; no request with one gets as far as the rules");
    }
    if (segment.equals("**")) {
      return last ? Optional.empty() : Optional.of("may have ** as its last segment only");
    }
    if (segment.indexOf('*') >= 0) {
      return segment.equals(ANY)
          ? Optional.empty()
          : Optional.of("may have * as a whole segment only, not as a part of one");
    }
    if (!segment.isEmpty() && trimmedEnd(segment, 0, segment.length()) == 0) {
      return Optional.of("has a segment of dots; no request with one gets as far as the rules");
    }
    boolean strange =
        segment.chars().anyMatch(c -> c < 0x20 || c == 0x7f || ";\\?#".indexOf(c) >= 0);
    if (strange) {
      return Optional.of("must not contain ; ? # \\ or control characters");
    }
    return segment.matches(".*%[0-9A-Fa-f]{2}.*")
        ? Optional.of("must be written decoded, without %-escapes")
        : Optional.empty();
  }

  /** The literal segments and {@link #ANY}s, in order. */
  List<String> segments() {
    return segments;
  }

  /** Whether it ends in {@code **}. */
  boolean isTree() {
    return end == End.TREE;
  }

  /**
   * The order of being specific: of two patterns that match one path, the one with the smaller key
   * is the more specific. At the first place where they differ, the end comes before a literal
   * segment, that before {@code *}, that before {@code **}.
   */
  String specificity() {
    StringBuilder key = new StringBuilder(segments.size() + 1);
    segments.forEach(segment -> key.append(segment.equals(ANY) ? 'c' : 'b'));
    return key.append(isTree() ? 'd' : 'a').toString();
  }

  /** A path that this pattern matches and a less specific one of at most that depth does not. */
  String sample(String segment, int depth) {
    StringBuilder path = new StringBuilder();
    segments.forEach(each -> path.append('/').append(each.equals(ANY) ? segment : each));
    if (isTree()) {
      path.append(("/" + segment).repeat(depth));
    }
    return end == End.SLASH ? path + "/" : path.toString();
  }

  /** How well {@code path} fits, which is known to fit loosely at least. Allocates nothing. */
  Fit fit(String path) {
    return matches(path) ? Fit.EXACT : matchesTrimmed(path) ? Fit.TRIMMED : Fit.LOOSE;
  }

  /** Whether {@code path} fits as the pattern is written. Allocates nothing. */
  boolean matches(String path) {
    return matches(path, path.length());
  }

  /** As {@link #matches}, and {@code /shop/**} holds for {@code /shop} too. Allocates nothing. */
  boolean covers(String path) {
    return matches(path, path.length() + 1);
  }

  private boolean matches(String path, int furthestTree) {
    int length = path.length();
    int at = 1;
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      int stop = segmentEnd(path, at);
      if (stop <= at || !segment.equals(ANY) && !isAt(segment, path, at, stop)) {
        return false;
      }
      at = stop + 1;
    }
    return switch (end) {
      case TREE -> at <= furthestTree;
      case SLASH -> at == length;
      case SEGMENT -> at > length;
    };
  }

  private boolean matchesTrimmed(String path) {
    int length = path.length();
    int at = 1;
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      int stop = segmentEnd(path, at);
      int own = trimmedEnd(segment, 0, segment.length());
      if (stop <= at
          || !segment.equals(ANY)
              && !(trimmedEnd(path, at, stop) - at == own
                  && letterCase.isAt(segment, own, path, at))) {
        return false;
      }
      at = stop + 1;
    }
    return isTree() || at >= length;
  }

  private boolean isAt(String segment, String path, int from, int to) {
    return to - from == segment.length() && letterCase.isAt(segment, segment.length(), path, from);
  }

  /** The index of the next slash, else the length; below {@code from} when that is past the end. */
  static int segmentEnd(String path, int from) {
    int slash = path.indexOf('/', from);
    return slash < 0 ? path.length() : slash;
  }

  /** The end of a segment without the dots and spaces that Windows drops there. */
  static int trimmedEnd(String path, int from, int to) {
    int end = to;
    while (end > from && (path.charAt(end - 1) == '.' || path.charAt(end - 1) == ' ')) {
      end--;
    }
    return end;
  }
}
