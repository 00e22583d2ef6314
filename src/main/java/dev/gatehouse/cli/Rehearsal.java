package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * A start and some requests with nobody watching: a gateway on loopback before a stand-in for the
 * app and the OP. For {@code bin/gatehouse archive}, which has Java write down at the end of the
 * process what has been loaded, so that real starts are quicker.
 */
final class Rehearsal {
  /** Not for users, so picocli does not know it. */
  static final String COMMAND = "rehearse";

  /** Enough for Java to see which code is hot. */
  private static final int ROUNDS = 150;

  private static final Pattern PORT = Pattern.compile("listening on [^ )]*:([0-9]{1,5})\\)");

  private static final String SETTINGS =
      """
      public-url: https://localhost:8443
      listen: 127.0.0.1:0
      tls: {certificate: tls.crt, private-key: tls.key}
      upstream: http://127.0.0.1:%1$d
      management: {listen: 127.0.0.1:0}
      insecure-allow-http: true
      provider:
        issuer: http://127.0.0.1:%1$d
        client-id: rehearsal
        client-secret: used-by-nobody-and-known-to-all
      identity: {headers: {X-Gatehouse-User: sub}}
      rules:
        - {path: /open/**, access: anonymous}
        - {path: /admin/**, access: login, require: {groups: admins}}
      """;

  private Rehearsal() {}

  /**
   * Returns when all has been played; the gateway ends with the process.
   *
   * @throws IOException when something did not go as it does in earnest
   */
  static void perform(PrintWriter err)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path folder = Files.createTempDirectory("gatehouse-rehearsal");
    Path settings = folder.resolve("gatehouse.yaml");
    try (StandIn standIn = StandIn.open()) {
      SSLContext trusting =
          ThrowawayCertificate.make(folder.resolve("tls.crt"), folder.resolve("tls.key"));
      Files.writeString(settings, SETTINGS.formatted(standIn.port()));
      int port = port(start(settings, err));
      try (Socket socket =
          trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
        for (int i = 0; i < ROUNDS; i++) {
          ask(socket, "/open/page", 200);
          ask(socket, "/admin/", 302);
        }
      }
    } finally {
      for (String name : new String[] {"tls.crt", "tls.key", "gatehouse.yaml"}) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.delete(folder);
    }
  }

  private static String start(Path settings, PrintWriter err) throws IOException {
    PlainRun run = PlainRun.of("run", "-c", settings.toString()).orElseThrow();
    try (PipedReader lines = new PipedReader();
        PipedWriter out = new PipedWriter(lines)) {
      Thread gateway =
          new Thread(
              () -> {
                try {
                  run.serving(Map.of(), new PrintWriter(out), err).call();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              },
              "gatehouse-rehearsal");
      gateway.setDaemon(true);
      gateway.start();
      return new BufferedReader(lines).readLine();
    }
  }

  private static int port(String readyLine) throws IOException {
    Matcher port = PORT.matcher(String.valueOf(readyLine));
    if (!port.find()) {
      throw new IOException("the gateway did not start");
    }
    return Integer.parseInt(port.group(1));
  }

  private static void ask(Socket socket, String path, int expected) throws IOException {
    String request =
        "GET "
            + path
            + " HTTP/1.1\r\nHost: localhost:8443\r\nAccept: text/html\r\n"
            + "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(US_ASCII));
    BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    String status = String.valueOf(in.readLine());
    int length = 0;
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    while (length > 0) {
      length -= (int) in.skip(length);
    }
    if (!status.startsWith("HTTP/1.1 " + expected)) {
      throw new IOException(path + " was answered with " + status);
    }
  }

  /** Reads a request's head; false at the end of the stream. */
  static boolean readHead(InputStream in, StringBuilder head) throws IOException {
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return false;
      }
      head.append((char) next);
    }
    return true;
  }
}
