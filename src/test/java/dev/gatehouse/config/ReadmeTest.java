package dev.gatehouse.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.Setting.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README says what the code does. */
class ReadmeTest {
  private static final Path README = Path.of("README.md");

  @Test
  void everySettingIsInTheReadmeWithItsDefaultAndRange() throws IOException {
    String readme = Files.readString(README);
    int from = readme.indexOf("| key | default |");

    assertThat(readme.substring(from, readme.indexOf("\n\n", from) + 1)).isEqualTo(table());
  }

  @Test
  void everyExampleIsAConfigurationThatHolds(@TempDir Path directory) throws Exception {
    Path secret = Files.writeString(directory.resolve("client-secret"), "fm8Tq0vXw2");
    Files.writeString(
        directory.resolve("tls.crt"), "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n");
    Files.writeString(
        directory.resolve("tls.key"), "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n");

    List<String> examples = examples();
    assertThat(examples).hasSizeGreaterThanOrEqualTo(3);
    for (String example : examples) {
      Path file = directory.resolve("gatehouse.yaml");
      Files.writeString(file, example.replace("/run/secrets/old-app", secret.toString()));
      Door door = example.contains("upstream:") ? Door.STANDALONE : Door.FILTER;

      assertThat(ConfigReader.read(file, Map.of(), door).config().provider().clientId())
          .isEqualTo("old-app");
    }
  }

  private static List<String> examples() throws IOException {
    List<String> examples = new ArrayList<>();
    Matcher block =
        Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL)
            .matcher(new String(Files.readAllBytes(README), UTF_8));
    while (block.find()) {
      examples.add(block.group(1).stripIndent());
    }
    return examples;
  }

  private static String table() {
    return Settings.all().stream()
        .map(ReadmeTest::row)
        .collect(
            joining(
                "\n", "| key | default | values | meaning |\n| --- | --- | --- | --- |\n", "\n"));
  }

  private static String row(Setting setting) {
    return String.format(
        "| `%s` | %s | %s | %s |",
        setting.key(), code(setting.defaultText()), values(setting), setting.meaning());
  }

  private static String values(Setting setting) {
    if (setting.kind() == Kind.CHOICE) {
      return setting.choices().stream().map(ReadmeTest::code).collect(joining(", "));
    }
    return setting.least().isEmpty()
        ? setting.kind().words()
        : code(setting.least()) + " to " + code(setting.most());
  }

  private static String code(String text) {
    return text.isEmpty() ? "" : "`" + text + "`";
  }
}
