package dev.gatehouse.servlet;

import dev.gatehouse.gate.BodyRelay;
import dev.gatehouse.gate.BodyStart;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A body whose beginning the filter has read: the app gets it again, as bytes or, where it is a
 * form, as parameters. A container that has given its stream away reads no parameters from it any
 * more, so they are read here, when the app asks for the first one (Servlet 5.0 §3.1.1) and with
 * the character encoding that it has set by then.
 */
final class ReplayedBody implements AppBody {
  /** What Tomcat reads by default is a quarter of it, what Jetty reads less. */
  static final int MAX_FORM_BYTES = 8 * 1024 * 1024;

  /** As many as Tomcat 9 reads; a field of three bytes takes a hundred times that in memory. */
  static final int MAX_FIELDS = 10_000;

  private static final String FORM = "application/x-www-form-urlencoded";

  private final ServletInputStream container;
  private final BodyStart start;
  private final ContainerHabits habits;
  private final Optional<BodyRelay> relay;
  private ReplayStream stream;
  private Map<String, List<String>> form;

  ReplayedBody(
      ServletInputStream container,
      BodyStart start,
      ContainerHabits habits,
      Optional<BodyRelay> relay) {
    this.container = container;
    this.start = start;
    this.habits = habits;
    this.relay = relay;
  }

  @Override
  public ServletInputStream stream(HttpServletRequest shown) {
    if (stream == null) {
      stream =
          new ReplayStream(
              relay.map(BodyRelay::start).orElse(start.bytes()),
              start.whole() ? null : container,
              relay.orElse(null),
              shown::getAsyncContext);
    }
    return stream;
  }

  @Override
  public Map<String, List<String>> parameters(
      HttpServletRequest shown, Map<String, List<String>> ofContainer) {
    if (form == null) {
      form = stream == null && isForm(shown) ? readForm(shown) : Map.of();
    }
    if (form.isEmpty()) {
      return ofContainer;
    }
    // The values of the query come first (Servlet 5.0 §3.1).
    Map<String, List<String>> all = new LinkedHashMap<>();
    ofContainer.forEach((name, values) -> all.put(name, new ArrayList<>(values)));
    form.forEach(
        (name, values) -> all.computeIfAbsent(name, n -> new ArrayList<>()).addAll(values));
    return all;
  }

  @Override
  public int grown() {
    return relay.map(changed -> changed.start().length - start.bytes().length).orElse(0);
  }

  private boolean isForm(HttpServletRequest shown) {
    String type = shown.getHeader("Content-Type");
    return type != null
        && habits.formMethods().contains(shown.getMethod())
        && type.split(";", 2)[0].strip().equalsIgnoreCase(FORM);
  }

  private Map<String, List<String>> readForm(HttpServletRequest shown) {
    Charset charset = habits.charset(shown);
    try {
      byte[] bytes = stream(shown).readNBytes(MAX_FORM_BYTES + 1);
      if (bytes.length > MAX_FORM_BYTES) {
        throw new IllegalStateException("the form is larger than " + MAX_FORM_BYTES + " bytes");
      }
      return UrlEncodedForm.read(bytes, charset, MAX_FIELDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
