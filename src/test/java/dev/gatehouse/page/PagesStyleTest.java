package dev.gatehouse.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PagesStyleTest {
  private static final String CSS = PageTemplate.COLOURS + Resource.text("page.css");

  /** Text needs 4.5 to 1 (WCAG 2.2 §1.4.3). */
  @ParameterizedTest
  @CsvSource({"text,card", "soft,card", "text,field", "on-main,main", "main,card"})
  void wordsStandOutFromTheirGround(String words, String ground) {
    assertThat(contrast(light(), words, ground)).isGreaterThanOrEqualTo(4.5);
    assertThat(contrast(dark(), words, ground)).isGreaterThanOrEqualTo(4.5);
  }

  /** What is not text needs 3 to 1 (WCAG 2.2 §1.4.11): signs, the button, the focus ring. */
  @ParameterizedTest
  @CsvSource({"stop,card", "wait,card", "done,card", "main,card", "main,page"})
  void signsStandOutFromTheirGround(String sign, String ground) {
    assertThat(contrast(light(), sign, ground)).isGreaterThanOrEqualTo(3);
    assertThat(contrast(dark(), sign, ground)).isGreaterThanOrEqualTo(3);
  }

  @Test
  void contrastIsMeasuredAsTheStandardSays() {
    assertThat(contrast(Map.of("a", 0x000000, "b", 0xffffff), "a", "b")).isEqualTo(21.0);
    assertThat(contrast(Map.of("a", 0x777777, "b", 0xffffff), "a", "b")).isBetween(4.47, 4.49);
  }

  @Test
  void darkHasEveryColourOfLight() {
    assertThat(declared(section(true)).keySet()).isEqualTo(light().keySet());
  }

  @Test
  void everyColourIsNamed() {
    String rules = CSS.substring(CSS.indexOf("* {"));

    assertThat(rules).doesNotContainPattern("#[0-9a-fA-F]{3}").doesNotContain("rgb", "hsl");
    Matcher used = Pattern.compile("var\\(--([a-z-]+)\\)").matcher(rules);
    while (used.find()) {
      assertThat(light()).containsKey(used.group(1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"animation", "transition", "transform", "outline: none", "outline: 0"})
  void nothingMovesAndTheFocusIsSeen(String unwanted) {
    assertThat(CSS).doesNotContain(unwanted).contains(":focus-visible { outline: 3px solid");
  }

  private static Map<String, Integer> light() {
    return declared(section(false));
  }

  private static Map<String, Integer> dark() {
    Map<String, Integer> colours = light();
    colours.putAll(declared(section(true)));
    return colours;
  }

  private static String section(boolean dark) {
    int start = dark ? CSS.indexOf("prefers-color-scheme: dark") : CSS.indexOf(":root");
    return CSS.substring(start, CSS.indexOf('}', start));
  }

  private static Map<String, Integer> declared(String block) {
    Map<String, Integer> colours = new HashMap<>();
    Matcher each = Pattern.compile("--([a-z-]+): #([0-9a-f]{6});").matcher(block);
    while (each.find()) {
      colours.put(each.group(1), Integer.parseInt(each.group(2), 16));
    }
    assertThat(colours).isNotEmpty();
    return colours;
  }

  /** Contrast ratio of WCAG 2.2. */
  private static double contrast(Map<String, Integer> colours, String one, String other) {
    double a = luminance(colours.get(one));
    double b = luminance(colours.get(other));
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  private static double luminance(int rgb) {
    return 0.2126 * linear(rgb >> 16 & 255)
        + 0.7152 * linear(rgb >> 8 & 255)
        + 0.0722 * linear(rgb & 255);
  }

  private static double linear(int channel) {
    double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  }
}
