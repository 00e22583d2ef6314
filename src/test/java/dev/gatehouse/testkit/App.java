package dev.gatehouse.testkit;

import dev.gatehouse.identity.HeaderField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * The app behind the gateway: remembers every request and answers as its query tells. The same for
 * all doors; {@link WireApp} and {@link AppServlet} only translate.
 */
public final class App {
  /** Stands in every answer of the app, so that a test can tell it from the gateway's own. */
  public static final String MARK = "app-was-here";

  private final List<SeenRequest> seen = new CopyOnWriteArrayList<>();
  private volatile Answer told;

  /** An answer of the app. */
  public record Answer(
      int status, List<HeaderField> headers, String body, List<HeaderField> trailers) {}

  /** Requests since {@link #forget}, in order of arrival. */
  public List<SeenRequest> seen() {
    return List.copyOf(seen);
  }

  /** The one request since {@link #forget}. */
  public SeenRequest only() {
    if (seen.size() != 1) {
      throw new AssertionError("the app saw " + seen);
    }
    return seen.get(0);
  }

  /** Begins a new record. */
  public void forget() {
    seen.clear();
    told = null;
  }

  /** From now on the app answers so, whatever it is asked. */
  public void tell(int status, List<HeaderField> headers, String body) {
    List<HeaderField> marked = new ArrayList<>(headers);
    marked.add(new HeaderField("X-App", MARK));
    told = new Answer(status, marked, body, List.of());
  }

  /** From now on the app answers 200, and these fields behind the body. */
  public void tellTrailers(List<HeaderField> trailers) {
    told = new Answer(200, List.of(new HeaderField("X-App", MARK)), MARK, trailers);
  }

  /**
   * Records the request. {@code ?status=} sets the status of the answer, {@code ?header=Name:value}
   * adds a field, {@code ?body=} replaces the text; each may be repeated. {@code ?show} adds what
   * the app knows of the user.
   */
  Answer answer(SeenRequest request) {
    seen.add(request);
    if (told != null) {
      return told;
    }
    Map<String, List<String>> told = request.query();
    int status = told.containsKey("status") ? Integer.parseInt(told.get("status").get(0)) : 200;
    List<HeaderField> headers = new ArrayList<>();
    for (String field : told.getOrDefault("header", List.of())) {
      String[] parts = field.split(":", 2);
      headers.add(new HeaderField(parts[0], parts[1].strip()));
    }
    headers.add(new HeaderField("X-App", MARK));
    headers.add(new HeaderField("Content-Type", "text/plain;charset=utf-8"));
    String body = String.join("", told.getOrDefault("body", List.of(MARK)));
    return new Answer(
        status, headers, told.containsKey("show") ? body + user(request) : body, List.of());
  }

  private static String user(SeenRequest request) {
    return request.headers().stream()
        .filter(header -> header.name().toLowerCase(Locale.ROOT).startsWith("x-gatehouse-"))
        .map(header -> "\n" + header.name() + ": " + header.value())
        .collect(Collectors.joining());
  }

  /** Whether {@code reply} was made by the app. */
  public static boolean made(Reply reply) {
    return MARK.equals(reply.header("X-App")) || reply.text().contains(MARK);
  }
}
