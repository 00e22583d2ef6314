package dev.gatehouse.ops;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.config.HostPort;
import dev.gatehouse.report.LeakCsv;
import dev.gatehouse.report.LeakFilter;
import dev.gatehouse.report.LeakJson;
import dev.gatehouse.report.LeakSummary;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/**
 * What the management port shows besides health: {@code /metrics}, and the leak report as {@code
 * /leaks}, {@code /leaks.json} and {@code /leaks.csv}. Read only; safe for concurrent use.
 */
public final class OperatorPages {
  private static final Set<String> PATHS =
      Set.of("/metrics", "/leaks", "/leaks.json", "/leaks.csv");

  private static final String NO_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'";

  private static final Pattern ESCAPES = Pattern.compile("(?:[^%]|%[0-9A-Fa-f]{2})*+");

  /** What Jetty decodes bytes to that are no UTF-8. */
  private static final char UNREADABLE = '\uFFFD';

  private static final int MAX_WISH_CHARS = 200;

  private final OperatorAccess access;
  private final GatewayMetrics metrics;
  private final Supplier<LeakSummary> leaks;
  private final LeakPage page = new LeakPage();

  /**
   * @param listen where the management port is meant to be reached
   */
  public OperatorPages(HostPort listen, GatewayMetrics metrics, Supplier<LeakSummary> leaks) {
    this.access = new OperatorAccess(listen);
    this.metrics = metrics;
    this.leaks = leaks;
  }

  /** Whether that path is one of these. */
  public boolean serves(String path) {
    return PATHS.contains(path);
  }

  /** Answers a GET or HEAD request to one of the paths. */
  public void answer(Request request, Response response, Callback callback) {
    if (!access.allows(request.getHeaders())) {
      Response.writeError(request, response, callback, 403);
      return;
    }
    String path = request.getHttpURI().getPath();
    if (path.equals("/metrics")) {
      GatewayMetrics.Exposition numbers =
          metrics.exposition(Optional.ofNullable(request.getHeaders().get(HttpHeader.ACCEPT)));
      write(response, callback, numbers.contentType(), NO_CONTENT_POLICY, numbers.text());
      return;
    }
    Optional<LeakFilter> filter = filter(request);
    if (filter.isEmpty()) {
      Response.writeError(request, response, callback, 400);
      return;
    }
    LeakSummary whole = leaks.get();
    switch (path) {
      case "/leaks.json" ->
          write(
              response,
              callback,
              "application/json",
              NO_CONTENT_POLICY,
              LeakJson.of(whole.only(filter.get())));
      case "/leaks.csv" -> {
        response
            .getHeaders()
            .put("Content-Disposition", "attachment; filename=\"gatehouse-leaks.csv\"");
        write(
            response,
            callback,
            "text/csv; charset=utf-8; header=present",
            NO_CONTENT_POLICY,
            LeakCsv.of(whole.only(filter.get())));
      }
      default ->
          write(
              response,
              callback,
              "text/html; charset=utf-8",
              page.policy(),
              page.html(whole, filter.get()));
    }
  }

  /** The filter; empty where the query asks for something else: a slip must not show it all. */
  private static Optional<LeakFilter> filter(Request request) {
    String query = request.getHttpURI().getQuery();
    if (query != null && !ESCAPES.matcher(query).matches()) {
      return Optional.empty();
    }
    Fields wishes = Request.extractQueryParameters(request, UTF_8);
    boolean understood =
        wishes.stream()
            .allMatch(
                wish ->
                    LeakFilter.NAMES.contains(wish.getName())
                        && wish.getValues().size() == 1
                        && wish.getValue() != null
                        && wish.getValue().indexOf(UNREADABLE) < 0
                        && wish.getValue().length() <= MAX_WISH_CHARS);
    return understood
        ? Optional.of(
            new LeakFilter(
                wish(wishes, "route"),
                wish(wishes, "name"),
                wish(wishes, "place"),
                wish(wishes, "mode"),
                wish(wishes, "host")))
        : Optional.empty();
  }

  private static String wish(Fields wishes, String name) {
    return Optional.ofNullable(wishes.getValue(name)).orElse("").strip();
  }

  private static void write(
      Response response, Callback callback, String type, String policy, String text) {
    write(response, callback, type, policy, text.getBytes(UTF_8));
  }

  private static void write(
      Response response, Callback callback, String type, String policy, byte[] body) {
    HttpFields.Mutable fields = response.getHeaders();
    response.setStatus(200);
    fields.put(HttpHeader.CONTENT_TYPE, type);
    fields.put(HttpHeader.CACHE_CONTROL, "no-store");
    fields.put("Content-Security-Policy", policy);
    fields.put("Cross-Origin-Resource-Policy", "same-origin");
    fields.put("Cross-Origin-Opener-Policy", "same-origin");
    fields.put("Referrer-Policy", "no-referrer");
    fields.put("X-Content-Type-Options", "nosniff");
    fields.put("X-Frame-Options", "DENY");
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
