package dev.gatehouse.bench.compare;

import dev.gatehouse.bench.compare.Load.Sample;
import dev.gatehouse.testkit.StubOp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** All servers under as much load as they can take, by turns. */
final class Throughput {
  private static final String NGINX = "nginx, bare proxy";
  private static final String APACHE = "Apache httpd, bare mod_proxy";
  private static final String OPENIDC = "Apache httpd, mod_auth_openidc";
  private static final String SESSION = "Gatehouse, live session";
  private static final String JWT = "Gatehouse, JWT bearer token";
  private static final String INTROSPECTED = "Gatehouse, cached introspected token";
  private static final String SAME_JVM =
      "Gatehouse, live session, in the JVM of the introspected token";

  private static final int WARM_REQUESTS = 60_000;
  private static final int MOST_WARM_UPS = 3;
  private static final int WARM_UP_PIECE = 5;

  /** Credentials are made anew in each round, so that none expires and none is lucky. */
  private record Runner(String name, Supplier<Target> target) {}

  private final Options options;
  private final Report report;
  private final Gateway gateway;
  private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

  Throughput(Options options, Report report, Gateway gateway) {
    this.options = options;
    this.report = report;
    this.gateway = gateway;
  }

  void run(Path directory, StubOp op) throws IOException {
    Peers peers = new Peers(directory, options.accessLog());
    try (Server origin = peers.origin();
        Server nginx = peers.nginxProxy(origin);
        Server apache = peers.apacheProxy(origin);
        Server openidc = peers.apacheOpenidc(origin, op);
        Server first = gateway.start("jwt", origin.port(), op);
        Server second = gateway.start("introspection", origin.port(), op)) {
      report.command(first.processes().command());
      Load load = new Load(directory, options.connections(), origin);
      List<Runner> small =
          List.of(
              new Runner("origin, no proxy", () -> Target.open("origin", origin)),
              new Runner(NGINX, () -> Target.open(NGINX, nginx)),
              new Runner(APACHE, () -> Target.open(APACHE, apache)),
              new Runner(OPENIDC, () -> openidc(openidc)),
              new Runner(SESSION, () -> Gateway.session(first)),
              new Runner(JWT, () -> Gateway.jwt(first, op)),
              new Runner(INTROSPECTED, () -> Gateway.introspected(second, op)),
              new Runner(SAME_JVM, () -> Gateway.session(second)));
      List<Runner> large =
          small.subList(1, 5).stream()
              .map(
                  each ->
                      new Runner(each.name() + ", 100 KiB", () -> each.target().get().ofKib(100)))
              .toList();
      for (Runner runner : small.subList(4, 8)) {
        Progress.say("warm-up: " + runner.name());
        warm(load, runner.target());
      }
      rounds(load, small, options.seconds());
      warm(load, large.get(3).target());
      rounds(load, large, Math.max(2, options.seconds() / 2));
      report.throughput(table(small), table(large), goals(), memory(first, apache, openidc, nginx));
      report.peak(Spread.of(samples.get(SESSION), Sample::perSecond).median());
    }
  }

  private static Target openidc(Server server) {
    return Target.gated(OPENIDC, server, "Cookie", Browser.signIn(server.origin() + "/1k"));
  }

  /**
   * For longer where the machine is slow: the compiler counts calls, not seconds. In pieces with a
   * login and refusals between them, as the rounds have it: what the compiler had taken for
   * impossible makes it begin again.
   */
  private void warm(Load load, Supplier<Target> way) throws IOException {
    double requests = 0;
    int seconds = 0;
    while (seconds < options.warmUp()
        || requests < WARM_REQUESTS && seconds < MOST_WARM_UPS * options.warmUp()) {
      int piece = Math.min(WARM_UP_PIECE, options.warmUp());
      Target target = way.get();
      target.check();
      requests += load.run(target, piece).perSecond() * piece;
      seconds += piece;
    }
  }

