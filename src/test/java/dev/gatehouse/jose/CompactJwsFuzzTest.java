package dev.gatehouse.jose;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import java.util.Base64;
import java.util.Optional;

/** Any text for a JWS: a token that is taken apart has one spelling. */
class CompactJwsFuzzTest {
  @FuzzTest
  @Rule("TH-IDT-18")
  void partsMakeTheVerySameToken(byte[] bytes) {
    String token = new String(bytes, ISO_8859_1);
    Optional<CompactJws> read = CompactJws.parse(token);
    if (read.isEmpty()) {
      return;
    }
    assertThat(token.length()).isLessThanOrEqualTo(CompactJws.MAX_CHARS);
    String signature =
        Base64.getUrlEncoder().withoutPadding().encodeToString(read.get().signature());
    assertThat(new String(read.get().signingInput(), ISO_8859_1) + "." + signature)
        .isEqualTo(token);
  }
}
