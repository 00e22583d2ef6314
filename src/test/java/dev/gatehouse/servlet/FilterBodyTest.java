package dev.gatehouse.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.gatehouse.Rule;
import dev.gatehouse.gate.BodyRelay;
import dev.gatehouse.gate.BodyStart;
import dev.gatehouse.gate.Decision;
import dev.gatehouse.testkit.Reply;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An app does not notice that the filter has looked at its body before. */
class FilterBodyTest extends FilterInContainers {
  private static final int PEEK = 64;
  private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
  private static final String MULTIPART = "Content-Type: multipart/form-data; boundary=XX";

  private final AtomicReference<BodyStart> start = new AtomicReference<>();
  private final List<String> values = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

  FilterBodyTest(ContainerKind kind) {
    super(kind);
  }

  @BeforeEach
  void peekAtEveryBody() {
    relay(bytes -> bytes);
  }

  private void relay(UnaryOperator<byte[]> change) {
    start.set(null);
    rest.reset();
    gate.decideAlways(
        request ->
            new Decision.PeeksBody(
                PEEK,
                begun -> {
                  start.set(begun);
                  begun
                      .fields()
                      .ifPresent(fields -> fields.forEach(f -> values.add(f.value().get())));
                  return new Decision.ToApp(
                      FakeForward.as("alice").to(request),
                      Optional.of(new Relay(change.apply(begun.bytes()), rest)));
                }));
  }

  private record Relay(byte[] start, ByteArrayOutputStream rest) implements BodyRelay {
    @Override
    public void passing(ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      rest.writeBytes(copy);
    }

    @Override
    public void ended() {
      rest.writeBytes("|".getBytes(UTF_8));
    }
  }

