package dev.gatehouse.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** An app that reads bodies in each way that servlets can, and sends back what it has read. */
final class BodyServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    response.setContentType("text/plain;charset=utf-8");
    if (request.getHeader("X-Encoding") != null) {
      request.setCharacterEncoding(request.getHeader("X-Encoding"));
    }
    switch (request.getPathInfo()) {
      case "/stream" -> echo(response, request.getInputStream().readAllBytes());
      case "/single" -> echo(response, oneByOne(request.getInputStream()));
      case "/reader" -> echo(response, text(request.getReader()).getBytes(UTF_8));
      case "/length" ->
          echo(
              response,
              (request.getContentLength()
                      + " "
                      + request.getContentLengthLong()
                      + " "
                      + request.getHeader("Content-Length")
                      + " "
                      + request.getIntHeader("Content-Length"))
                  .getBytes(UTF_8));
      case "/parameters" -> echo(response, parameters(request).getBytes(UTF_8));
      case "/forward" ->
          request.getRequestDispatcher("/body/parameters?f=forwarded").forward(request, response);
      case "/look-and-forward" -> {
        request.getParameterMap();
        request.getRequestDispatcher("/body/parameters?f=forwarded").forward(request, response);
      }
      case "/async" -> readAsync(request.startAsync(), request.getInputStream());
      case "/parts" -> echo(response, parts(request).getBytes(UTF_8));
      case "/both" -> {
        request.getInputStream();
        try {
          request.getReader();
          echo(response, "no exception".getBytes(UTF_8));
        } catch (IllegalStateException e) {
          echo(response, "one or the other".getBytes(UTF_8));
        }
      }
      default -> response.setStatus(404);
    }
  }

  private static void echo(HttpServletResponse response, byte[] bytes) throws IOException {
    response.setHeader("X-Length", Integer.toString(bytes.length));
    response.getOutputStream().write(bytes);
  }

  private static byte[] oneByOne(ServletInputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      bytes.write(b);
    }
    return bytes.toByteArray();
  }

  private static String text(BufferedReader reader) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      text.append((char) c);
    }
    return text.toString();
  }

  private static String parameters(HttpServletRequest request) {
    StringBuilder told = new StringBuilder();
    for (Map.Entry<String, String[]> entry : request.getParameterMap().entrySet()) {
      told.append(entry.getKey()).append('=').append(List.of(entry.getValue())).append('\n');
      if (!request.getParameter(entry.getKey()).equals(entry.getValue()[0])
          || !List.of(request.getParameterValues(entry.getKey()))
              .equals(List.of(entry.getValue()))) {
        told.append("inconsistent\n");
      }
    }
    return told.toString();
  }

  private static String parts(HttpServletRequest request) throws IOException, ServletException {
    StringBuilder told = new StringBuilder();
    for (Part part : request.getParts()) {
      told.append(part.getName())
          .append(' ')
          .append(part.getSubmittedFileName())
          .append(' ')
          .append(new String(part.getInputStream().readAllBytes(), ISO_8859_1))
          .append('\n');
    }
    return told + parameters(request);
  }

  private static void readAsync(AsyncContext async, ServletInputStream in) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    in.setReadListener(
        new ReadListener() {
          @Override
          public void onDataAvailable() throws IOException {
            byte[] buffer = new byte[7];
            while (in.isReady() && !in.isFinished()) {
              int count = in.read(buffer);
              bytes.write(buffer, 0, Math.max(0, count));
            }
          }

          @Override
          public void onAllDataRead() throws IOException {
            echo((HttpServletResponse) async.getResponse(), bytes.toByteArray());
            async.complete();
          }

          @Override
          public void onError(Throwable failure) {
            async.complete();
          }
        });
  }
}
