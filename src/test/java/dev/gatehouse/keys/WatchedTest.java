package dev.gatehouse.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.KeyFiles;
import dev.gatehouse.testkit.LeakWatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A file that changes while somebody uses what it held. */
@ExtendWith(LeakWatch.class)
class WatchedTest {
  @TempDir Path folder;
  private Path file;
  private Watched<String> watched;

  @BeforeEach
  void open() throws KeyRefusal {
    file = KeyFiles.write(folder.resolve("key"), "first");
    watched = Watched.open("provider.client-key", List.of(file), WatchedTest::read);
  }

  private static String read(List<byte[]> contents) throws KeyRefusal {
    String text = new String(contents.get(0), UTF_8);
    if (text.startsWith("broken")) {
      throw new KeyRefusal("bad-key", "is broken");
    }
    return text;
  }

  @Test
  @Rule("TH-SEC-4")
  @Rule("TH-SEC-3")
  void readerThatStumblesLeavesTheLastGoodValue() throws KeyRefusal {
    Watched<String> odd =
        Watched.open(
            "provider.client-key",
            List.of(file),
            contents -> {
              String text = read(contents);
              if (text.startsWith("odd")) {
                throw new IllegalStateException("stumbled over " + text);
              }
              return text;
            });
    KeyFiles.write(file, "odd");

    assertThat(odd.current()).isEqualTo("first");
    assertThat(odd.current()).isEqualTo("first");
    assertThat(warnings()).isEqualTo(1);
    assertThat(LeakWatch.lines()).noneMatch(line -> line.contains("stumbled"));
    KeyFiles.write(file, "third");
    assertThat(odd.current()).isEqualTo("third");
  }

  private static long warnings() {
    return LeakWatch.lines().stream()
        .filter(line -> line.startsWith("WARN") && line.contains("provider.client-key"))
        .count();
  }

  @Test
  @Rule("TH-SEC-4")
  void changedFileIsUsedTheNextTime() {
    KeyFiles.write(file, "second");

    assertThat(watched.last()).isEqualTo("first");
    assertThat(watched.current()).isEqualTo("second");
    assertThat(watched.last()).isEqualTo("second");
    assertThat(warnings()).isZero();
  }

  @Test
  void sameValueStaysTheSameObject() {
    String before = watched.current();
    KeyFiles.write(file, "first");

    assertThat(watched.current()).isSameAs(before);
  }

  @Test
  void changeOfTheSameLengthAndTimeIsSeen() throws Exception {
    FileTime time = Files.getLastModifiedTime(file);
    Files.writeString(file, "other");
    Files.setLastModifiedTime(file, time);

    assertThat(watched.current()).isEqualTo("other");
  }

  @Test
  @Rule("TH-SEC-4")
  @Rule("TH-SEC-3")
  void brokenFileLeavesTheLastGoodValueAndIsReportedOnce() {
    KeyFiles.write(file, "broken-marker-8271");

    assertThat(watched.current()).isEqualTo("first");
    assertThat(watched.current()).isEqualTo("first");
    assertThat(warnings()).isEqualTo(1);
    assertThat(LeakWatch.lines()).noneMatch(line -> line.contains("marker-8271"));

    KeyFiles.write(file, "third");
    assertThat(watched.current()).isEqualTo("third");
  }

  @Test
  void missingFileLeavesTheLastGoodValueAndIsReportedOnce() throws Exception {
    Files.delete(file);

    assertThat(watched.current()).isEqualTo("first");
    assertThat(watched.current()).isEqualTo("first");
    assertThat(warnings()).isEqualTo(1);

    KeyFiles.write(file, "third");
    assertThat(watched.current()).isEqualTo("third");
    Files.delete(file);
    assertThat(watched.current()).isEqualTo("third");
    assertThat(warnings()).isEqualTo(2);
  }

  @Test
  void firstReadingHasToSucceed() {
    KeyFiles.write(file, "broken");
    assertThat(codeOfOpening(file)).isEqualTo("bad-key");
    assertThat(codeOfOpening(folder.resolve("nowhere"))).isEqualTo("missing-file");
    assertThat(codeOfOpening(KeyFiles.write(file, new byte[300 * 1024])))
        .isEqualTo("file-too-large");
    assertThat(codeOfOpening(folder)).isEqualTo("unreadable-file");
  }

  private static String codeOfOpening(Path file) {
    KeyRefusal refusal =
        catchThrowableOfType(
            KeyRefusal.class,
            () -> Watched.open("provider.client-key", List.of(file), WatchedTest::read));
    return refusal.code();
  }

  @Test
  void fixedValueLooksAtNoFile() {
    assertThat(Watched.fixed("value").current()).isEqualTo("value");
  }
}
