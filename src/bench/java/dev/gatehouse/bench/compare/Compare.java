package dev.gatehouse.bench.compare;

import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.StubOp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Runs the parts of the comparison that are named; see {@code src/bench/compare}. */
public final class Compare {
  private Compare() {}

  /** Ends with status 1 when a part cannot be measured. */
  public static void main(String[] parts) throws IOException {
    Cleanup.atEnd();
    try {
      Options options = Options.read(System.getenv());
      Report report = new Report(options);
      Path directory = Cleanup.directory();
      try (StubOp op = StubOp.start(Clock.systemUTC())) {
        Plan plan = Plan.honest();
        Gateway.user().forEach(plan::claim);
        op.usually(plan);
        for (String part : parts.length == 0 ? Parts.names() : List.of(parts)) {
          Progress.say("part " + part);
          Parts.run(part, options, report, directory, op);
        }
      }
    } catch (CompareFailure failure) {
      System.err.println("src/bench/compare: " + failure.getMessage());
      if (failure.getCause() != null) {
        System.err.println("  because of: " + failure.getCause());
      }
      System.exit(1);
    }
    System.exit(0);
  }
}
