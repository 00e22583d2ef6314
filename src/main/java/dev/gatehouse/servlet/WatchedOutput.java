package dev.gatehouse.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/** The body that the app writes, shown to whoever looks at it on its way; changes nothing. */
final class WatchedOutput extends ServletOutputStream {
  private final ServletOutputStream out;
  private final AnswerEye eye;

  WatchedOutput(ServletOutputStream out, AnswerEye eye) {
    this.out = out;
    this.eye = eye;
  }

  /** Text that the app writes: what is not ASCII is no part of a token. */
  static Writer over(Writer out, AnswerEye eye) {
    return new WatchedWriter(out, eye);
  }

  @Override
  public void write(int b) throws IOException {
    eye.see(new byte[] {(byte) b}, 0, 1);
    out.write(b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    eye.see(bytes, offset, length);
    out.write(bytes, offset, length);
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    eye.end();
    out.close();
  }

  @Override
  public boolean isReady() {
    return out.isReady();
  }

  @Override
  public void setWriteListener(WriteListener listener) {
    out.setWriteListener(listener);
  }

  private static final class WatchedWriter extends FilterWriter {
    private final AnswerEye eye;

    WatchedWriter(Writer out, AnswerEye eye) {
      super(out);
      this.eye = eye;
    }

    @Override
    public void write(int c) throws IOException {
      show(Character.toString((char) c));
      out.write(c);
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
      show(new String(text, offset, length));
      out.write(text, offset, length);
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
      show(text.substring(offset, offset + length));
      out.write(text, offset, length);
    }

    private void show(String text) {
      byte[] bytes = text.getBytes(ISO_8859_1);
      eye.see(bytes, 0, bytes.length);
    }

    @Override
    public void close() throws IOException {
      eye.end();
      out.close();
    }
  }
}
