package dev.gatehouse.page;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;

/** All words of one language, from {@code texts_LANGUAGE.properties} (UTF-8). Immutable. */
final class Texts {
  private final String language;
  private final Properties properties;

  private Texts(String language, Properties properties) {
    this.language = language;
    this.properties = properties;
  }

  /** Reads the texts of a language tag (RFC 5646). */
  static Texts of(String language) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(Resource.text("texts_" + language + ".properties")));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringReader does not fail
    }
    return new Texts(language, properties);
  }

  String language() {
    return language;
  }

  /** The text of that key, which every language has. */
  String text(String key) {
    return find(key)
        .orElseThrow(() -> new IllegalStateException("no text " + key + " in " + language));
  }

  /** One of a page's texts, which every page has. */
  String text(Page.Kind kind, String part) {
    return text(kind.key() + "." + part);
  }

  /** One of a page's texts, which not every page has. */
  Optional<String> find(Page.Kind kind, String part) {
    return find(kind.key() + "." + part);
  }

  private Optional<String> find(String key) {
    return Optional.ofNullable(properties.getProperty(key));
  }
}
