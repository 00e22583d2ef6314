package dev.gatehouse.hygiene;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;

/** Whatever stands before a token, no log shows it. */
class LogCleanerFuzzTest {
  private final LogCleaner cleaner = new LogCleaner(WatchedNames.BY_DEFAULT);

  @FuzzTest
  @Rule("TH-LEAK-8")
  @Rule("TH-LEAK-14")
  void noLogShowsWhatFollowsAWatchedName(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    String secret = "s3cr3t";
    assertThat(cleaner.query(text + "&access_token=" + secret)).doesNotContain(secret);
    assertThat(cleaner.path("/" + text + "/access_token=" + secret)).doesNotContain(secret);
    assertThat(cleaner.text(text + " access_token=" + secret)).doesNotContain(secret);
  }
}
