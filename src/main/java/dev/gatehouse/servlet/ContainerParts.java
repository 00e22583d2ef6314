package dev.gatehouse.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A multipart form that the container has read into parts for the filter. The app asks the
 * container for the parts as ever; two things it would miss are made good: the text of a field in
 * the character encoding that the app sets only now, and the body for an app that reads it itself.
 */
final class ContainerParts implements AppBody {
  /** A character for a byte. */
  static final Charset LATIN = ISO_8859_1;

  private static final String CRLF = "\r\n";

  private final String encodingThen;
  private final Charset charsetThen;
  private final ContainerHabits habits;
  private final Collection<Part> parts;
  private ServletInputStream stream;

  /**
   * @param encodingThen the request's character encoding when the parts were read; null for none
   * @param charset what the container made of it
   */
  ContainerParts(
      String encodingThen, Charset charset, ContainerHabits habits, Collection<Part> parts) {
    this.encodingThen = encodingThen;
    this.charsetThen = charset;
    this.habits = habits;
    this.parts = parts;
  }

  /** The form written anew: the same parts in the same order under the same boundary. */
  @Override
  public ServletInputStream stream(HttpServletRequest shown) throws IOException {
    if (stream == null) {
      stream = new PlainStream(new SequenceInputStream(Collections.enumeration(pieces(shown))));
    }
    return stream;
  }

  private List<InputStream> pieces(HttpServletRequest shown) throws IOException {
    String delimiter = "--" + boundary(shown.getHeader("Content-Type"));
    List<InputStream> pieces = new ArrayList<>();
    for (Part part : parts) {
      StringBuilder head = new StringBuilder(delimiter).append(CRLF);
      for (String name : part.getHeaderNames()) {
        for (String value : part.getHeaders(name)) {
          head.append(name).append(": ").append(value).append(CRLF);
        }
      }
      pieces.add(text(head.append(CRLF).toString()));
      pieces.add(part.getInputStream());
      pieces.add(text(CRLF));
    }
    pieces.add(text(delimiter + "--" + CRLF));
    return pieces;
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(LATIN));
  }

  private static String boundary(String contentType) {
    int at = contentType.toLowerCase(Locale.ROOT).indexOf("boundary=");
    String rest = contentType.substring(at + "boundary=".length());
    return rest.startsWith("\"")
        ? rest.substring(1, Math.max(1, rest.indexOf('"', 1)))
        : rest.split("[;,]", 2)[0].strip();
  }

  @Override
  public Map<String, List<String>> parameters(
      HttpServletRequest shown, Map<String, List<String>> ofContainer) {
    if (Objects.equals(encodingThen, shown.getCharacterEncoding())) {
      return ofContainer;
    }
    Map<String, List<String>> read = fields(habits.charset(shown));
    Map<String, List<String>> then = fields(charsetThen);
    Map<String, List<String>> all = new LinkedHashMap<>();
    ofContainer.forEach(
        (name, values) -> {
          List<String> anew = read.getOrDefault(name, List.of());
          List<String> asThen = then.getOrDefault(name, List.of());
          List<String> both = new ArrayList<>(values);
          // Tomcat puts the parts before the query where it reads them first.
          asThen.forEach(both::remove);
          both.addAll(anew);
          all.put(name, both);
        });
    return all;
  }

  private Map<String, List<String>> fields(Charset charset) {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    for (Part part : parts) {
      if (part.getSubmittedFileName() != null) {
        continue;
      }
      try (InputStream content = part.getInputStream()) {
        fields
            .computeIfAbsent(part.getName(), name -> new ArrayList<>(1))
            .add(new String(content.readAllBytes(), charset));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return fields;
  }

  @Override
  public int grown() {
    return 0;
  }
}
