package dev.gatehouse.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import java.util.List;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The log of the standalone gateway: JSON lines on standard error; standard output has the ready
 * line alone. {@code GATEHOUSE_LOG_LEVEL} changes the level. Set up here and not in a file, since
 * reading XML takes longer than all the rest of Logback. Public for SLF4J, which makes it.
 */
public final class ShippedLog implements SLF4JServiceProvider {
  /** These print header fields and bodies, and so tokens and cookies, below INFO. */
  private static final List<String> TALKATIVE =
      List.of("org.eclipse.jetty", "org.apache.hc", "com.nimbusds");

  /** A warning for each odd request would let anybody fill the log; the access log has them. */
  private static final List<String> EXCITABLE =
      List.of("org.eclipse.jetty.http.HttpParser", "org.eclipse.jetty.util.HostPort");

  private final LoggerContext context = new LoggerContext();
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final LogbackMDCAdapter diagnostics = new LogbackMDCAdapter();

  @Override
  public void initialize() {
    context.setName("gatehouse");
    context.setMDCAdapter(diagnostics);
    configure(context, System.getenv("GATEHOUSE_LOG_LEVEL"));
  }

  /**
   * Sets up loggers and where they write.
   *
   * @param level of all that is not held at another; INFO for null or a word that is none
   */
  static void configure(LoggerContext context, String level) {
    JsonLineEncoder encoder = new JsonLineEncoder();
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(context);
    stderr.setName("stderr");
    stderr.setTarget("System.err");
    stderr.setEncoder(encoder);
    stderr.start();
    Level wanted = Level.toLevel(level, Level.INFO);
    TALKATIVE.forEach(name -> context.getLogger(name).setLevel(stricter(wanted, Level.INFO)));
    EXCITABLE.forEach(name -> context.getLogger(name).setLevel(stricter(wanted, Level.ERROR)));
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(wanted);
    root.addAppender(stderr);
    context.start();
  }

  private static Level stricter(Level wanted, Level least) {
    return wanted.isGreaterOrEqual(least) ? wanted : least;
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return context;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return diagnostics;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }
}
