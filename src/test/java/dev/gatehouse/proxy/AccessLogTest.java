package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.gatehouse.Rule;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log says of requests, and what it never says. */
class AccessLogTest {
  private static final String SECRET = "s3cr3t-value";

  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Logger access = (Logger) LoggerFactory.getLogger("dev.gatehouse.access");
  private final BlockingQueue<String> accessLines = new LinkedBlockingQueue<>();
  private final Queue<String> all = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          all.add(
              event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy()));
          if (event.getLoggerName().equals(access.getName())) {
            accessLines.add(event.getFormattedMessage());
          }
        }
      };
  private Level rootLevel;
  private RawUpstream app;
  private Door door;

  @BeforeEach
  void open() {
    rootLevel = root.getLevel();
    root.setLevel(Level.INFO);
    appender.start();
    root.addAppender(appender);
    app =
        new RawUpstream(
            call -> {
              call.body();
              call.send(
                  switch (call.target().split("\\?")[0]) {
                    case "/cut" -> "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf";
                    case "/nonsense" -> "nonsense\r\n\r\n";
                    default -> RawUpstream.OK;
                  });
              return !call.target().startsWith("/cut");
            });
    door = Door.before(app);
  }

  @AfterEach
  void close() {
    door.close();
    app.close();
    root.detachAppender(appender);
    root.setLevel(rootLevel);
  }

  private String logged(String request) throws InterruptedException {
    RawClient.untilClosed(door.port(), request);
    String line = accessLines.poll(20, TimeUnit.SECONDS);
    assertThat(line).isNotNull();
    return line;
  }

  private static String get(String target) {
    return "GET "
        + target
        + " HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\nCookie: c="
        + SECRET
        + "\r\nAuthorization: Bearer "
        + SECRET
        + "\r\n\r\n";
  }

  @Test
  void aLineHasMethodPathStatusBytesTimeAndAddress() throws InterruptedException {
    assertThat(logged(get("/a/b"))).matches("GET /a/b 200 2 bytes \\d+ ms 127\\.0\\.0\\.1");
  }

  @Test
  @Rule("TH-SEC-6")
  @Rule("TH-LEAK-14")
  void noQueryCookieOrTokenIsEverLogged() throws InterruptedException {
    for (String path :
        new String[] {"/a", "/refused", "/bug", "/cut", "/nonsense", "/a;t=" + SECRET, "a"}) {
      assertThat(logged(get(path + "?code=" + SECRET))).startsWith("GET ");
    }
    logged(get("/a#" + SECRET));
    logged(get("/a?code=" + SECRET).replace("Host: app.example", "Host: app.example\r\nBad :"));
    logged(
        "POST /a?code="
            + SECRET
            + " HTTP/1.1\r\nHost: app.example\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");

    assertThat(all.stream().filter(line -> line.contains(SECRET))).isEmpty();
  }

  @Test
  @Rule("TH-LEAK-14")
  void theQueryIsLoggedWithItsSecretsMasked() throws InterruptedException {
    String query = "?page=2&ACCESS%5FTOKEN=" + SECRET + "&b=%2F;code=" + SECRET;

    assertThat(logged(get("/a" + query)))
        .startsWith("GET /a?page=2&ACCESS%5FTOKEN=***&b=%2F;code=*** 200 ");
    assertThat(logged(get("/refused" + query)))
        .startsWith("GET /refused?page=2&ACCESS%5FTOKEN=***");
    assertThat(logged(get("/gatehouse/callback?page=2"))).startsWith("GET /gatehouse/callback ");
    assertThat(logged(get("/a/access_token=" + SECRET + "/b"))).startsWith("GET /a/*** ");
    assertThat(all.stream().filter(line -> line.contains(SECRET))).isEmpty();
  }

  @Test
  @Rule("TH-SEC-7")
  void whatIsOddIsEscapedAndCut() throws InterruptedException {
    assertThat(logged(get("/a\u00e9\u009b31m"))).doesNotContain("\u009b", "\u00e9").contains("\\u");
    assertThat(logged(get("/" + "x".repeat(5000)))).hasSizeLessThan(1200);
  }

  @Test
  void aRequestThatIsNoHttpHasALineToo() throws InterruptedException {
    assertThat(logged("GET /a HTTP/7.7\r\n\r\n")).startsWith("- - 400 ").contains(" 0 ms ");
  }
}
