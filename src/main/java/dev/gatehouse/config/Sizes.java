package dev.gatehouse.config;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as the configuration writes them: {@code 512B}, {@code 64KiB}, {@code 2GiB}. */
final class Sizes {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12})(B|KiB|MiB|GiB|TiB|PiB)");

  private Sizes() {}

  /** Bytes; empty for what is no size or more than a long holds. */
  static OptionalLong parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    int shift =
        switch (matcher.group(2)) {
          case "B" -> 0;
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          case "TiB" -> 40;
          default -> 50;
        };
    return amount > Long.MAX_VALUE >> shift
        ? OptionalLong.empty()
        : OptionalLong.of(amount << shift);
  }
}
