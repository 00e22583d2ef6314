package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies pass as they come, in both directions, and nobody collects them. */
class StreamingTest {
  private static final long LARGE = 192L * 1024 * 1024;
  private static final int BLOCK = 64 * 1024;

  /**
   * Above what the buffers of two connections hold, each of which the kernel may let grow to 32
   * MiB, and far below {@link #LARGE}.
   */
  private static final long BUFFERS = 96L * 1024 * 1024;

  @Test
  void aLargeDownloadArrivesWhole() throws Exception {
    try (RawUpstream app = new RawUpstream(StreamingTest::sendLarge);
        Door door = Door.before(app);
        Socket client = RawClient.connect(door.port())) {
      request(client, "GET / HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n");
      readHead(client.getInputStream());

      MessageDigest digest = sha256();
      DigestOutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest);
      long length = client.getInputStream().transferTo(out);

      assertThat(length).isEqualTo(LARGE);
      assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(expected());
    }
  }

  @Test
  void aClientThatDoesNotReadHoldsTheAppBack() throws Exception {
    AtomicLong sent = new AtomicLong();
    try (RawUpstream app = new RawUpstream(call -> sendCounting(call, sent));
        Door door = Door.before(app);
        Socket client = RawClient.connect(door.port())) {
      request(client, "GET / HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n");
      readHead(client.getInputStream());

      assertThat(settled(sent)).isLessThan(BUFFERS);

      assertThat(client.getInputStream().transferTo(OutputStream.nullOutputStream()))
          .isEqualTo(LARGE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/peek"})
  @Rule("TH-LEAK-3")
  void aLargeUploadArrivesWhole(String path) throws Exception {
    CompletableFuture<String> arrived = new CompletableFuture<>();
    try (RawUpstream app =
            new RawUpstream(
                call -> {
                  MessageDigest digest = sha256();
                  try (DigestOutputStream out =
                      new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                    copy(call.in(), out, LARGE, new AtomicLong());
                  }
                  arrived.complete(HexFormat.of().formatHex(digest.digest()));
                  call.send(RawUpstream.OK);
                  return true;
                });
        Door door = Door.before(app);
        Socket client = RawClient.connect(door.port())) {
      request(
          client, "POST " + path + " HTTP/1.1\r\nHost: app.example\r\nContent-Length: " + LARGE);
      request(client, "\r\n\r\n");
      writeLarge(client.getOutputStream(), new AtomicLong());

      assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 200 ");
      assertThat(arrived.get(20, TimeUnit.SECONDS)).isEqualTo(expected());
      // The app may answer before the end has been noticed.
      org.awaitility.Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(door.gate().watched().get())
                      .isEqualTo(path.equals("/") ? 0 : LARGE - TestGate.PEEK + TestGate.ENDED));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/peek"})
  @Rule("TH-LEAK-3")
  void anAppThatDoesNotReadHoldsTheClientBack(String path) throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicLong sent = new AtomicLong();
    try (RawUpstream app =
            new RawUpstream(
                call -> {
                  await(go);
                  copy(call.in(), OutputStream.nullOutputStream(), LARGE, new AtomicLong());
                  call.send(RawUpstream.OK);
                  return true;
                });
        Door door = Door.before(app);
        Socket client = RawClient.connect(door.port())) {
      request(
          client, "POST " + path + " HTTP/1.1\r\nHost: app.example\r\nContent-Length: " + LARGE);
      request(client, "\r\n\r\n");
      CompletableFuture<Void> upload =
          CompletableFuture.runAsync(() -> writeLarge(output(client), sent));

      assertThat(settled(sent)).isLessThan(BUFFERS);

      go.countDown();
      upload.get(30, TimeUnit.SECONDS);
      assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void eachEventArrivesAtOnce() throws Exception {
    CountDownLatch[] steps = {new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1)};
    try (RawUpstream app =
            new RawUpstream(
                call -> {
                  call.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                  await(steps[0]);
                  call.send("5\r\nfirst\r\n");
                  await(steps[1]);
                  call.send("6\r\nsecond\r\n");
                  await(steps[2]);
                  call.send("0\r\n\r\n");
                  return true;
                });
        Door door = Door.before(app);
        Socket client = RawClient.connect(door.port())) {
      request(client, "GET / HTTP/1.1\r\nHost: app.example\r\n\r\n");
      InputStream in = client.getInputStream();

      assertThat(readHead(in)).startsWith("HTTP/1.1 200 ");
      steps[0].countDown();
      assertThat(text(in, "5\r\nfirst".length())).isEqualTo("5\r\nfirst");
      steps[1].countDown();
      assertThat(text(in, "\r\n6\r\nsecond".length())).isEqualTo("\r\n6\r\nsecond");
      steps[2].countDown();
      assertThat(text(in, "\r\n0\r\n\r\n".length())).isEqualTo("\r\n0\r\n\r\n");
    }
  }

  @Test
  void eachChunkOfAnUploadArrivesAtOnce() throws Exception {
    CompletableFuture<String> first = new CompletableFuture<>();
    try (RawUpstream app =
            new RawUpstream(
                call -> {
                  first.complete(text(call.in(), "3\r\nabc".length()));
                  call.in().readNBytes("\r\n".length());
                  call.body();
                  call.send(RawUpstream.OK);
                  return true;
                });
        Door door = Door.before(app);
        Socket client = RawClient.connect(door.port())) {
      request(
          client,
          "POST / HTTP/1.1\r\nHost: app.example\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");

      assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("3\r\nabc");
      request(client, "0\r\n\r\n");
      assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  @Rule("TH-HTTP-13")
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    try (RawUpstream app =
            new RawUpstream(
                call -> {
                  call.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + call.target());
                  return true;
                });
        Door door = Door.before(app)) {
      String one = " HTTP/1.1\r\nHost: app.example\r\n\r\n";

      RawClient.Outcome outcome =
          RawClient.untilClosed(
              door.port(),
              "GET /1"
                  + one
                  + "GET /refused"
                  + one
                  + "GET /2 HTTP/1.1\r\nHost: app.example\r\n"
                  + "Connection: close\r\n\r\n");

      assertThat(outcome.statuses()).containsExactly(200, 401, 200);
      assertThat(outcome.text()).containsSubsequence("/1", "refused", "/2");
    }
  }

  private static boolean sendLarge(RawUpstream.Call call) throws IOException {
    return sendCounting(call, new AtomicLong());
  }

  private static boolean sendCounting(RawUpstream.Call call, AtomicLong sent) throws IOException {
    call.send("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n");
    writeLarge(call.socket().getOutputStream(), sent);
    return true;
  }

  private static void writeLarge(OutputStream out, AtomicLong sent) {
    byte[] block = new byte[BLOCK];
    try {
      for (long at = 0; at < LARGE; at += BLOCK) {
        fill(block, at);
        out.write(block);
        sent.addAndGet(BLOCK);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void fill(byte[] block, long at) {
    for (int i = 0; i < block.length; i++) {
      block[i] = (byte) ((at + i) * 31 >> 3);
    }
  }

  private static String expected() {
    MessageDigest digest = sha256();
    byte[] block = new byte[BLOCK];
    for (long at = 0; at < LARGE; at += BLOCK) {
      fill(block, at);
      digest.update(block);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The value of a counter once it has stopped moving. */
  private static long settled(AtomicLong counter) {
    CountDownLatch never = new CountDownLatch(1);
    long before = -1;
    while (counter.get() != before || before == 0) {
      before = counter.get();
      try {
        never.await(400, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return before;
  }

  private static void copy(InputStream in, OutputStream out, long length, AtomicLong count)
      throws IOException {
    byte[] buffer = new byte[BLOCK];
    while (count.get() < length) {
      int n = in.read(buffer);
      if (n < 0) {
        throw new IOException("cut after " + count);
      }
      out.write(buffer, 0, n);
      count.addAndGet(n);
    }
  }

  private static OutputStream output(Socket socket) {
    try {
      return socket.getOutputStream();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody went on");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void request(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  private static String text(InputStream in, int length) throws IOException {
    return new String(in.readNBytes(length), ISO_8859_1);
  }

  private static String readHead(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("cut within the head: " + head);
      }
      head.write(b);
    }
    return head.toString(ISO_8859_1);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
