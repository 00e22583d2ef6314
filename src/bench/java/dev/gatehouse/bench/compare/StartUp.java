package dev.gatehouse.bench.compare;

import dev.gatehouse.testkit.StubOp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How long it takes from the launcher to the line that says that it serves. */
final class StartUp {
  private final Options options;
  private final Report report;
  private final Gateway gateway;

  StartUp(Options options, Report report, Gateway gateway) {
    this.options = options;
    this.report = report;
    this.gateway = gateway;
  }

  void run(Path directory, StubOp op) throws IOException {
    int starts = Math.max(5, options.rounds());
    List<Double> first = new ArrayList<>();
    List<Double> later = new ArrayList<>();
    try (Server origin = new Peers(directory, false).origin()) {
      Path home = gateway.install();
      first.add(start(home, origin, op));
      while (first.size() < starts) {
        Cleanup.delete(home.getParent());
        home = gateway.install();
        first.add(start(home, origin, op));
      }
      Progress.say("first starts: " + Spread.of(first).text(2) + " s");
      gateway.archive(home);
      while (later.size() < starts) {
        later.add(start(home, origin, op));
      }
      Progress.say("later starts: " + Spread.of(later).text(2) + " s");
    }
    report.keep(
        "startup",
        List.of(
            Goal.atMost("seconds to the ready line, first start", 1.5, " s", Spread.of(first), 2),
            Goal.atMost("seconds to the ready line, later starts", 1.5, " s", Spread.of(later), 2)),
        """
        From the start of `bin/gatehouse` to its `ready:` line, %d times each. Every first start is that of
        a freshly unpacked distribution; later ones find the archive of classes that the launcher makes by
        itself after the first. The files are in the page cache, and the JVM is a new one each time.

        | start | seconds |
        | --- | --- |
        | first | %s |
        | later | %s |
        """
            .formatted(starts, Spread.of(first).text(2), Spread.of(later).text(2)));
  }

  private double start(Path home, Server origin, StubOp op) throws IOException {
    try (Server server = gateway.start(home, "jwt", origin.port(), op)) {
      report.command(server.processes().command());
      return server.startUp().toNanos() / 1e9;
    }
  }
}
