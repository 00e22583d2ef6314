package dev.gatehouse.hygiene;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names in multipart bodies are found wherever the body is cut, and contents are no names. */
class MultipartScannerTest {
  private static final TokenScanner SCANNER = new TokenScanner(WatchedNames.BY_DEFAULT, true);
  private static final BodyType TYPE =
      BodyType.of(List.of("multipart/form-data; boundary=XX"), List.of());

  private static final String JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln";

  private final List<BodyHit> hits = new ArrayList<>();

  private MultipartScanner scanner() {
    hits.clear();
    return new MultipartScanner(TYPE, SCANNER, List.of(), hits::add);
  }

  private static String part(String disposition, String content) {
    return "--XX\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
  }

  private List<BodyHit> found(String body, int... cuts) {
    MultipartScanner scanner = scanner();
    byte[] bytes = body.getBytes(ISO_8859_1);
    int from = 0;
    for (int cut : cuts) {
      scanner.scan(ByteBuffer.wrap(bytes, from, cut - from));
      from = cut;
    }
    scanner.scan(ByteBuffer.wrap(bytes, from, bytes.length - from));
    scanner.end();
    return List.copyOf(hits);
  }

  @Test
  @Rule("TH-LEAK-3")
  void nameIsFoundWhereverTheBodyIsCut() {
    String body = part("name=\"a\"", "1") + part("name=\"access_token\"", "secret") + "--XX--\r\n";
    List<BodyHit> expected = List.of(new BodyHit("access_token", "secret", false));

    for (int one = 0; one <= body.length(); one++) {
      assertThat(found(body, one)).as("cut at %s", one).isEqualTo(expected);
      int other = Math.min(body.length(), one + 7);
      assertThat(found(body, one, other)).as("cut at %s, %s", one, other).isEqualTo(expected);
    }
  }

  @Test
  @Rule("TH-LEAK-3")
  void contentOfAFileIsNoName() {
    String content =
        "Content-Disposition: form-data; name=\"access_token\"\r\n\r\naccess_token=T\r\n--X\r\n"
            + JWT;
    String body = part("name=\"f\"; filename=\"f.txt\"", content) + "--XX--\r\n";

    assertThat(found(body)).isEmpty();
    assertThat(found(part("name=\"f\"", JWT) + "--XX--\r\n"))
        .containsExactly(new BodyHit(TokenScanner.JWT_VALUE, JWT, false));
  }

  @Test
  @Rule("TH-LEAK-3")
  void nameBehindALargeFileIsFoundWithinLittleMemory() {
    MultipartScanner scanner = scanner();
    scanner.scan(ByteBuffer.wrap(part("name=\"f\"; filename=\"f\"", "").getBytes(ISO_8859_1)));
    byte[] block = new byte[64 * 1024];
    Arrays.fill(block, (byte) '-');
    for (int i = 0; i < 256; i++) {
      scanner.scan(ByteBuffer.wrap(block));
    }
    assertThat(hits).isEmpty();
    scanner.scan(
        ByteBuffer.wrap(("\r\n" + part("name=\"jwt\"", "x".repeat(1 << 20))).getBytes(ISO_8859_1)));
    scanner.end();

    assertThat(hits).hasSize(1);
    assertThat(hits.get(0).name()).isEqualTo("jwt");
    assertThat(hits.get(0).value()).hasSizeLessThanOrEqualTo(BodyScanner.MAX_FIELD);
  }

  @Test
  void plainFormIsNotInDoubt() {
    MultipartScanner scanner = scanner();
    String body =
        part("name=\"a\"", "1")
            + part("name=\"f\"; filename=\"C:\\\\dir\\\\my file (1).txt\"", "--XY\r\n--X")
            + part(
                "name=\"g\"; filename=\"\u00e5\u00b1\u00b1.txt\"\r\nContent-Type: image/png",
                "\u0000")
            + "--XX--\r\n";
    scanner.scan(ByteBuffer.wrap(body.getBytes(ISO_8859_1)));
    scanner.end();

    assertThat(scanner.doubt()).isEmpty();
    assertThat(hits).isEmpty();
  }

  @Test
  void hitShowsNoValue() {
    assertThat(new BodyHit("jwt", "secret", false).toString()).doesNotContain("secret");
  }
}
