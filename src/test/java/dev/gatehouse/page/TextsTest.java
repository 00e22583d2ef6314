package dev.gatehouse.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {

  @ParameterizedTest
  @EnumSource(Page.Kind.class)
  void everyPageSaysWhatHappenedAndWhatToDoInEveryLanguage(Page.Kind kind) {
    for (String language : List.of("en", "ko", "ja")) {
      Texts texts = Texts.of(language);
      for (String part : List.of("title", "happened", "todo")) {
        assertThat(texts.text(kind, part)).as("%s %s %s", language, kind, part).isNotBlank();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ko", "ja"})
  void everyLanguageHasTheSameKeys(String language) throws IOException {
    assertThat(properties(language).stringPropertyNames())
        .isEqualTo(properties("en").stringPropertyNames());
  }

  @Test
  void everyKeyBelongsToAPage() throws IOException {
    Set<String> known =
        new TreeSet<>(Set.of("language.direction", "incident.label", "incident.hint"));
    for (Page.Kind kind : Page.Kind.values()) {
      Stream.of("title", "happened", "happened-as", "todo", "button", "cancel")
          .forEach(part -> known.add(kind.key() + "." + part));
    }
    assertThat(known).containsAll(properties("en").stringPropertyNames());
  }

  @Test
  void onlyPagesWhereNoLinkHelpsOrManyDoHaveNoButton() {
    List<Page.Kind> without = new ArrayList<>();
    for (Page.Kind kind : Page.Kind.values()) {
      if (Texts.of("en").find(kind, "button").isEmpty()) {
        without.add(kind);
      }
    }
    assertThat(without)
        .containsExactly(
            Page.Kind.MISDIRECTED, Page.Kind.TOO_MANY_REQUESTS, Page.Kind.CHOOSE_PROVIDER);
  }

  @Test
  void koreanIsKorean() throws IOException {
    assertNoEnglishIsLeft("ko", "\\p{IsHangul}");
  }

  @Test
  void japaneseIsJapanese() throws IOException {
    assertNoEnglishIsLeft("ja", "[\\p{IsHiragana}\\p{IsKatakana}]|番号");
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "ko", "ja"})
  void theNameHasItsPlaceInTheSentence(String language) {
    assertThat(Texts.of(language).find(Page.Kind.LOGOUT_CONFIRM, "happened-as").orElseThrow())
        .containsOnlyOnce("{name}");
  }

  /** Word for word: every text has the script of its language and no Latin word but Cookie. */
  private static void assertNoEnglishIsLeft(String language, String script) throws IOException {
    Properties texts = properties(language);
    for (String key : texts.stringPropertyNames()) {
      if (!key.equals("language.direction")) {
        String text = texts.getProperty(key).replace("{name}", "").replace("Cookie", "");
        assertThat(text).as(key).containsPattern(script).doesNotContainPattern("[A-Za-z]");
      }
    }
  }

  private static Properties properties(String language) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(Resource.text("texts_" + language + ".properties")));
    return properties;
  }
}
