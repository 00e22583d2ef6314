package dev.gatehouse.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.seal.Secret;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is packed comes out to the letter, whatever an OP calls a token. */
final class PackedTokensTest {
  private static final Random RANDOM = new Random(7);

  static Stream<String> texts() {
    return Stream.of(
        "",
        ".",
        "..",
        "a",
        "AA",
        "AB",
        "A=",
        "QUJD",
        "QUJD=",
        "QUJD.QUJD",
        "QUJD..",
        "+/+/",
        "-_-_",
        "9f1c7d9e-5b1f-4b1e-8a51-0c1d2e3f4a5b",
        "토큰 €\u0000",
        "\ud800",
        base64("{"),
        base64("{}") + "." + base64("{\"sub\":\"é\"}") + ".c2ln",
        base64("{}") + "." + base64("text") + "." + base64("{\"a\":1}") + ".x",
        base64("{" + "a".repeat(100_000)),
        base64("{") + "." + random(3_000) + "." + random(256),
        base64("{" + random(60_000)),
        random(32),
        random(384),
        random(1),
        "x".repeat(20_000));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void everyTextComesOutAsItWentIn(String text) {
    // No string with half a surrogate pair has UTF-8: none comes from JSON that the gateway reads.
    String readable = new String(text.getBytes(UTF_8), UTF_8);
    byte[] packed =
        PackedTokens.of(List.of(Optional.of("before"), Optional.of(readable), Optional.of("QQ")));

    assertThat(PackedTokens.text(packed, 1)).contains(readable);
    assertThat(PackedTokens.text(packed, 0)).contains("before");
    assertThat(PackedTokens.text(packed, 2)).contains("QQ");
  }

  @Test
  void randomTextsComeOutAsTheyWentIn() {
    for (int i = 0; i < 5_000; i++) {
      String text = almostToken();
      byte[] packed = PackedTokens.of(List.of(Optional.empty(), Optional.of(text)));

      assertThat(PackedTokens.text(packed, 1)).contains(text);
    }
  }

  @Test
  void whatIsAbsentIsAbsent() {
    byte[] packed =
        PackedTokens.of(List.of(Optional.empty(), Optional.of("there"), Optional.empty()));

    assertThat(PackedTokens.text(packed, 0)).isEmpty();
    assertThat(PackedTokens.secret(packed, 1)).contains(Secret.of("there"));
    assertThat(PackedTokens.text(packed, 2)).isEmpty();
  }

  @Test
  @Rule("TH-SES-2")
  void aTokenTakesLessRoomPackedAndIsNotReadableInADump() {
    String jwt =
        base64("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"1\"}")
            + "."
            + base64(
                "{\"iss\":\"https://op.example\",\"aud\":\"gw\",\"sub\":\"alice\",\"iat\":1763000000,"
                    + "\"exp\":1763000300,\"email\":\"alice@example.com\",\"email_verified\":true}")
            + "."
            + random(256);
    byte[] packed = PackedTokens.of(List.of(Optional.of(jwt)));

    assertThat(packed.length).isLessThan(jwt.length() * 2 / 3);
    assertThat(new String(packed, UTF_8)).doesNotContain(jwt.substring(0, 20));
  }

  /** Letters of base64url with a dot or a stranger here and there. */
  private static String almostToken() {
    String letters = "ABCDefgh0123-_...{=+ ";
    return IntStream.range(0, RANDOM.nextInt(40))
        .map(i -> letters.charAt(RANDOM.nextInt(RANDOM.nextBoolean() ? 12 : letters.length())))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }
}
