package dev.gatehouse.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.hygiene.LogCleaner;
import dev.gatehouse.hygiene.WatchedNames;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** Exceptions of libraries quote requests; a log must not. */
class LoggedCauseTest {
  private final LogCleaner cleaner = new LogCleaner(WatchedNames.BY_DEFAULT);

  private static String printed(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  @Rule("TH-LEAK-14")
  void noMessageInTheChainShowsAToken() {
    IOException inner = new IOException("GET /p?access_token=S3CRET failed");
    IllegalStateException outer = new IllegalStateException("got id_token=S3CRET", inner);
    outer.addSuppressed(new IOException("jwt=S3CRET"));

    Throwable shown = LoggedCause.of(outer, cleaner);

    assertThat(printed(outer)).contains("S3CRET");
    assertThat(printed(shown))
        .doesNotContain("S3CRET")
        .contains("java.lang.IllegalStateException: got id_token=***")
        .contains("java.io.IOException: GET /p?*** failed")
        .contains("LoggedCauseTest.noMessageInTheChainShowsAToken");
  }

  @Test
  void whatShowsNothingIsLoggedAsItIs() {
    IOException harmless = new IOException("connection refused", new IOException());

    assertThat(LoggedCause.of(harmless, cleaner)).isSameAs(harmless);
  }
}
