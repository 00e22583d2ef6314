package dev.gatehouse.hygiene;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Any multipart body, cut anywhere; and a token behind it is found whatever stood before. */
class MultipartScannerFuzzTest {
  private static final TokenScanner SCANNER = new TokenScanner(WatchedNames.BY_DEFAULT, true);
  private static final BodyType TYPE =
      BodyType.of(List.of("multipart/form-data; boundary=XX"), List.of());
  private static final String TOKEN =
      "\r\n\r\n--XX\r\nContent-Disposition: form-data; name=\"access_token\"\r\n\r\nT\r\n--XX--";

  @FuzzTest
  @Rule("TH-LEAK-3")
  void tokenBehindAnythingIsFoundInPiecesToo(byte[] bytes) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("--XX\r\n".getBytes(ISO_8859_1));
    body.writeBytes(bytes);
    body.writeBytes(TOKEN.getBytes(ISO_8859_1));
    byte[] all = body.toByteArray();

    List<BodyHit> whole = scan(all, 0);
    assertThat(scan(all, bytes.length == 0 ? 0 : bytes[0] & 0x7f)).isEqualTo(whole);
    assertThat(whole).anyMatch(hit -> hit.name().equals("access_token"));
  }

  private static List<BodyHit> scan(byte[] body, int cut) {
    List<BodyHit> hits = new ArrayList<>();
    MultipartScanner scanner = new MultipartScanner(TYPE, SCANNER, List.of(), hits::add);
    int at = Math.min(cut, body.length);
    scanner.scan(ByteBuffer.wrap(body, 0, at));
    scanner.scan(ByteBuffer.wrap(body, at, body.length - at));
    scanner.end();
    return hits;
  }
}