  private static Reply post(String path, String body, String... fields) {
    return container.ask("POST", APP + path, body, fields);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, PEEK - 1, PEEK, PEEK + 1, 10 * PEEK, 100_000})
  void appReadsEveryByteInEachWay(int length) {
    String body = "0123456789abcdef".repeat(length / 16 + 1).substring(0, length);
    for (String path : List.of("/body/stream", "/body/single", "/body/reader", "/body/async")) {
      relay(bytes -> bytes);
      Reply reply = post(path, body, "Content-Type: text/plain");
      assertThat(reply.text()).as("%s", path).isEqualTo(body);
      assertThat(start.get().bytes()).hasSize(Math.min(length, PEEK));
      if (length > PEEK) {
        assertThat(rest.toString(UTF_8)).isEqualTo(body.substring(PEEK) + "|");
      }
    }
  }

  @Test
  void chunkedBodyIsReadAsOne() {
    String chunks = "3\r\nabc\r\n50\r\n" + "x".repeat(0x50) + "\r\n0\r\n\r\n";
    for (String path : List.of("/body/stream", "/body/reader", "/body/async")) {
      Reply reply = post(path, chunks, "Transfer-Encoding: chunked", "Content-Type: text/plain");
      assertThat(reply.text()).as("%s", path).isEqualTo("abc" + "x".repeat(0x50));
    }
  }

  /** {@code /body/parameters} asks for each of them by its name. */
  @Test
  void aFormOfManyFieldsCostsNoMoreThanItsLength() {
    int fields = container instanceof JettyContainer ? 1_000 : 10_000; // Jetty refuses more itself

    Reply reply =
        assertTimeoutPreemptively(
            Duration.ofSeconds(5), () -> post("/body/parameters", form(fields), FORM));

    assertThat(reply.text().lines()).hasSize(fields).contains("f0=[]", "f999=[]");
  }

  @Test
  void aDispatchBringsItsOwnParametersAlsoAfterTheFormWasRead() {
    String told = post("/body/look-and-forward", "a=1&f=2", FORM).text();
    assertThat(told).contains("a=[1]", "f=[forwarded, 2]").doesNotContain("inconsistent");
  }

  @Test
  void aFormOfTooManyFieldsIsNotReadIntoMemory() {
    assertThat(post("/body/parameters", form(1_000), FORM).status()).isEqualTo(200);
    assertThat(post("/body/parameters", form(10_001), FORM).status())
        .isEqualTo(container instanceof JettyContainer ? 400 : 500);
    assertThat(post("/body/stream", form(10_001), FORM).text()).isEqualTo(form(10_001));
  }

  private static String form(int fields) {
    return IntStream.range(0, fields).mapToObj(i -> "f" + i).collect(Collectors.joining("&"));
  }

  @Test
  void readerReadsInTheNamedCharacterSet() {
    byte[] korean = "\uac00\ub098\ub2e4".getBytes(Charset.forName("EUC-KR"));
    String body = new String(korean, ISO_8859_1);
    assertThat(post("/body/reader", body, "Content-Type: text/plain; charset=EUC-KR").text())
        .isEqualTo("\uac00\ub098\ub2e4");
    assertThat(post("/body/both", body, "Content-Type: text/plain").text())
        .isEqualTo("one or the other");
  }

  @Test
  @Rule("TH-HDR-5")
  void parametersOfQueryAndFormAreTogether() {
    for (String filling : List.of("", "&z=" + "x".repeat(3 * PEEK))) {
      Reply reply = post("/body/parameters?a=1&b=2", "a=3&c=x+%41&d" + filling, FORM);
      assertThat(lines(reply)).contains("a=[1, 3]", "b=[2]", "c=[x A]", "d=[]");
      assertThat(lines(reply)).doesNotContain("inconsistent");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=1&b=2",
        "a=%C3%A9",
        "a=%EA%B0%80&%EA%B0%80=b",
        "a",
        "a=",
        "a=b=c",
        "a=1&b=2&",
        "a=+%2B+&b=%20",
        "a=1&a=2&A=3"
      })
  @Rule("TH-HDR-5")
  void formIsReadAsTheContainerReadsIt(String form) {
    for (String type : List.of(FORM, FORM + "; charset=UTF-8", FORM + "; charset=ISO-8859-1")) {
      passAs(FakeForward.as("alice"));
      String byContainer = post("/body/parameters?a=q", form, type).text();
      relay(bytes -> bytes);
      assertThat(post("/body/parameters?a=q", form, type).text()).as(type).isEqualTo(byContainer);
    }
  }

  @Test
  void formIsReadInTheCharacterSetThatTheAppSets() {
    Reply reply = post("/body/parameters", "a=%B0%A1%B3%AA", FORM, "X-Encoding: EUC-KR");
    assertThat(lines(reply)).contains("a=[\uac00\ub098]");
  }

  @Test
  void forwardKeepsTheParameters() {
    assertThat(lines(post("/body/forward?a=1", "b=2", FORM)))
        .contains("a=[1]", "b=[2]", "f=[forwarded]");
  }

  @Test
  void bodyThatIsNoFormHasNoParameters() {
    assertThat(lines(post("/body/parameters?a=1", "b=2", "Content-Type: text/plain")))
        .containsExactly("a=[1]");
  }

  @Test
  @Rule("TH-LEAK-5")
  void shorterFormIsAsLongAsItSays() {
    relay(bytes -> "a=1".getBytes(UTF_8));
    assertThat(post("/body/length", "a=1&jwt=secret", FORM).text()).isEqualTo("3 3 3 3");
    assertThat(post("/body/stream", "a=1&jwt=secret", FORM).text()).isEqualTo("a=1");
    assertThat(lines(post("/body/parameters", "a=1&jwt=secret", FORM))).containsExactly("a=[1]");
  }

  private static String part(String disposition, String content) {
    return "--XX\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
  }

  @Test
  @Rule("TH-LEAK-3")
  void containerReadsTheUploadsThatItIsConfiguredFor() {
    String file = "y".repeat(5 * PEEK);
    String body =
        part("name=\"a\"", "1")
            + part("name=\"f\"; filename=\"f.txt\"", file)
            + part("name=\"jwt\"", "secret")
            + "--XX--\r\n";
    Reply reply = post("/upload/parts?q=2", body, MULTIPART);

    assertThat(lines(reply)).contains("a null 1", "f f.txt " + file, "a=[1]", "q=[2]");
    assertThat(start.get().fields().orElseThrow())
        .extracting(BodyStart.Field::name)
        .containsExactlyInAnyOrder("a", "f", "jwt");
    assertThat(values).contains("1", "secret");
  }

  @Test
  void appThatReadsAnUploadItselfFindsItsParts() {
    String body =
        part("name=\"a\"", "1")
            + part("name=\"f\"; filename=\"f.txt\"", "y".repeat(5 * PEEK))
            + "--XX--\r\n";

    assertThat(post("/body/stream", body, MULTIPART).text()).isEqualTo(body);
    assertThat(post("/upload/stream", body, MULTIPART).text())
        .contains("name=\"a\"", "filename=\"f.txt\"", "y".repeat(5 * PEEK))
        .endsWith("--XX--\r\n");
  }

  @Test
  void fieldOfAnUploadIsReadInTheCharacterSetThatTheAppSets() {
    byte[] korean = "\uac00\ub098".getBytes(Charset.forName("EUC-KR"));
    String body = part("name=\"a\"", new String(korean, ISO_8859_1)) + "--XX--\r\n";
    Reply reply = post("/upload/parts?a=q", body, MULTIPART, "X-Encoding: EUC-KR");
    assertThat(lines(reply)).contains("a=[q, \uac00\ub098]");
  }

  @Test
  void uploadInAnUnknownCharacterSetIsTheAppsBusiness() {
    String body = part("name=\"a\"", "1") + "--XX--\r\n";
    String type = MULTIPART + "; charset=unheard-of";
    gate.decideAlways(request -> new Decision.ToApp(FakeForward.as("alice").to(request)));
    Reply byContainer = post("/upload/parts", body, type);
    relay(bytes -> bytes);

    Reply reply = post("/upload/parts", body, type);

    assertThat(reply.status()).isEqualTo(byContainer.status());
    assertThat(reply.text()).isEqualTo(byContainer.text());
  }

  @Test
  @Rule("TH-LEAK-3")
  void bodyThatAnEarlierFilterHasUsedUpIsJudgedByItsParameters() {
    Reply reply = post("/body/parameters?q=1", "a=1&jwt=secret", FORM, "X-Before: parameters");
    assertThat(lines(reply)).contains("a=[1]", "jwt=[secret]");
    assertThat(start.get().fields().orElseThrow())
        .extracting(BodyStart.Field::name)
        .contains("a", "jwt");
  }
}
