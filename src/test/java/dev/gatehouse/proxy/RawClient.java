package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that writes any bytes and waits for the gateway to end the connection. */
final class RawClient {
  private static final int TIMEOUT_MILLIS = 20_000;
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

  private RawClient() {}

  /**
   * All that came back.
   *
   * @param reset whether the end was a TCP reset
   */
  record Outcome(String text, boolean reset) {
    /** The status codes of all answers, 1xx included. */
    List<Integer> statuses() {
      List<Integer> statuses = new ArrayList<>();
      Matcher line = STATUS_LINE.matcher(text);
      while (line.find()) {
        statuses.add(Integer.parseInt(line.group(1)));
      }
      return statuses;
    }
  }

  static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** Sends {@code request} and reads until the gateway ends the connection, which it must. */
  static Outcome untilClosed(int port, String request) {
    try (Socket socket = connect(port)) {
      boolean reset = false;
      try {
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      } catch (SocketException e) {
        reset = true;
      }
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      reset |= !readAll(socket.getInputStream(), answer);
      return new Outcome(answer.toString(ISO_8859_1), reset);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads until all that came ends with {@code text}; fails where the connection ends before. */
  static void readUntil(InputStream in, ByteArrayOutputStream out, String text) throws IOException {
    while (!out.toString(ISO_8859_1).endsWith(text)) {
      int next = in.read();
      if (next < 0) {
        throw new AssertionError("the end came after " + out.toString(ISO_8859_1));
      }
      out.write(next);
    }
  }

  /** Reads to the end; false where that was a reset. */
  static boolean readAll(InputStream in, ByteArrayOutputStream out) throws IOException {
    byte[] buffer = new byte[8192];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
      return true;
    } catch (SocketException e) {
      return false;
    }
  }
}
