package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import java.util.List;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpParser;

/** Any field lines, in any pieces: taken at once or byte by byte, they say the same. */
class QuickFieldParserFuzzTest {
  private static final String[] PARTS = {
    "\r\n",
    ": ",
    ":",
    "\n",
    "\r",
    " ",
    "\t",
    "X-A",
    "x",
    "Host: a\r\n",
    "Content-Length: 3\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Connection: close\r\n",
    "Cookie",
    "Authorization: Bearer ",
    "a".repeat(40),
    "b".repeat(3000),
    "\r\n\r\n",
    "0\r\n\r\n",
    "GET / HTTP/1.1\r\n",
    "\u00e4",
    "\u0000"
  };

  @FuzzTest
  @Rule("TH-HTTP-3")
  void fieldsAreWhatJettyReads(FuzzedDataProvider data) {
    int first = data.consumeInt(0, 400);
    int second = data.consumeInt(first, 400);
    StringBuilder request = new StringBuilder("GET / HTTP/1.1\r\n");
    while (data.remainingBytes() > 0 && request.length() < 20_000) {
      request.append(
          data.consumeBoolean()
              ? PARTS[data.consumeInt(0, PARTS.length - 1)]
              : new String(data.consumeBytes(data.consumeInt(1, 12)), ISO_8859_1));
    }
    // Of a head that does not end, either may know sooner that it is wrong.
    request.append("\r\n\r\n");
    byte[] bytes = request.toString().getBytes(ISO_8859_1);
    assertSame(bytes);
    assertSame(bytes, Math.min(first, bytes.length), Math.min(second, bytes.length));
  }

  private static void assertSame(byte[] bytes, int... pieceEnds) {
    assertThat(seen(QuickFieldParserTest::quick, bytes, pieceEnds))
        .isEqualTo(seen(QuickFieldParserTest::jettys, bytes, pieceEnds));
  }

  /** Of two faults in a head either may be told of. */
  private static List<String> seen(
      Function<HttpParser.RequestHandler, HttpParser> maker, byte[] bytes, int... pieceEnds) {
    return ParsedRequests.of(maker, bytes, pieceEnds).stream()
        .map(what -> what.equals("bad 431") ? "bad 400" : what)
        .toList();
  }
}
