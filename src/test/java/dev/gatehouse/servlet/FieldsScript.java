package dev.gatehouse.servlet;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Does with the response what {@code ?do=} says, step by step, and tells what it looks like then.
 */
final class FieldsScript {
  private FieldsScript() {}

  static void run(HttpServletRequest request, HttpServletResponse response) throws IOException {
    StringBuilder told = new StringBuilder();
    for (String step : request.getParameterValues("do")) {
      String[] words = step.split(" ", 3);
      switch (words[0]) {
        case "set" -> response.setHeader(words[1], words[2]);
        case "add" -> response.addHeader(words[1], words[2]);
        case "setInt" -> response.setIntHeader(words[1], Integer.parseInt(words[2]));
        case "addInt" -> response.addIntHeader(words[1], Integer.parseInt(words[2]));
        case "setDate" -> response.setDateHeader(words[1], Long.parseLong(words[2]));
        case "addDate" -> response.addDateHeader(words[1], Long.parseLong(words[2]));
        case "cookie" -> response.addCookie(new Cookie(words[1], words[2]));
        case "reset" -> response.reset();
        case "redirect" -> response.sendRedirect(words[1]);
        case "see" -> ((GuardedResponse) response).sendRedirect(words[1], 303, true);
        case "see-also" -> ((GuardedResponse) response).sendRedirect(words[1], false);
        case "write" -> response.getWriter().print(words[1]);
        case "stream" -> response.getOutputStream().print(words[1]);
        case "flush" -> response.flushBuffer();
        case "error" -> response.sendError(Integer.parseInt(words[1]));
        case "has" -> told.append(response.containsHeader(words[1])).append('\n');
        case "get" -> told.append(response.getHeader(words[1])).append('\n');
        case "all" -> told.append(response.getHeaders(words[1])).append('\n');
        case "names" -> told.append(response.getHeaderNames()).append('\n');
        default -> throw new IllegalArgumentException(step);
      }
    }
    if (!response.isCommitted() && response.getStatus() == HttpServletResponse.SC_OK) {
      response.getWriter().print(told);
    }
  }
}
