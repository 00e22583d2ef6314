package dev.gatehouse.config;

import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.config.GatehouseConfig.JwtValues;
import dev.gatehouse.config.GatehouseConfig.TokenHygiene;
import java.util.Locale;

/** Reads what happens to tokens where they do not belong. */
final class HygieneSettings {
  /** The section; written with a bare mode, it is its {@code mode}. */
  static final String SECTION = "token-hygiene";

  private static final String MODE = SECTION + ".mode";

  private final Values values;

  HygieneSettings(Values values) {
    this.values = values;
  }

  /** The settings of the section. */
  TokenHygiene read() {
    String names = SECTION + ".names";
    values
        .items(names)
        .forEach(
            (place, name) -> {
              if (!name.text().matches("[A-Za-z0-9_.~-]{2,64}")) {
                values.error(
                    "bad-value",
                    place,
                    "is "
                        + name.shown()
                        + "; write a parameter's name of letters, digits and _.~-");
              }
            });
    return new TokenHygiene(
        values.choice(MODE).map(HygieneSettings::mode).orElse(HygieneMode.ENFORCE),
        values.texts(names),
        values
            .choice(SECTION + ".jwt-values")
            .map(word -> JwtValues.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_')))
            .orElse(JwtValues.REPORT),
        values.flag(SECTION + ".scan-responses"),
        (int) values.size(SECTION + ".max-peek"));
  }

  /** The mode that goes by that word. */
  static HygieneMode mode(String word) {
    return HygieneMode.valueOf(word.toUpperCase(Locale.ROOT));
  }
}
