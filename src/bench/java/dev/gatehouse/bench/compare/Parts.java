package dev.gatehouse.bench.compare;

import dev.gatehouse.testkit.StubOp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The parts of the comparison by name. */
final class Parts {
  private Parts() {}

  static List<String> names() {
    return List.of("throughput", "latency", "idle", "startup", "sessions");
  }

  static void run(
      String part, Options options, Report report, Gateway gateway, Path parent, StubOp op)
      throws IOException {
    Path directory = Files.createDirectory(parent.resolve(part));
    switch (part) {
      case "throughput" -> new Throughput(options, report, gateway).run(directory, op);
      case "latency" -> new Latency(options, report, gateway).run(directory, op);
      case "idle" -> new Idle(options, report, gateway).run(directory, op);
      case "sessions" -> new Sessions(options, report).run();
      case "startup" -> new StartUp(options, report, gateway).run(directory, op);
      default ->
          throw new CompareFailure(
              "there is no part " + part + "; there are: " + String.join(", ", names()));
    }
  }
}
