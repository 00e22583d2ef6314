package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.Setting.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
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
        .allMatch(variable -> variable.matches("GATEHOUSE_[A-Z_]+"));
  }

  @Test
  void keysAreKebabCaseAndMeaningsAreSentences() {
    assertThat(Settings.all())
        .hasSizeGreaterThan(50)
        .allSatisfy(
            setting -> {
              assertThat(setting.key()).matches("[a-z-]+(\\[])?(\\.[a-z-]+)?");
              assertThat(setting.meaning()).matches("[A-Z0-9].*\\.");
            })
        .extracting(Setting::key)
        .doesNotHaveDuplicates();
  }

  @Test
  void readmeHasARowForEverySetting() throws IOException {
    String readme = Files.readString(Path.of("README.md"));

    assertThat(Settings.all())
        .allSatisfy(setting -> assertThat(readme.lines()).contains(row(setting)));
  }

  private static String row(Setting setting) {
    return "| `"
        + setting.key()
        + "` | "
        + (setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`")
        + " | "
        + values(setting)
        + " | "
        + setting.meaning()
        + " |";
  }

  private static String values(Setting setting) {
    if (setting.kind() == Kind.CHOICE) {
      return setting.choices().stream()
          .map(choice -> "`" + choice + "`")
          .collect(Collectors.joining(", "));
    }
    return setting.least().isEmpty()
        ? setting.kind().words()
        : "`" + setting.least() + "` to `" + setting.most() + "`";
  }
}
