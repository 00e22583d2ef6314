package dev.gatehouse.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;

/**
 * What an app writes to after its answer was refused: takes everything, sends nothing. The page has
 * been sent.
 */
final class RefusedResponse extends HttpServletResponseWrapper {
  RefusedResponse(HttpServletResponse response) {
    super(response);
  }

  @Override
  public boolean isCommitted() {
    return true;
  }

  @Override
  public ServletOutputStream getOutputStream() {
    return new Nowhere();
  }

  @Override
  public PrintWriter getWriter() {
    return new PrintWriter(Writer.nullWriter());
  }

  @Override
  public void flushBuffer() {}

  @Override
  public void reset() {}

  @Override
  public void resetBuffer() {}

  @Override
  public void setBufferSize(int size) {}

  @Override
  public void setLocale(Locale locale) {}

  @Override
  public void setContentType(String type) {}

  @Override
  public void setCharacterEncoding(String charset) {}

  @Override
  public void setContentLength(int length) {}

  @Override
  public void setContentLengthLong(long length) {}

  @Override
  public void setStatus(int status) {}

  @Override
  public void sendError(int status) {}

  @Override
  public void sendError(int status, String message) {}

  @Override
  public void sendRedirect(String location) {}

  @Override
  public void addCookie(Cookie cookie) {}

  @Override
  public void setHeader(String name, String value) {}

  @Override
  public void addHeader(String name, String value) {}

  @Override
  public void setIntHeader(String name, int value) {}

  @Override
  public void addIntHeader(String name, int value) {}

  @Override
  public void setDateHeader(String name, long date) {}

  @Override
  public void addDateHeader(String name, long date) {}

  private static final class Nowhere extends ServletOutputStream {
    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      throw new IllegalStateException("the answer has been sent");
    }

    @Override
    public void write(int b) {}

    @Override
    public void write(byte[] bytes, int offset, int length) {}
  }
}
