package dev.gatehouse.servlet;

import dev.gatehouse.gate.Decision;
import dev.gatehouse.identity.HeaderField;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Sends the gateway's own answers. */
final class AnswerWriter {
  private AnswerWriter() {}

  /** Sends {@code answer}; never through the container's error pages, which are the app's. */
  static void write(
      Decision.Answer answer, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setStatus(answer.status());
    for (HeaderField field : answer.headers()) {
      response.addHeader(field.name(), field.octets());
    }
    if (!mayHaveContent(answer.status())) {
      return;
    }
    response.setContentLength(answer.body().length);
    // RFC 9110 §9.3.2: HEAD gets the fields of a GET and no content.
    if (!request.getMethod().equals("HEAD")) {
      response.getOutputStream().write(answer.body());
    }
  }

  /** RFC 9110 §15.3.5, §15.4.5. */
  private static boolean mayHaveContent(int status) {
    return status != HttpServletResponse.SC_NO_CONTENT
        && status != HttpServletResponse.SC_NOT_MODIFIED;
  }
}
