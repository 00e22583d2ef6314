package dev.gatehouse.servlet;

import dev.gatehouse.gate.BodyRelay;
import dev.gatehouse.gate.BodyStart;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Shows the engine the beginning of a body and lets the app have all of it.
 *
 * <p>A multipart form for a servlet that has a multipart configuration is read by the container, as
 * the app would have it read: it cannot be read twice, and only the container knows that servlet's
 * limits. Every other body is read ahead here.
 */
final class BodyPeek {
  /** As much of a field as tells one token from another. */
  private static final int MAX_VALUE_BYTES = 8 * 1024;

  private final BodyStart start;
  private final Optional<ServletInputStream> container;
  private final HttpServletRequest request;

  private BodyPeek(
      HttpServletRequest request, BodyStart start, Optional<ServletInputStream> container) {
    this.request = request;
    this.start = start;
    this.container = container;
  }

  /**
   * Reads the beginning; waits for the client as long as the container lets it.
   *
   * @throws IOException if the client's body cannot be read
   */
  static BodyPeek of(HttpServletRequest request, int maxBytes) throws IOException {
    Optional<Collection<Part>> parts = partsOfContainer(request);
    if (parts.isPresent()) {
      return new BodyPeek(request, BodyStart.of(fields(parts.get())), Optional.empty());
    }
    BodyPeek none = new BodyPeek(request, new BodyStart(new byte[0], false), stream(request));
    BodyPeek peek = none.upTo(maxBytes);
    return peek.start.bytes().length == 0 && hasBody(request) ? usedUp(request) : peek;
  }

  /**
   * This and what follows, until there are {@code maxBytes}.
   *
   * @throws IOException if the client's body cannot be read
   */
  BodyPeek upTo(int maxBytes) throws IOException {
    if (start.whole() || start.bytes().length >= maxBytes) {
      return this;
    }
    byte[] read = start.bytes();
    byte[] more =
        container.isPresent() ? container.get().readNBytes(maxBytes - read.length) : new byte[0];
    byte[] bytes = Arrays.copyOf(read, read.length + more.length);
    System.arraycopy(more, 0, bytes, read.length, more.length);
    boolean whole = bytes.length < maxBytes || bytes.length == request.getContentLengthLong();
    return new BodyPeek(request, new BodyStart(bytes, whole), container);
  }

  /** Whether the container's stream had ended before anything came of it. */
  boolean foundNothing() {
    return container.isPresent() && start.whole() && start.bytes().length == 0;
  }

  /** An earlier filter or valve has had the container read the body: what it made of it counts. */
  private static BodyPeek usedUp(HttpServletRequest request) {
    List<BodyStart.Field> fields = new ArrayList<>();
    request
        .getParameterMap()
        .forEach(
            (name, values) -> {
              for (String value : values) {
                fields.add(new BodyStart.Field(name, false, () -> value));
              }
            });
    return new BodyPeek(request, BodyStart.of(fields), Optional.empty());
  }

  private static Optional<ServletInputStream> stream(HttpServletRequest request)
      throws IOException {
    try {
      return Optional.of(request.getInputStream());
    } catch (IllegalStateException readerIsInUse) {
      return Optional.empty();
    }
  }

  private static boolean hasBody(HttpServletRequest request) {
    return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
  }

  private static Optional<Collection<Part>> partsOfContainer(HttpServletRequest request)
      throws IOException {
    // Jetty's getContentType() throws where the charset is unknown.
    String type = request.getHeader("Content-Type");
    if (type == null || !type.regionMatches(true, 0, "multipart/form-data", 0, 19)) {
      return Optional.empty();
    }
    try {
      return Optional.of(request.getParts());
    } catch (IllegalStateException | ServletException notForTheContainer) {
      // No multipart configuration, or limits that the app hears of when it asks itself.
      return Optional.empty();
    }
  }

  private static List<BodyStart.Field> fields(Collection<Part> parts) {
    List<BodyStart.Field> fields = new ArrayList<>();
    for (Part part : parts) {
      if (part.getName() != null) {
        boolean file = part.getSubmittedFileName() != null;
        fields.add(new BodyStart.Field(part.getName(), file, value(part)));
      }
    }
    return fields;
  }

  private static Supplier<String> value(Part part) {
    return () -> {
      try (var content = part.getInputStream()) {
        return new String(content.readNBytes(MAX_VALUE_BYTES), ContainerParts.LATIN);
      } catch (IOException e) {
        return "";
      }
    };
  }

  /** What the engine is shown. */
  BodyStart start() {
    return start;
  }

  /** What the app gets; empty where it reads the container's own. */
  Optional<AppBody> goingOn(Optional<BodyRelay> relay) throws IOException {
    ContainerHabits habits = ContainerHabits.of(request);
    if (container.isPresent()) {
      return Optional.of(new ReplayedBody(container.get(), start, habits, relay));
    }
    return partsOfContainer(request)
        .map(
            parts ->
                new ContainerParts(
                    request.getCharacterEncoding(), habits.charset(request), habits, parts));
  }
}
