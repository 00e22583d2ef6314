package dev.gatehouse.bench.compare;

import java.nio.file.Path;
import java.util.Map;

/**
 * What can be chosen by environment variables.
 *
 * @param rounds how often each server has its turn
 * @param seconds of each measurement
 * @param warmUp seconds of full load for each way into Gatehouse before the first measurement
 * @param connections of the load generators
 * @param accessLog whether every server writes a line for each request
 * @param javaHome the JDK or JRE that runs Gatehouse
 * @param state directory for figures of parts that ran earlier
 * @param results the report
 */
record Options(
    int rounds,
    int seconds,
    int warmUp,
    int connections,
    boolean accessLog,
    Path javaHome,
    Path distribution,
    Path state,
    Path results) {
  static Options read(Map<String, String> environment) {
    return new Options(
        number(environment, "ROUNDS", 5),
        number(environment, "SECONDS", 4),
        number(environment, "WARMUP", 30),
        64,
        "on".equals(environment.get("ACCESS_LOG")),
        Path.of(environment.getOrDefault("GATEHOUSE_JAVA", System.getProperty("java.home"))),
        Path.of(environment.get("DISTRIBUTION")),
        Path.of(environment.get("STATE")),
        Path.of(environment.get("RESULTS")));
  }

  static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static int number(Map<String, String> environment, String name, int usual) {
    String value = environment.getOrDefault(name, String.valueOf(usual));
    if (!value.matches("[1-9][0-9]{0,3}")) {
      throw new CompareFailure(name + " is " + value + ", but has to be a number from 1 to 9999");
    }
    return Integer.parseInt(value);
  }
}
