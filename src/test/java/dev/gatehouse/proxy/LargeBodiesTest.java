package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two gibibytes each way, through a gateway whose whole process has far less memory than that. */
@Timeout(180)
class LargeBodiesTest {
  private static final long BYTES = 2L << 30;
  private static final int HEAP_MEBIBYTES = 48;
  private static final int DIRECT_MEBIBYTES = 16;
  private static final byte[] BLOCK = new byte[256 * 1024];

  private final AtomicLong atTheApp = new AtomicLong();

  @Test
  void twoGibibytesEachWayPassInLessThan64Mebibytes() throws Exception {
    try (RawUpstream app = new RawUpstream(this::answer)) {
      Process gateway = gateway(app);
      try (BufferedReader out = gateway.inputReader(ISO_8859_1)) {
        int port = Integer.parseInt(out.readLine());

        assertThat(download(port)).isEqualTo(BYTES);
        assertThat(upload(port)).startsWith("HTTP/1.1 200 ");
        assertThat(atTheApp.get()).isEqualTo(BYTES);

        gateway.getOutputStream().close();
        assertThat(gateway.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(gateway.exitValue()).isZero();
      } finally {
        gateway.destroy();
      }
    }
  }

  private static Process gateway(RawUpstream app) throws IOException {
    // Maven hands the class path over in a property, since it is too long for a command line.
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    ProcessBuilder java =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MEBIBYTES + "m",
                "-XX:MaxDirectMemorySize=" + DIRECT_MEBIBYTES + "m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                SmallGateway.class.getName(),
                app.uri().toString()));
    java.environment().put("CLASSPATH", classPath);
    return java.redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private boolean answer(RawUpstream.Call call) throws IOException {
    if (call.target().equals("/down")) {
      call.send("HTTP/1.1 200 OK\r\nContent-Length: " + BYTES + "\r\n\r\n");
      write(call.socket().getOutputStream());
      return true;
    }
    byte[] buffer = new byte[BLOCK.length];
    while (atTheApp.get() < BYTES) {
      int n = call.in().read(buffer);
      if (n < 0) {
        return false;
      }
      atTheApp.addAndGet(n);
    }
    call.send(RawUpstream.OK);
    return true;
  }

  private static void write(OutputStream out) throws IOException {
    for (long at = 0; at < BYTES; at += BLOCK.length) {
      out.write(BLOCK);
    }
  }

  private static long download(int port) throws IOException {
    try (Socket client = RawClient.connect(port)) {
      client.getOutputStream().write(head("GET /down", 0));
      InputStream in = client.getInputStream();
      skipHead(in);
      long length = 0;
      byte[] buffer = new byte[BLOCK.length];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        length += n;
      }
      return length;
    }
  }

  private static String upload(int port) throws IOException {
    try (Socket client = RawClient.connect(port)) {
      client.getOutputStream().write(head("POST /up", BYTES));
      write(client.getOutputStream());
      return new String(client.getInputStream().readNBytes(20), ISO_8859_1);
    }
  }

  private static byte[] head(String line, long length) {
    return (line
            + " HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\nContent-Length: "
            + length
            + "\r\n\r\n")
        .getBytes(ISO_8859_1);
  }

  private static void skipHead(InputStream in) throws IOException {
    int matched = 0;
    while (matched < 4) {
      int b = in.read();
      assertThat(b).isNotNegative();
      matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
    }
  }
}
