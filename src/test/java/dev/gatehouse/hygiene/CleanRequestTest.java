package dev.gatehouse.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Allocation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What it costs to look for tokens where there is none. */
class CleanRequestTest {
  private static final String QUERY =
      "page=3&q=red+shoes&ids[]=17&ids[]=18&filter.colour=red&sort=%2Dprice&utm_source=newsletter";
  private static final String PATH = "/shop/catalogue/items/page3.html";
  private static final String REFERER = "https://app.example/shop/catalogue?page=2&q=red+shoes";

  private final TokenScanner scanner = new TokenScanner(WatchedNames.BY_DEFAULT, true);
  private final RefererCleaner referers = new RefererCleaner(scanner);
  private final List<String> session = List.of("a-session-cookie-value-of-some-length");

  @Test
  void aRequestWithoutEscapesInItsNamesAllocatesNothing() {
    double bytes =
        Allocation.bytesPerRun(
            () -> {
              scanner.find(QUERY.substring(0, 0) + QUERY.length(), session);
            });
    double whole =
        Allocation.bytesPerRun(
            () -> {
              scanner.find(QUERY, List.of());
              scanner.findInPath(PATH);
              referers.clean(REFERER);
              referers.find(REFERER);
            });

    assertThat(bytes).isLessThan(200);
    // The one value with an escape is decoded, to be looked at.
    assertThat(whole).isLessThan(160);
  }

  @Test
  @Timeout(20)
  @Rule("TH-DOS-11")
  void hostileInputTakesLinearTime() {
    String[] pieces = {
      "eyJ", "eyJ.", "%", "%25", "a.", "a[", "&", ";", "=", "?", "+", "access_token", "\u00c5"
    };
    for (String piece : pieces) {
      String text = piece.repeat(300_000 / piece.length());
      long begin = System.nanoTime();
      List<TokenHit> hits = scanner.find(text);
      if (!hits.isEmpty()) {
        TokenScanner.without(text, hits);
      }
      scanner.findInPath(text);
      referers.clean("https://a/" + text);
      referers.clean("https://a/?" + text);
      LogCleaner cleaner = new LogCleaner(WatchedNames.BY_DEFAULT);
      cleaner.query(text);
      cleaner.path(text);
      cleaner.text(text);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }
  }
}
