package dev.gatehouse.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.seal.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of bearer credentials (RFC 6750 §2.1). */
class BearerCredentialTest {
  private static final Pattern BYTE = Pattern.compile("\\\\x([0-9a-f]{2})");

  private static BearerCredential read(String... fields) {
    return BearerCredential.read(List.of(fields));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer T", "bEaReR T", "bearer T", "BEARER   T"})
  @Rule("TH-BEAR-1")
  void schemeIsReadInAnyCase(String field) {
    assertThat(read(field)).isEqualTo(BearerCredential.Token.of(Secret.of("T")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a-._~+/b==", "eyJ.eyJ.sig", "0", "a="})
  @Rule("TH-BEAR-1")
  @Rule("TH-QUIRK-17")
  void everyB64tokenIsRead(String token) {
    assertThat(read("Bearer " + token)).isEqualTo(BearerCredential.Token.of(Secret.of(token)));
  }

  static Stream<String> attacks() {
    try (InputStream list =
        BearerCredentialTest.class.getResourceAsStream("/attacks/bearer-credentials.txt")) {
      return new String(list.readAllBytes(), UTF_8)
          .lines().filter(line -> !line.startsWith("#")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String unescape(String line) {
    String text = line.replace("\\s", " ").replace("\\t", "\t").replace("\\\\", "\\");
    return BYTE.matcher(text)
        .replaceAll(match -> String.valueOf((char) Integer.parseInt(match.group(1), 16)));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  @Rule("TH-BEAR-1")
  void brokenCredentialIsMalformed(String line) {
    assertThat(read("Bearer T")).isInstanceOf(BearerCredential.Token.class);
    assertThat(read(unescape(line))).isEqualTo(new BearerCredential.Malformed());
  }

  @Test
  @Rule("TH-BEAR-1")
  void twoFieldsAreMalformed() {
    assertThat(read("Bearer T", "Bearer T")).isEqualTo(new BearerCredential.Malformed());
    assertThat(read("Bearer T", "Basic x")).isEqualTo(new BearerCredential.Malformed());
  }

  @Test
  @Rule("TH-BEAR-1")
  void fieldOfMoreThan8KiBIsMalformed() {
    int most = 8 * 1024 - "Bearer ".length();

    assertThat(read("Bearer " + "a".repeat(most))).isInstanceOf(BearerCredential.Token.class);
    assertThat(read("Bearer " + "a".repeat(most + 1))).isEqualTo(new BearerCredential.Malformed());
  }

  @Test
  @Rule("TH-BEAR-2")
  void otherSchemesAreNoBearerCredential() {
    for (String field :
        List.of("Basic dXNlcg==", "DPoPx T", "Bearerx T", "Bear T", "", "Digest a")) {
      assertThat(read(field)).as(field).isEqualTo(new BearerCredential.Absent());
    }
    assertThat(read()).isEqualTo(new BearerCredential.Absent());
  }

  @Test
  @Rule("TH-BEAR-12")
  void hashTellsTokensApartAndShowsNone() {
    TokenHash one = TokenHash.of(Secret.of("one"));

    assertThat(one).isEqualTo(TokenHash.of(Secret.of("one")));
    assertThat(one).isNotEqualTo(TokenHash.of(Secret.of("two")));
    assertThat(one).hasToString("7692c3ad");
    assertThat(read("Bearer s3cr3t-token").toString()).doesNotContain("s3cr3t");
  }
}