  /** Every other round in the opposite order, so that no server is always behind the same one. */
  private void rounds(Load load, List<Runner> runners, int seconds) throws IOException {
    for (int round = 0; round < options.rounds(); round++) {
      List<Runner> order = new ArrayList<>(runners);
      if (round % 2 == 1) {
        Collections.reverse(order);
      }
      for (Runner runner : order) {
        Target target = runner.target().get();
        target.check();
        load.run(target, 1);
        Sample sample = load.run(target, seconds);
        target.check();
        samples.computeIfAbsent(runner.name(), name -> new ArrayList<>()).add(sample);
        Progress.say(
            String.format(
                Locale.ROOT,
                "round %d of %d: %s: %.0f/s, %.1f µs CPU, p99 %.2f ms, others %.0f %%",
                round + 1,
                options.rounds(),
                runner.name(),
                sample.perSecond(),
                sample.cpuMicros(),
                sample.p99Millis(),
                100 * sample.othersShare()));
      }
    }
  }

  private String table(List<Runner> runners) {
    List<Sample> whole =
        runners.stream().flatMap(runner -> samples.get(runner.name()).stream()).toList();
    StringBuilder table =
        new StringBuilder(Others.remark(Spread.of(whole, sample -> 100 * sample.othersShare())))
            .append(
                """
            | server | requests/s | CPU µs per request | p50 ms | p99 ms | CPU of others |
            | --- | --- | --- | --- | --- | --- |
            """);
    for (Runner runner : runners) {
      List<Sample> all = samples.get(runner.name());
      table.append(
          "| %s | %s | %s | %s | %s | %s |%n"
              .formatted(
                  runner.name(),
                  Spread.of(all, Sample::perSecond).text(0),
                  Spread.of(all, Sample::cpuMicros).text(1),
                  Spread.of(all, Sample::p50Millis).text(2),
                  Spread.of(all, Sample::p99Millis).text(2),
                  Spread.of(all, sample -> 100 * sample.othersShare()).text(0) + " %"));
    }
    return table.toString();
  }

  private List<Goal> goals() {
    return List.of(
        Goal.atMost(
            "CPU per request, live session, against Apache with mod_auth_openidc",
            0.22,
            "",
            cpu(SESSION, OPENIDC),
            3),
        Goal.atMost(
            "CPU per request, live session, against Apache's bare mod_proxy",
            0.85,
            "",
            cpu(SESSION, APACHE),
            3),
        Goal.atMost(
            "CPU per request, live session, against nginx's bare proxy",
            2.3,
            "",
            cpu(SESSION, NGINX),
            2),
        Goal.atLeast(
            "requests per second against Apache with mod_auth_openidc",
            4.5,
            " times",
            Spread.ofRatios(samples.get(SESSION), samples.get(OPENIDC), Sample::perSecond),
            2),
        Goal.beside(
            "the same of nginx's bare proxy, beside origin and load on the same cores",
            " times",
            Spread.ofRatios(samples.get(NGINX), samples.get(OPENIDC), Sample::perSecond),
            2),
        Goal.atMost(
            "cached introspected token against live session in the same JVM, CPU",
            1.1,
            "",
            cpu(INTROSPECTED, SAME_JVM),
            3),
        Goal.atMost(
            "cached JWT against live session in the same JVM, CPU", 1.1, "", cpu(JWT, SESSION), 3));
  }

  private Spread cpu(String name, String other) {
    return Spread.ofRatios(samples.get(name), samples.get(other), Sample::cpuMicros);
  }

  private static String memory(Server... servers) {
    StringBuilder table =
        new StringBuilder(
            "| after full load | resident MiB | proportional MiB |\n| --- | --- | --- |\n");
    for (Server server : servers) {
      Processes processes = server.processes();
      table.append(
          "| %s | %d | %d |%n"
              .formatted(
                  server.name(),
                  processes.residentKib() / 1024,
                  processes.proportionalKib() / 1024));
    }
    return table.toString();
  }
}
