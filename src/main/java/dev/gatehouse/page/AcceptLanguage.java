package dev.gatehouse.page;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which of our languages a browser asks for (RFC 9110 §12.5.4, lookup of RFC 4647 §3.4). A value
 * that no browser sends asks for nothing: a page must not fail for it.
 */
final class AcceptLanguage {
  /** Far more than a browser sends, and little enough for a parser that is quadratic. */
  private static final int MAX_CHARS = 200;

  private static final String RANGE = "(?:\\*|[A-Za-z]{1,8}(?:-(?:[A-Za-z0-9]{1,8}|\\*))*)";
  private static final String WEIGHT =
      "(?:[ \\t]*;[ \\t]*[qQ]=(?:0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?))?";
  private static final String ELEMENT = "[ \\t]*" + RANGE + WEIGHT + "[ \\t]*";

  /** The grammar, since Java's parser throws what it does not announce at {@code --}. */
  private static final Pattern WELL_FORMED = Pattern.compile(ELEMENT + "(?:," + ELEMENT + ")*");

  private AcceptLanguage() {}

  /** The best of {@code tags} for these field lines; empty when none of them is asked for. */
  static Optional<String> best(List<String> fieldLines, List<String> tags) {
    String value = String.join(",", fieldLines);
    if (value.length() > MAX_CHARS || !WELL_FORMED.matcher(value).matches()) {
      return Optional.empty();
    }
    String ranges = value.replace("\t", "");
    return Optional.ofNullable(Locale.lookupTag(Locale.LanguageRange.parse(ranges), tags));
  }
}
