package dev.gatehouse.bench.compare;

import dev.gatehouse.bench.compare.PacedLoad.Result;
import dev.gatehouse.testkit.StubOp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What Gatehouse adds to the time of a request while it has half the work that it could do. */
final class Latency {
  private static final String ORIGIN = "origin, no proxy";
  private static final String NGINX = "nginx, bare proxy";
  private static final String SESSION = "Gatehouse, live session";
  private static final int LEAD_SECONDS = 1;
  private static final double MOST_ADDED_MILLIS = 1.5;

  private final Options options;
  private final Report report;
  private final Gateway gateway;
  private final List<Double> residentMib = new ArrayList<>();
  private final List<Double> proportionalMib = new ArrayList<>();

  Latency(Options options, Report report, Gateway gateway) {
    this.options = options;
    this.report = report;
    this.gateway = gateway;
  }

  void run(Path directory, StubOp op) throws IOException {
    Peers peers = new Peers(directory, options.accessLog());
    try (Server origin = peers.origin();
        Server nginx = peers.nginxProxy(origin)) {
      double rate = peak(directory, origin, op) / 2;
      // A process of its own: what full load leaves behind is not memory "at that load".
      try (Server gatehouse = gateway.start("jwt", origin.port(), op)) {
        report.command(gatehouse.processes().command());
        Map<String, Supplier<Target>> ways = new LinkedHashMap<>();
        ways.put(ORIGIN, () -> Target.open(ORIGIN, origin));
        ways.put(NGINX, () -> Target.open(NGINX, nginx));
        ways.put(SESSION, () -> Gateway.session(gatehouse));
        Progress.say(String.format(Locale.ROOT, "warm-up at half load: %.0f/s", rate));
        warm(gatehouse, origin, rate);
        publish(rate, rounds(ways, rate, origin, gatehouse));
      }
    }
  }

  /** That of the throughput part if it has run, else measured now. */
  private double peak(Path directory, Server origin, StubOp op) throws IOException {
    Optional<Double> known = report.peak();
    if (known.isPresent()) {
      return known.get();
    }
    try (Server gatehouse = gateway.start("jwt", origin.port(), op)) {
      Load load = new Load(directory, options.connections(), origin);
      Target session = Gateway.session(gatehouse);
      session.check();
      Progress.say("warm-up to find the peak load");
      load.run(session, options.warmUp());
      double peak = load.run(session, options.seconds()).perSecond();
      report.peak(peak);
      return peak;
    }
  }

  /**
   * Slower at first: a cold JVM cannot do half of what a warm one can. Then with logins and
   * refusals between, as the rounds have it.
   */
  private void warm(Server gatehouse, Server origin, double rate) throws IOException {
    warmOnce(gatehouse, origin, rate / 10);
    warmOnce(gatehouse, origin, rate / 3);
    for (int turn = 0; turn < 12; turn++) {
      warmOnce(gatehouse, origin, rate);
    }
  }

  private void warmOnce(Server gatehouse, Server origin, double rate) throws IOException {
    Target session = Gateway.session(gatehouse);
    session.check();
    int seconds = Math.max(1, options.warmUp() / 4);
    PacedLoad.run(session, origin, options.connections(), rate, 0, seconds);
  }

  private Map<String, List<Result>> rounds(
      Map<String, Supplier<Target>> ways, double rate, Server origin, Server gatehouse)
      throws IOException {
    Map<String, List<Result>> results = new LinkedHashMap<>();
    for (int round = 0; round < options.rounds(); round++) {
      for (Map.Entry<String, Supplier<Target>> way : ways.entrySet()) {
        Target target = way.getValue().get();
        target.check();
        Result result =
            PacedLoad.run(
                target, origin, options.connections(), rate, LEAD_SECONDS, options.seconds());
        results.computeIfAbsent(way.getKey(), name -> new ArrayList<>()).add(result);
        Progress.say(
            String.format(
                Locale.ROOT,
                "round %d of %d: %s: p50 %.2f ms, p99 %.2f ms, others %.0f %%",
                round + 1,
                options.rounds(),
                way.getKey(),
                result.p50Millis(),
                result.p99Millis(),
                100 * result.othersShare()));
      }
      residentMib.add(gatehouse.processes().residentKib() / 1024.0);
      proportionalMib.add(gatehouse.processes().proportionalKib() / 1024.0);
    }
    return results;
  }

  private void publish(double rate, Map<String, List<Result>> results) throws IOException {
    List<Result> whole = results.values().stream().flatMap(List::stream).toList();
    Spread noise = Spread.of(results.get(ORIGIN), Result::p99Millis);
    StringBuilder text =
        new StringBuilder(Others.remark(Spread.of(whole, result -> 100 * result.othersShare())))
            .append(
                String.format(
                    Locale.ROOT,
                    "%.0f requests per second, 1 KiB.%n%n"
                        + "| server | p50 ms | p99 ms | longest ms | CPU of others |%n"
                        + "| --- | --- | --- | --- | --- |%n",
                    rate));
    results.forEach(
        (name, all) ->
            text.append(
                "| %s | %s | %s | %s | %s %% |%n"
                    .formatted(
                        name,
                        Spread.of(all, Result::p50Millis).text(2),
                        Spread.of(all, Result::p99Millis).text(2),
                        Spread.of(all, Result::maxMillis).text(1),
                        Spread.of(all, result -> 100 * result.othersShare()).text(0))));
    boolean clear = noise.median() < MOST_ADDED_MILLIS / 2;
    Spread resident = Spread.of(residentMib);
    text.append(
        """

        The p99 without any proxy, %s ms, is what generator, origin and machine add by themselves. It %s
        the %.1f ms that are to be judged.

        Memory at that load, after each round: resident %s MiB, proportional %s MiB.
        """
            .formatted(
                noise.text(2),
                clear ? "is well below" : "hides",
                MOST_ADDED_MILLIS,
                resident.text(0),
                Spread.of(proportionalMib).text(0)));
    Goal added =
        Goal.atMost(
            "p99 at half of its own peak load, added to nginx's bare proxy",
            MOST_ADDED_MILLIS,
            " ms",
            added(results.get(SESSION), results.get(NGINX)),
            2);
    report.keep(
        "latency",
        List.of(
            clear ? added : added.unclear("the noise of the machine is " + noise.text(2) + " ms"),
            Goal.atMost("resident memory at that load", 220, " MiB", resident, 0)),
        text.toString());
  }

  private static Spread added(List<Result> results, List<Result> base) {
    return Spread.of(
        IntStream.range(0, results.size())
            .mapToObj(i -> results.get(i).p99Millis() - base.get(i).p99Millis())
            .toList());
  }
}
