package dev.gatehouse.bench.compare;

import java.util.List;

/** Watches how much of the CPU time goes to processes that do not belong to this run. */
final class Others {
  private static final int REMARKABLE_PERCENT = 10;

  private final List<Server> servers;
  private final long machine;
  private final long own;

  private Others(List<Server> servers) {
    this.servers = servers;
    this.machine = Processes.machineMicros();
    this.own = own();
  }

  /** Begins to watch, beside {@code servers} and what this process starts. */
  static Others beside(Server... servers) {
    return new Others(List.of(servers).stream().distinct().toList());
  }

  /** Of the CPU time that all have used since; what this process started has to have ended. */
  double share() {
    double all = Math.max(1, Processes.machineMicros() - machine);
    return Math.max(0, (all - (own() - own)) / all);
  }

  /** What a reader has to know before he believes the figures; empty where that is nothing. */
  static String remark(Spread percent) {
    return percent.max() < REMARKABLE_PERCENT
        ? ""
        : "**The machine was busy with other things**, which took %s %% of the CPU time.%n%n"
            .formatted(percent.text(0));
  }

  private long own() {
    Processes self = new Processes(List.of(ProcessHandle.current().pid()));
    return self.cpuMicros()
        + servers.stream().mapToLong(server -> server.processes().cpuMicros()).sum();
  }
}
