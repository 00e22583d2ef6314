package dev.gatehouse.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;

/** An app whose paths do what the tests ask, and tell all that can be learned of a request. */
final class SpyServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    // Servlet 5.0 §9.3.1: an included servlet sees the path of the including one.
    String path =
        request.getDispatcherType() == DispatcherType.INCLUDE ? "/spy" : request.getServletPath();
    switch (path) {
      case "/forward" -> request.getRequestDispatcher("/spy").forward(request, response);
      case "/forward-bare" ->
          request
              .getRequestDispatcher("/spy")
              .forward(
                  ((HttpServletRequestWrapper) request).getRequest(),
                  ((ServletResponseWrapper) response).getResponse());
      case "/forward-query" ->
          request.getRequestDispatcher("/spy?p=dispatched&own=1").forward(request, response);
      case "/include" -> request.getRequestDispatcher("/spy").include(request, response);
      case "/async" -> request.startAsync().dispatch("/spy");
      case "/async-pair" -> request.startAsync(request, response).dispatch("/spy");
      case "/async-thread" -> tellFromAnotherThread(request.startAsync());
      case "/error" -> response.sendError(418);
      case "/throw" -> throw new ServletException("as asked");
      case "/login" -> request.login("alice", "secret");
      case "/logout" -> {
        request.logout();
        tell(request, response);
      }
      case "/authenticate" -> response.getWriter().println(request.authenticate(response));
      case "/attributes" -> {
        request.setAttribute("dev.gatehouse.identity", "mallory");
        request.removeAttribute("dev.gatehouse.identity");
        request.setAttribute("mine", "kept");
        tell(request, response);
      }
      case "/session" -> {
        HttpSession session = request.getSession();
        Object before = session.getAttribute("note");
        session.setAttribute("note", request.getParameter("note"));
        response.getWriter().println("note=" + before + "\nid=" + session.getId());
        response.getWriter().println("url=" + response.encodeURL("/x"));
      }
      case "/fields" -> FieldsScript.run(request, response);
      default -> tell(request, response);
    }
  }

  private static void tellFromAnotherThread(AsyncContext async) {
    new Thread(
            () -> {
              try {
                HttpServletResponse response = (HttpServletResponse) async.getResponse();
                response.addCookie(new Cookie("gh_s", "from-the-app"));
                response.addCookie(new Cookie("own", "kept"));
                tell((HttpServletRequest) async.getRequest(), response);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } finally {
                async.complete();
              }
            })
        .start();
  }

  /** One line for each way to learn something. */
  static void tell(HttpServletRequest request, HttpServletResponse response) throws IOException {
    request.getInputStream().readAllBytes();
    StringBuilder told = new StringBuilder();
    line(told, "dispatch", request.getDispatcherType());
    for (String name : Collections.list(request.getHeaderNames())) {
      line(told, "name", name);
      line(told, "headers." + name, Collections.list(request.getHeaders(name)));
    }
    for (String name : new String[] {"X-Gatehouse-User", "X_Gatehouse_User", "X-Harmless"}) {
      line(told, "header." + name, request.getHeader(name));
      line(told, "all." + name, Collections.list(request.getHeaders(name)));
    }
    line(told, "int", request.getIntHeader("X-Gatehouse-Level"));
    line(told, "int-harmless", request.getIntHeader("X-Harmless-Level"));
    line(told, "date", request.getDateHeader("X-Gatehouse-Date"));
    line(told, "date-harmless", request.getDateHeader("X-Harmless-Date"));
    line(told, "cookie-header", request.getHeader("Cookie"));
    for (Cookie cookie : request.getCookies() == null ? new Cookie[0] : request.getCookies()) {
      line(told, "cookie", cookie.getName() + "=" + cookie.getValue());
    }
    line(told, "trailers", request.getTrailerFields());
    line(told, "user", request.getRemoteUser());
    line(told, "principal", request.getUserPrincipal());
    line(told, "auth-type", request.getAuthType());
    line(told, "staff", request.isUserInRole("staff"));
    line(told, "admin", request.isUserInRole("admin"));
    line(told, "any-role", request.isUserInRole("**"));
    line(told, "identity", request.getAttribute("dev.gatehouse.identity"));
    for (String name : Collections.list(request.getAttributeNames())) {
      line(told, "attribute", name);
      if (request.getAttribute(name) instanceof String text) {
        line(told, "attribute." + name, text);
      }
    }
    line(told, "query", request.getQueryString());
    for (String name : Collections.list(request.getParameterNames())) {
      line(told, "parameters." + name, List.of(request.getParameterValues(name)));
      line(told, "mapped." + name, List.of(request.getParameterMap().get(name)));
      line(told, "first." + name, request.getParameter(name));
    }
    line(told, "parameter", request.getParameter("p"));
    response.setContentType("text/plain;charset=utf-8");
    response.getWriter().print(told);
  }

  private static void line(StringBuilder told, String what, Object value) {
    told.append(what).append('=').append(value).append('\n');
  }
}
