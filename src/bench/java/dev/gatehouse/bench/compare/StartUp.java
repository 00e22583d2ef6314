package dev.gatehouse.bench.compare;

import dev.gatehouse.testkit.StubOp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long it takes from the launcher to the line that says that it serves. */
final class StartUp {
  private final Options options;
  private final Report report;

  StartUp(Options options, Report report) {
    this.options = options;
    this.report = report;
  }

  void run(Path directory, StubOp op) throws IOException {
    int starts = Math.max(5, options.rounds());
    List<Double> first = new ArrayList<>();
    List<Double> later = new ArrayList<>();
    try (Server origin = new Peers(directory, false).origin()) {
      for (int i = 0; i < starts; i++) {
        Gateway gateway = new Gateway(directory, options, "start-" + i + "-");
        Path home = gateway.install();
        first.add(start(gateway, home, origin, op));
        later.add(start(gateway, home, origin, op));
        Progress.say(
            String.format(
                Locale.ROOT,
                "start %d of %d: first %.2f s, second %.2f s",
                i + 1,
                starts,
                first.get(i),
                later.get(i)));
        Cleanup.delete(home.getParent());
      }
    }
    report.keep(
        "startup",
        List.of(
            Goal.atMost("seconds to the ready line, first start", 1.5, " s", Spread.of(first), 2),
            Goal.atMost("seconds to the ready line, later starts", 1.5, " s", Spread.of(later), 2)),
        """
        From the start of `bin/gatehouse` to its `ready:` line, %d times each. Every first start is that of
        a freshly unpacked distribution; the later one follows when the first has ended. The files are in
        the page cache.

        | start | seconds |
        | --- | --- |
        | first | %s |
        | later | %s |
        """
            .formatted(starts, Spread.of(first).text(2), Spread.of(later).text(2)));
  }

  private double start(Gateway gateway, Path home, Server origin, StubOp op) throws IOException {
    try (Server server = gateway.start(home, "jwt", origin.port(), op)) {
      report.command(server.processes().command());
      return server.startUp().toNanos() / 1e9;
    }
  }
}
