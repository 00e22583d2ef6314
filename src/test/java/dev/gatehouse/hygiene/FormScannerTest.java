package dev.gatehouse.hygiene;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** A form in pieces is read as the whole one is. */
class FormScannerTest {
  private static final TokenScanner SCANNER = new TokenScanner(WatchedNames.BY_DEFAULT, true);

  private static List<String> found(String form, int cut) {
    List<String> names = new ArrayList<>();
    FormScanner scanner =
        new FormScanner(SCANNER, List.of(), hit -> names.add(hit.name() + "=" + hit.value()));
    byte[] bytes = form.getBytes(ISO_8859_1);
    scanner.scan(ByteBuffer.wrap(bytes, 0, cut));
    scanner.scan(ByteBuffer.wrap(bytes, cut, bytes.length - cut));
    scanner.end();
    return names;
  }

  @Test
  @Rule("TH-LEAK-3")
  void nameIsFoundWhereverTheFormIsCut() {
    String form = "a=1&access%5Ftoken=T%2B&b=2;jwt=U";
    for (int cut = 0; cut <= form.length(); cut++) {
      assertThat(found(form, cut)).containsExactly("access_token=T+", "jwt=U");
    }
  }

  @Property
  void piecesAreReadAsTheWhole(
      @ForAll @StringLength(max = 40) @CharRange(from = '%', to = '&') String noise,
      @ForAll @IntRange(max = 60) int cut) {
    String form = noise + "&id_token=x&" + noise + "=eyJh.eyJi.c";
    List<String> whole =
        SCANNER.find(form).stream().map(hit -> hit.name() + "=" + hit.value(form)).toList();

    assertThat(found(form, Math.min(cut, form.length()))).isEqualTo(whole);
  }

  @Test
  void longParameterIsLookedAtInItsBeginningOnly() {
    String form = "a=" + "x".repeat(1 << 20) + "&access_token=T";
    assertThat(found(form, 10)).containsExactly("access_token=T");
    String token = "access_token=" + "x".repeat(1 << 20) + "&b=1";
    List<String> hits = found(token, 5);
    assertThat(hits).hasSize(1);
    assertThat(hits.get(0)).hasSizeLessThanOrEqualTo(BodyScanner.MAX_FIELD + 20);
  }
}
