package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.identity.HeaderField;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@link App} as a servlet behind the filter. */
public final class AppServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient App app;

  /** Serves {@code app}. */
  public AppServlet(App app) {
    this.app = app;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    App.Answer answer = app.answer(read(request));
    response.setStatus(answer.status());
    answer.headers().forEach(field -> response.addHeader(field.name(), field.value()));
    byte[] body = answer.body().getBytes(UTF_8);
    if (!answer.trailers().isEmpty()) {
      Map<String, String> trailers = new LinkedHashMap<>();
      answer.trailers().forEach(field -> trailers.put(field.name(), field.value()));
      response.setTrailerFields(() -> trailers);
      response.getOutputStream().write(body);
    } else if (answer.status() != 204 && answer.status() != 304) {
      response.setContentLength(body.length);
      if (!request.getMethod().equals("HEAD")) {
        response.getOutputStream().write(body);
      }
    }
  }

  private static SeenRequest read(HttpServletRequest request) throws IOException {
    List<HeaderField> headers = new ArrayList<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      for (String value : Collections.list(request.getHeaders(name))) {
        headers.add(new HeaderField(name, value));
      }
    }
    String query = request.getQueryString();
    byte[] body = request.getInputStream().readAllBytes();
    List<HeaderField> trailers = new ArrayList<>();
    if (request.isTrailerFieldsReady()) {
      request
          .getTrailerFields()
          .forEach((name, value) -> trailers.add(new HeaderField(name, value)));
    }
    return new SeenRequest(
        request.getMethod(),
        request.getRequestURI() + (query == null ? "" : "?" + query),
        headers,
        trailers,
        body,
        Optional.of(mapped(request)),
        Optional.ofNullable(request.getRemoteUser()));
  }

  private static String mapped(HttpServletRequest request) {
    return request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
  }
}
