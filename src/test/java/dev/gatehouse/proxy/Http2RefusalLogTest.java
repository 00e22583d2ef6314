package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.RawHttp2;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the access log says of requests of HTTP/2 that are none. */
class Http2RefusalLogTest extends H2cContract {
  private static final String SECRET = "s3cr3t-value";
  private static final Pattern REFUSED =
      Pattern.compile(
          "gatehouse_requests_seconds_count\\{decision=\"answered\",status=\"4xx\"} (\\d+)");

  private final Logger access = (Logger) LoggerFactory.getLogger("dev.gatehouse.access");
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getFormattedMessage());
        }
      };

  @BeforeEach
  void listen() {
    access.setLevel(Level.INFO);
    appender.start();
    access.addAppender(appender);
  }

  @AfterEach
  void listenNoMore() {
    access.detachAppender(appender);
    access.setLevel(null);
  }

  private String line() throws InterruptedException {
    String line = lines.poll(20, TimeUnit.SECONDS);
    assertThat(line).as("line").isNotNull();
    return line;
  }

  private static int refused() {
    Matcher count = REFUSED.matcher(door.metrics().exposition(Optional.empty()).text());
    return count.find() ? Integer.parseInt(count.group(1)) : 0;
  }

  @Test
  @Rule("TH-SEC-7")
  void eachMalformedHeadHasOneLineAndOneCount() throws InterruptedException {
    List<AttackList.Attack> heads = Http2AttackTest.heads().toList();
    int before = refused();
    for (AttackList.Attack attack : heads) {
      try (RawHttp2 client = RawHttp2.open(door.port())) {
        client.headers(1, true, Http2AttackTest.changed(attack.bad()));
        assertThat(lines.poll(20, TimeUnit.SECONDS))
            .as(attack.line())
            .isNotNull()
            .matches("[!-~]+ [!-~]+ 400 0 bytes \\d+ ms 127\\.0\\.0\\.1");
      }
    }
    await().untilAsserted(() -> assertThat(refused()).isEqualTo(before + heads.size()));
    assertThat(lines).isEmpty();
  }

  @Test
  @Rule("TH-SEC-6")
  @Rule("TH-LEAK-14")
  void theLineSaysWhatCouldBeReadAndNoSecret() throws InterruptedException {
    try (RawHttp2 client = RawHttp2.open(door.port())) {
      client.get(1, "/a?page=2&code=" + SECRET, "upgrade", SECRET);
      assertThat(line()).startsWith("GET /a?page=2&code=*** 400 ");

      client.get(3, "/gatehouse/callback?page=" + SECRET, "upgrade", SECRET);
      assertThat(line()).startsWith("GET /gatehouse/callback 400 ");

      client.get(5, "/a", "connection", SECRET);
      assertThat(line()).as("what Jetty refuses").startsWith("- - 400 ");

      client.get(7, "/a b" + "x".repeat(5000));
      assertThat(line()).startsWith("GET /a\\u0020bxx").hasSizeLessThan(1200);

      client.get(9, "/a", "content-length", SECRET);
      assertThat(line()).as("the end of the connection").startsWith("- - 400 ");
      client.awaitEnd();
    }
    assertThat(lines).isEmpty();
  }

  @Test
  void aBlockThatIsTooLargeHasALine() throws InterruptedException {
    try (RawHttp2 client = RawHttp2.open(door.port())) {
      client.get(1, "/", "x", "y".repeat(3 * Door.LIMITS.maxHeadBytes()));
      assertThat(line()).startsWith("- - 400 ");
      client.awaitEnd();
      assertThat(client.goAway()).isNotNull().isNotZero();
    }
  }

  @Test
  void aConnectionThatEndsInPeaceHasNoLine() throws InterruptedException {
    try (RawHttp2 client = RawHttp2.open(door.port())) {
      client.frame(RawHttp2.GOAWAY, 0, 0, new byte[8]);
      client.awaitEnd();
    }
    try (RawHttp2 client = RawHttp2.open(door.port())) {
      client.get(1, "/");
      client.await(1);
    }
    assertThat(line()).startsWith("GET / 200 ");
    assertThat(lines).isEmpty();
  }

  @Test
  @Rule("TH-DOS-8")
  void aFloodLeavesFewLinesBeforeItsConnectionEnds() {
    int sent = 2000;
    try (RawHttp2 client = RawHttp2.open(door.port())) {
      for (int i = 0; i < sent; i++) {
        client.get(1 + 2 * i, "/", "upgrade", "h2c");
      }
      client.awaitEnd();
    }
    assertThat(lines).hasSizeBetween(50, sent / 2);
  }
}
