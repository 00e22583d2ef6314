package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that are taken in one piece are what they are when they are read byte by byte. */
@Rule("TH-HTTP-3")
class QuickFieldParserTest {
  private static final int MAX = 8192;

  static HttpParser quick(HttpParser.RequestHandler handler) {
    return without(new QuickFieldParser(handler, MAX, HttpCompliance.STRICT));
  }

  static HttpParser jettys(HttpParser.RequestHandler handler) {
    return without(new HttpParser(handler, MAX, HttpCompliance.STRICT));
  }

  private static HttpParser without(HttpParser parser) {
    parser.setHeaderCacheSize(0);
    parser.setHeaderCacheCaseSensitive(true);
    return parser;
  }

  static Stream<String> attacks() {
    return Stream.of("http-syntax.txt", "smuggling.txt", "field-lines.txt")
        .flatMap(AttackList::read)
        .flatMap(attack -> Stream.of(attack.bad(), attack.good()))
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void attackIsWhatItIsToJetty(String request) {
    byte[] bytes = request.getBytes(ISO_8859_1);
    List<String> expected = ParsedRequests.of(QuickFieldParserTest::jettys, bytes);
    assertThat(ParsedRequests.of(QuickFieldParserTest::quick, bytes)).isEqualTo(expected);
    int step = Math.max(1, bytes.length / 200);
    for (int end = 0; end <= bytes.length; end += step) {
      assertThat(ParsedRequests.of(QuickFieldParserTest::quick, bytes, end))
          .as("in two pieces, the first of %d", end)
          .isEqualTo(expected);
    }
    assertThat(
            ParsedRequests.of(
                QuickFieldParserTest::quick, bytes, IntStream.range(0, bytes.length).toArray()))
        .as("byte by byte")
        .isEqualTo(expected);
  }

  @Test
  void valueKeepsEveryOctetThatMayStandInIt() {
    StringBuilder value = new StringBuilder("a");
    IntStream.rangeClosed(0, 255)
        .filter(octet -> octet == '\t' || octet >= ' ' && octet != 0x7f)
        .forEach(octet -> value.append((char) octet));
    assertThat(fieldsOf("x-value: \t" + value + "z \t\r\n"))
        .contains("{host=[Host:app.example], x-value=[null:" + value + "z]}");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6, 7, 8, 9, 15, 16, 17})
  void controlCharacterIsRefusedWhereverItStands(int before) {
    for (int octet : new int[] {0, 1, 8, 11, 12, 14, 31, 0x7f}) {
      String value = "a".repeat(before) + (char) octet + "b".repeat(20);
      assertThat(fieldsOf("X-Value: " + value + "\r\n")).last().isEqualTo("bad 400");
      assertThat(fieldsOf("X-Value: " + value.replace((char) octet, 'c') + "\r\n"))
          .last()
          .isEqualTo("complete");
    }
  }

  @Test
  void linesOfAnyKindCountTogether() {
    String head = "GET / HTTP/1.1\r\nHost: app.example\r\nX-A: \r\n\r\n";
    String most = head.replace("X-A: ", "X-A: " + "a".repeat(MAX - head.length()));
    assertThat(parsed(most)).last().isEqualTo("complete");
    assertThat(parsed(most.replace("X-A: ", "X-A: a"))).last().isEqualTo("bad 431");
    assertThat(parsed(most.replace("X-A: a", "X-A: \r\nX: ")))
        .as("many lines")
        .last()
        .isEqualTo("bad 431");
  }

  @Test
  @Rule("TH-HTTP-1")
  void trailersCountTogetherWithTheHead() {
    String head = "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nX-A: %s\r\n\r\n";
    String body = "0\r\nX-B: %s\r\n\r\n";
    String half = "a".repeat(MAX / 2);
    assertThat(parsed(head.formatted(half) + body.formatted("b"))).last().isEqualTo("complete");
    assertThat(parsed(head.formatted("a") + body.formatted(half))).last().isEqualTo("complete");
    assertThat(parsed(head.formatted(half) + body.formatted(half)))
        .doesNotContain("complete")
        .last()
        .isEqualTo("bad body");
  }

  @Test
  void nextRequestOfTheConnectionHasAllItsRoom() {
    String request =
        "GET / HTTP/1.1\r\nHost: app.example\r\nX-A: %s\r\n\r\n".formatted("a".repeat(6000));
    assertThat(parsed(request.repeat(3)).stream().filter("complete"::equals)).hasSize(3);
  }

  private static List<String> fieldsOf(String lines) {
    return parsed("GET / HTTP/1.1\r\nHost: app.example\r\n" + lines + "\r\n");
  }

  private static List<String> parsed(String request) {
    return ParsedRequests.of(QuickFieldParserTest::quick, request.getBytes(ISO_8859_1));
  }
}
