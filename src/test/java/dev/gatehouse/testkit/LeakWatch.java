package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails a test whose log, at any level of our own loggers, holds one of the {@link KnownSecrets}
 * (TH-SEC-6). Answers are inspected by {@link Browser} as they come (TH-TOK-11).
 */
public final class LeakWatch implements BeforeEachCallback, AfterEachCallback {
  private static final Queue<String> LINES = new ConcurrentLinkedQueue<>();

  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          LINES.add(
              event.getLevel()
                  + " "
                  + event.getLoggerName()
                  + " "
                  + event.getFormattedMessage()
                  + " "
                  + event.getKeyValuePairs()
                  + " "
                  + event.getMDCPropertyMap()
                  + ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
      };

  @Override
  public void beforeEach(ExtensionContext context) {
    LINES.clear();
    KnownSecrets.forget();
    logger("dev.gatehouse").setLevel(Level.TRACE);
    appender.start();
    logger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    logger(Logger.ROOT_LOGGER_NAME).detachAppender(appender);
    logger("dev.gatehouse").setLevel(null);
    for (String line : LINES) {
      assertNoSecret(line);
    }
  }

  /** What has been logged since the test began. */
  public static Queue<String> lines() {
    return LINES;
  }

  /**
   * Waits for a line that has all these parts. What is found at the end of a body is told by the
   * thread that carries it, perhaps after the other side has answered.
   */
  public static void awaitLine(String... parts) {
    await()
        .untilAsserted(
            () -> assertThat(LINES).anySatisfy(line -> assertThat(line).contains(parts)));
  }

  /** Fails where a line of a log holds a secret; does not print the line. */
  public static void assertNoSecret(String line) {
    for (String secret : KnownSecrets.neverLogged()) {
      assertThat(line.contains(secret))
          .as("a secret in the log: %s", line.replace(secret, "[the secret]"))
          .isFalse();
    }
  }

  /** Fails where a browser gets a token; {@code id_token_hint} in a Location is the exception. */
  static void inspect(Reply reply) {
    String location = reply.location();
    String whole = location == null ? reply.whole() : reply.whole().replace(location, "");
    for (String token : KnownSecrets.neverAnswered()) {
      assertThat(whole.contains(token)).as("a token in an answer to the browser").isFalse();
    }
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }
}
