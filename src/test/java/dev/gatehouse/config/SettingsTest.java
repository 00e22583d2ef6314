package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The catalogue of settings and what is told of it. */
class SettingsTest {

  @Test
  void everySettingHasItsOwnVariable() {
    assertThat(Settings.all())
        .filteredOn(Setting::hasVariable)
        .hasSizeGreaterThan(30)
        .extracting(Setting::variable)
        .doesNotHaveDuplicates()
        .allMatch(variable -> variable.matches("GATEHOUSE_[A-Z0-9_]+"));
  }

  @Test
  void keysAreKebabCaseAndMeaningsAreSentences() {
    assertThat(Settings.all())
        .hasSizeGreaterThan(50)
        .allSatisfy(
            setting -> {
              assertThat(setting.key()).matches("[a-z-]+(\\[])?(\\.[a-z0-9-]+){0,2}");
              assertThat(setting.meaning()).matches("[A-Z0-9].*\\.");
            })
        .extracting(Setting::key)
        .doesNotHaveDuplicates();
  }
}
