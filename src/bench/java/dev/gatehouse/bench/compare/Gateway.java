package dev.gatehouse.bench.compare;

import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Gatehouse as it is shipped: the unpacked distribution, run by its launcher. */
final class Gateway {
  private static final String CONFIGURATION =
      """
      public-url: http://127.0.0.1:%1$d
      listen: 127.0.0.1:%1$d
      upstream: http://127.0.0.1:%2$d
      insecure-allow-http: true
      provider:
        issuer: %3$s
        client-id: %4$s
        client-secret: "%5$s"
        scopes: [openid, profile, email]
      limits: {idle-timeout: 10m, upstream-connections: 8192}
      identity: {headers: {X-Gatehouse-User: sub, X-Gatehouse-Email: email, X-Gatehouse-Groups: groups}}
      bearer: {audience: %6$s, validation: %7$s, cache-lifetime: 10m}
      rules:
        - {path: /**, access: login-or-bearer}
      """;

  private final Path directory;
  private final Options options;
  private Path home;
  private int count;

  Gateway(Path directory, Options options) {
    this.directory = directory;
    this.options = options;
  }

  /** A fresh copy, as after an installation. */
  Path install() throws IOException {
    Path place = Files.createDirectory(directory.resolve("gatehouse-" + count++));
    run(List.of("tar", "-xzf", options.distribution().toString(), "-C", place.toString()));
    try (Stream<Path> entries = Files.list(place)) {
      return entries.findFirst().orElseThrow();
    }
  }

  /**
   * Has the launcher make its archive of classes. By itself it would do so a few seconds after a
   * start, at the cost of what is being measured then.
   */
  void archive(Path installed) throws IOException {
    run(List.of(installed.resolve("bin/gatehouse").toString(), "archive"));
  }

  /** Starts one that judges access tokens by {@code validation}: jwt or introspection. */
  Server start(String validation, int upstream, StubOp op) throws IOException {
    if (home == null) {
      home = install();
      archive(home);
    }
    return start(home, validation, upstream, op);
  }

  /** Starts an installed one. */
  Server start(Path installed, String validation, int upstream, StubOp op) throws IOException {
    int port = Server.freePort();
    String text =
        CONFIGURATION.formatted(
            port,
            upstream,
            op.issuer(),
            StubOp.CLIENT_ID,
            StubOp.CLIENT_SECRET,
            StubOp.API,
            validation);
    Path file = Files.writeString(installed.resolve("compare-" + port + ".yaml"), text);
    return Server.saying(
        "ready:",
        "gatehouse-" + validation,
        port,
        installed.resolve("log-" + port),
        List.of(installed.resolve("bin/gatehouse").toString(), "run", "-c", file.toString()),
        environment());
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("JAVA_HOME", options.javaHome().toString());
    if (!options.accessLog()) {
      environment.put("GATEHOUSE_LOG_LEVEL", "WARN");
    }
    String flags = System.getenv("GATEHOUSE_JAVA_OPTS");
    if (flags != null) {
      environment.put("GATEHOUSE_JAVA_OPTS", flags);
    }
    return environment;
  }

  private void run(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Server.giveEnvironment(builder, environment());
    Process process = builder.start();
    AutoCloseable running = process::destroyForcibly;
    Cleanup.add(running);
    String output = new String(process.getInputStream().readAllBytes());
    try {
      if (process.waitFor() != 0) {
        throw new CompareFailure(String.join(" ", command) + " fails:\n" + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompareFailure("interrupted", e);
    } finally {
      Cleanup.remove(running);
    }
  }

  /** A session of a user who has just signed in. */
  static Target session(Server gateway) {
    return Target.gated(
        "Gatehouse, live session", gateway, "Cookie", Browser.signIn(gateway.origin() + "/1k"));
  }

  /** An access token that the OP has signed (RFC 9068). */
  static Target jwt(Server gateway, StubOp op) {
    Map<String, Object> claims = new LinkedHashMap<>(user());
    claims.put("exp", Instant.now().getEpochSecond() + 3600);
    TokenRecipe recipe =
        TokenRecipe.correct().header("typ", "at+jwt").claim("scope", "orders.read");
    return bearer("Gatehouse, JWT bearer token", gateway, op.accessToken(recipe, claims));
  }

  /** An access token about which the OP is asked (RFC 7662). */
  static Target introspected(Server gateway, StubOp op) {
    Map<String, Object> answer = new LinkedHashMap<>(op.activeAnswer());
    answer.putAll(user());
    answer.put("scope", "orders.read");
    answer.put("exp", Instant.now().getEpochSecond() + 3600);
    return bearer("Gatehouse, cached introspected token", gateway, op.opaqueToken(answer));
  }

  private static Target bearer(String name, Server gateway, String token) {
    return Target.gated(name, gateway, "Authorization", "Bearer " + token);
  }

  /** What the OP says of everybody, beside what it has to say: ten claims in all. */
  static Map<String, Object> user() {
    return Map.of(
        "email", "alice@example.com",
        "groups", List.of("users", "everyone"),
        "given_name", "Alice",
        "family_name", "Anders",
        "preferred_username", "alice",
        "locale", "en-GB",
        "zoneinfo", "Europe/London",
        "department", "Purchasing");
  }
}
