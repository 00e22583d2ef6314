package dev.gatehouse.hygiene;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import java.util.List;

/** Any query: what the scanner finds can be taken out, and nothing else goes with it. */
class TokenScannerFuzzTest {
  private final TokenScanner scanner = new TokenScanner(WatchedNames.BY_DEFAULT, true);

  @FuzzTest
  @Rule("TH-LEAK-5")
  @Rule("TH-LEAK-7")
  void whatIsLeftHoldsNoToken(byte[] bytes) {
    String query = new String(bytes, ISO_8859_1);
    List<TokenHit> hits = scanner.find(query);
    int before = 0;
    for (TokenHit hit : hits) {
      assertThat(hit.from()).isGreaterThanOrEqualTo(before);
      assertThat(hit.valueFrom()).isBetween(hit.from(), hit.to());
      assertThat(hit.valueTo()).isEqualTo(hit.to());
      before = hit.to();
    }
    if (hits.isEmpty()) {
      return;
    }
    String rest = TokenScanner.without(query, hits);
    assertThat(scanner.find(rest)).isEmpty();
    int removed = hits.stream().mapToInt(hit -> hit.to() - hit.from()).sum();
    int length = rest == null ? 0 : rest.length();
    // One separator goes with each, but for the last one of a query that was all tokens.
    assertThat(query.length() - removed - length).isBetween(hits.size() - 1, hits.size());
  }
}
