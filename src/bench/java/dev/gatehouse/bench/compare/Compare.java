package dev.gatehouse.bench.compare;

import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.StubOp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Runs the parts of the comparison that are named; see {@code src/bench/compare}. */
public final class Compare {
  private Compare() {}

  /** Ends with status 1 when a part cannot be measured; the others are, all the same. */
  public static void main(String[] parts) throws IOException {
    Cleanup.atEnd();
    List<String> failed = new ArrayList<>();
    try {
      Options options = Options.read(System.getenv());
      Report report = new Report(options);
      if (parts.length == 0) {
        report.forget();
      }
      Path directory = Cleanup.directory();
      Gateway gateway = new Gateway(directory, options);
      try (StubOp op = StubOp.start(Clock.systemUTC())) {
        Plan plan = Plan.honest();
        Gateway.user().forEach(plan::claim);
        op.usually(plan);
        for (String part : parts.length == 0 ? Parts.names() : List.of(parts)) {
          Progress.say("part " + part);
          if (!measured(() -> Parts.run(part, options, report, gateway, directory, op), part)) {
            failed.add(part);
          }
        }
      }
    } catch (CompareFailure failure) {
      tell("", failure);
      System.exit(1);
    }
    if (!failed.isEmpty()) {
      System.err.println("src/bench/compare: NOT MEASURED: " + String.join(", ", failed));
      System.exit(1);
    }
    System.exit(0);
  }

  private interface Part {
    void run() throws IOException;
  }

  private static boolean measured(Part part, String name) {
    try {
      part.run();
      return true;
    } catch (CompareFailure failure) {
      tell(name + ": ", failure);
    } catch (IOException failure) {
      tell(name + ": ", new CompareFailure("a file or connection fails", failure));
    }
    return false;
  }

  private static void tell(String where, CompareFailure failure) {
    System.err.println("src/bench/compare: " + where + failure.getMessage());
    if (failure.getCause() != null) {
      System.err.println("  because of: " + failure.getCause());
    }
  }
}
