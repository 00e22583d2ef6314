package dev.gatehouse.hygiene;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Any form, cut anywhere: found in pieces is what is found in the whole. */
class FormScannerFuzzTest {
  private static final TokenScanner SCANNER = new TokenScanner(WatchedNames.BY_DEFAULT, true);

  @FuzzTest
  @Rule("TH-LEAK-3")
  void piecesAreReadAsTheWhole(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    List<String> whole =
        SCANNER.find(text).stream().map(hit -> hit.name() + "=" + hit.value(text)).toList();
    List<String> inPieces = new ArrayList<>();
    FormScanner scanner =
        new FormScanner(SCANNER, List.of(), hit -> inPieces.add(hit.name() + "=" + hit.value()));
    int cut = bytes.length == 0 ? 0 : (bytes[0] & 0xff) % bytes.length;
    scanner.scan(ByteBuffer.wrap(bytes, 0, cut));
    scanner.scan(ByteBuffer.wrap(bytes, cut, bytes.length - cut));
    scanner.end();

    if (bytes.length < BodyScanner.MAX_FIELD) {
      assertThat(inPieces).isEqualTo(whole);
    }
    List<TokenHit> hits = SCANNER.find(text);
    if (!hits.isEmpty()) {
      String rest = TokenScanner.without(text, hits);
      assertThat(rest == null ? List.of() : SCANNER.find(rest)).isEmpty();
    }
  }
}
