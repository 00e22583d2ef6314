package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.gatehouse.backchannel.LogText;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * Writes each log event as one line of JSON (RFC 8259) that nothing from outside can break in two
 * or turn around: control, format and bidirectional characters and line separators are escaped
 * (TH-SEC-7). Logback's own encoder leaves the latter as they are.
 */
public final class JsonLineEncoder extends EncoderBase<ILoggingEvent> {
  private final ThrowableProxyConverter stackTrace = new ThrowableProxyConverter();

  @Override
  public void start() {
    stackTrace.start();
    super.start();
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(256);
    line.append("{\"time\":\"").append(event.getInstant()).append('"');
    field(line, "level", event.getLevel().toString());
    field(line, "logger", event.getLoggerName());
    field(line, "thread", event.getThreadName());
    field(line, "message", event.getFormattedMessage());
    for (Map.Entry<String, String> entry : event.getMDCPropertyMap().entrySet()) {
      field(line, entry.getKey(), entry.getValue());
    }
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        field(line, pair.key, String.valueOf(pair.value));
      }
    }
    if (event.getThrowableProxy() != null) {
      field(line, "exception", stackTrace.convert(event));
    }
    return line.append("}\n").toString().getBytes(UTF_8);
  }

  private static void field(StringBuilder line, String name, String value) {
    line.append(",\"");
    escape(line, name);
    line.append("\":\"");
    escape(line, String.valueOf(value));
    line.append('"');
  }

  private static void escape(StringBuilder line, String text) {
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                line.append('\\').append((char) c);
              } else if (LogText.printable(c)) {
                line.appendCodePoint(c);
              } else {
                for (char half : Character.toChars(c)) {
                  line.append(String.format("\\u%04x", (int) half));
                }
              }
            });
  }
}
