package dev.gatehouse.hygiene;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;

/** Any Referer: what is passed on holds no token, no fragment and no more than came. */
class RefererCleanerFuzzTest {
  private final TokenScanner scanner = new TokenScanner(WatchedNames.BY_DEFAULT, true);
  private final RefererCleaner cleaner = new RefererCleaner(scanner);

  @FuzzTest
  @Rule("TH-LEAK-11")
  void whatIsPassedOnHoldsNoToken(byte[] bytes) {
    String referer = new String(bytes, ISO_8859_1);
    assertCutBehind(referer);
    String clean = cleaner.clean(referer);
    assertThat(RefererCleaner.host(referer)).matches("[0-9a-z._:\\[\\]-]*");
    if (clean == null) {
      return;
    }
    assertThat(clean).hasSizeLessThanOrEqualTo(referer.length() + 1).doesNotContain("#");
    int mark = clean.indexOf('?');
    assertThat(scanner.find(mark < 0 ? null : clean.substring(mark + 1))).isEmpty();
    assertThat(scanner.findInPath(mark < 0 ? clean : clean.substring(0, mark)).hits()).isEmpty();
    assertThat(cleaner.clean(clean)).isEqualTo(clean);
  }

  private void assertCutBehind(String text) {
    String secret = "s3cr3t-s3cr3t";
    for (String place : new String[] {"&id_token=", "?id_token=", ";id_token=", "#"}) {
      assertThat(cleaner.clean("https://app.example/p?a=" + text + place + secret))
          .doesNotContain(secret);
    }
  }
}
