package dev.gatehouse.jose;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.jwk.JWK;
import dev.gatehouse.Rule;
import dev.gatehouse.seal.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.text.ParseException;
import java.util.List;

/** Any text for an encrypted token: what was not made with our key opens to nothing. */
class TokenDecrypterFuzzTest {
  /** What stands in the encrypted seeds. */
  private static final String INSIDE = "inside";

  private static final List<JWK> KEYS = List.of(key("ec.jwk"), key("rsa.jwk"));
  private static final TokenDecrypter DECRYPTER = new TokenDecrypter(() -> KEYS, false);

  @FuzzTest
  @Rule("TH-IDT-18")
  void nothingOpensButWhatWasSealedForUs(byte[] bytes) {
    String token = new String(bytes, ISO_8859_1);

    if (DECRYPTER.open(Secret.of(token)) instanceof TokenDecrypter.Opening.Opened opened) {
      assertThat(opened.token().reveal()).isIn(token, INSIDE);
    }
  }

  private static JWK key(String file) {
    try (InputStream json =
        TokenDecrypterFuzzTest.class.getResourceAsStream("/fuzz-keys/" + file)) {
      return JWK.parse(new String(json.readAllBytes(), US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }
}
