package dev.gatehouse.packaged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.testkit.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script that starts Java, the archive that it keeps, and the end of the process. */
@Tag("packaged")
@Timeout(120)
class LauncherIT {
  private static final String GET = "GET / HTTP/1.1\r\nHost: localhost:8080\r\n\r\n";
  private static final int CLIENTS = 4;
  private static final long POLL = 20_000_000;

  @TempDir static Path folder;

  private static HttpServer app;
  private static Path launcher;
  private static Path settings;

  @BeforeAll
  static void install() throws Exception {
    Path spaced = Files.createDirectory(folder.resolve("with spaces"));
    Started tar = start(Map.of(), "tar", "-xzf", distribution(), "-C", spaced.toString());
    assertThat(tar.ended()).isZero();
    try (Stream<Path> entries = Files.list(spaced)) {
      launcher = entries.findFirst().orElseThrow().resolve("bin/gatehouse");
    }
    app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    app.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write(new byte[] {'o', 'k'});
          exchange.close();
        });
    app.setExecutor(Executors.newCachedThreadPool());
    app.start();
    settings =
        Files.writeString(
            folder.resolve("gatehouse.yaml"),
            """
            public-url: http://localhost:8080
            listen: 127.0.0.1:0
            upstream: http://127.0.0.1:%d
            insecure-allow-http: true
            provider: {issuer: http://127.0.0.1:9, client-id: gw, client-secret: '${env:WORD}'}
            rules: [{path: /**, access: anonymous}]
            """
                .formatted(app.getAddress().getPort()));
  }

  @AfterAll
  static void stop() {
    app.stop(0);
  }

  private static String distribution() {
    return Artefact.distribution().file().toString();
  }

  /** A process and where its two streams go. */
  private record Started(Process process, Path out, Path err) {
    int ended() throws InterruptedException {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends in time").isTrue();
      return process.exitValue();
    }

    String said() throws IOException {
      return Files.readString(err, UTF_8);
    }
  }

  private static Started start(Map<String, String> environment, String... command)
      throws IOException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("GATEHOUSE_"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("WORD", "long-enough-to-be-a-secret-0815");
    builder.environment().put("GATEHOUSE_JAVA_ARCHIVE", "off");
    builder.environment().putAll(environment);
    builder.environment().values().removeIf(String::isEmpty);
    return new Started(builder.start(), out, err);
  }

  /** A gateway that is ready, and its port. */
  private static final class Gateway implements AutoCloseable {
    private final Started started;
    private final int port;

    Gateway(Map<String, String> environment) throws Exception {
      started = start(environment, launcher.toString(), "run", "-c", settings.toString());
      String line = "";
      while (!line.contains("\n")) {
        assertThat(started.process().isAlive()).as(started.said()).isTrue();
        line = Files.readString(started.out(), UTF_8);
        LockSupport.parkNanos(POLL);
      }
      assertThat(line).startsWith("ready: ").hasLineCount(1);
      port = Integer.parseInt(line.replaceAll("(?s).*:([0-9]+)\\).*", "$1"));
    }

    boolean uses(Path file) throws IOException {
      try (BufferedReader maps =
          Files.newBufferedReader(Path.of("/proc/" + started.process().pid() + "/maps"))) {
        return maps.lines().anyMatch(line -> line.endsWith(file.toString()));
      }
    }

    int terminate() throws InterruptedException {
      started.process().destroy();
      return started.ended();
    }

    @Override
    public void close() {
      started.process().destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "sh"})
  void anyShellWillDo(String shell) throws Exception {
    Started version = start(Map.of(), shell, launcher.toString(), "version");

    assertThat(version.ended()).as(version.said()).isZero();
    assertThat(version.out()).content().startsWith("gatehouse ");
    assertThat(version.said()).isEmpty();
  }

  @Test
  void optionsReachTheJvmAndFailuresTheCaller() throws Exception {
    Path none = folder.resolve("none.yaml");
    Started refused =
        start(
            Map.of("GATEHOUSE_JAVA_OPTS", "-Dx=y -Xlog:gc:stderr -Xmx64m"),
            launcher.toString(),
            "run",
            "-c",
            none.toString());

    assertThat(refused.ended()).isEqualTo(78);
    assertThat(refused.said()).contains("Using", none.toString());
    assertThat(refused.out()).isEmptyFile();
  }

  @Test
  void missingJavaIsSaid() throws Exception {
    Started elsewhere = start(Map.of("JAVA_HOME", "/nowhere"), launcher.toString(), "version");
    Path tools = Files.createDirectory(folder.resolve("tools"));
    for (String tool : List.of("readlink", "dirname", "sed")) {
      Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
    }
    Started none =
        start(
            Map.of("JAVA_HOME", "", "PATH", tools.toString()),
            "/bin/sh",
            launcher.toString(),
            "version");

    assertThat(elsewhere.ended()).isEqualTo(127);
    assertThat(elsewhere.said())
        .isEqualTo("gatehouse: JAVA_HOME is /nowhere, where there is no bin/java\n");
    assertThat(none.ended()).isEqualTo(127);
    assertThat(none.said()).startsWith("gatehouse: no Java found").contains("17");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.8.0_402", "11.0.22", "16.0.2"})
  void oldJavaIsSaid(String version) throws Exception {
    Path home = Files.createTempDirectory(folder, "java");
    Path java = Files.createDirectory(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho started\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    Map<String, String> environment = Map.of("JAVA_HOME", home.toString());

    Started old = start(environment, launcher.toString(), "version");
    assertThat(old.ended()).isEqualTo(1);
    assertThat(old.said()).contains("older than Java 17");

    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"17\"\n");
    Started young = start(environment, launcher.toString(), "version");
    assertThat(young.ended()).as(young.said()).isZero();
  }

  @Test
  void archiveOfOursIsUsedAndNoOther() throws Exception {
    Path directory = Files.createDirectory(folder.resolve("archive"));
    // As somebody may have it; not to be relied on.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    Map<String, String> there = Map.of("GATEHOUSE_JAVA_ARCHIVE", directory.toString());
    Started open = start(there, launcher.toString(), "archive");
    assertThat(open.ended()).isEqualTo(1);
    assertThat(open.said()).contains("others can write");
    assertThat(directory).isEmptyDirectory();

    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Started made = start(there, launcher.toString(), "archive");
    assertThat(made.ended()).as(made.said()).isZero();
    Path archive;
    try (Stream<Path> entries = Files.list(directory)) {
      List<Path> all = entries.toList();
      assertThat(all).hasSize(1);
      archive = all.get(0).toRealPath();
    }
    try (Gateway gateway = new Gateway(there)) {
      assertThat(gateway.uses(archive)).isTrue();
      assertThat(gateway.terminate()).isZero();
    }

    Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("rw-rw-r--"));
    try (Gateway gateway = new Gateway(there)) {
      assertThat(gateway.uses(archive)).isFalse();
    }
    Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("rw-r--r--"));
    Files.writeString(archive, "no archive");
    try (Gateway gateway = new Gateway(there)) {
      assertThat(gateway.uses(archive)).isFalse();
    }
  }

  @Test
  void theFirstStartHasAnArchiveMadeForTheNext() throws Exception {
    Path directory = folder.resolve("later/archive");
    try (Gateway gateway =
        new Gateway(
            Map.of(
                "GATEHOUSE_JAVA_ARCHIVE",
                directory.toString(),
                "GATEHOUSE_JAVA_OPTS",
                "-Dgatehouse.archive.delay=0"))) {
      assertThat(gateway.started.process().isAlive()).isTrue();
      while (!isMade(directory)) {
        LockSupport.parkNanos(POLL);
      }
    }
  }

  private static boolean isMade(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.anyMatch(file -> file.getFileName().toString().startsWith("gatehouse-"));
    }
  }

  @Test
  void sigtermUnderLoadFailsNoRequest() throws Exception {
    AtomicInteger answered = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try (Gateway gateway = new Gateway(Map.of())) {
      List<CompletableFuture<Void>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(CompletableFuture.runAsync(() -> load(gateway.port, answered), threads));
      }
      while (answered.get() < 200) {
        LockSupport.parkNanos(POLL);
      }

      assertThat(gateway.terminate()).isZero();
      for (CompletableFuture<Void> client : clients) {
        client.get(20, TimeUnit.SECONDS);
      }
      assertThat(answered.get()).isGreaterThanOrEqualTo(200);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Asks until nobody takes a connection any more. */
  private static void load(int port, AtomicInteger answered) {
    boolean listening = true;
    while (listening) {
      try (Wire wire = Wire.open(port, "127.0.0.1")) {
        listening = ask(wire, answered);
      } catch (UncheckedIOException refused) {
        listening = false;
      }
    }
  }

  /**
   * Asks until the gateway wants no more on this connection. One that was never taken, and is reset
   * with the port, is as good as refused; one that was must be told before it ends.
   */
  private static boolean ask(Wire wire, AtomicInteger answered) {
    for (boolean first = true; ; first = false) {
      var answer = wire.send(GET).read("GET");
      if (answer.isEmpty()) {
        assertThat(first).as("a connection ends without a word").isTrue();
        return false;
      }
      assertThat(answer.get().status()).isEqualTo(200);
      answered.incrementAndGet();
      if ("close".equals(answer.get().header("Connection"))) {
        return true;
      }
    }
  }
}
