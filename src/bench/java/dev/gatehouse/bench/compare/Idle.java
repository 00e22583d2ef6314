package dev.gatehouse.bench.compare;

import dev.gatehouse.testkit.StubOp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What connections cost on which nothing happens. */
final class Idle {
  private static final int CONNECTIONS = 10_000;
  private static final int WEB_SOCKETS = 5_000;
  private static final int MOST_ROUNDS = 3;
  private static final int WARM_UP_PER_SECOND = 1_000;
  private static final int SETTLE_MILLIS = 2_000;

  /** Of the gateway's process, each after a collection; MiB. */
  private record Memory(double resident, double heap) {
    Memory minus(Memory other) {
      return new Memory(resident - other.resident, heap - other.heap);
    }
  }

  private final Options options;
  private final Report report;
  private final Gateway gateway;
  private final List<Memory> connections = new ArrayList<>();
  private final List<Memory> webSockets = new ArrayList<>();

  Idle(Options options, Report report, Gateway gateway) {
    this.options = options;
    this.report = report;
    this.gateway = gateway;
  }

  void run(Path directory, StubOp op) throws IOException {
    int rounds = Math.min(MOST_ROUNDS, options.rounds());
    try (Server origin = new Peers(directory, false).origin();
        EchoOrigin echo = EchoOrigin.start()) {
      for (int round = 0; round < rounds; round++) {
        try (Server server = gateway.start("jwt", origin.port(), op)) {
          report.command(server.processes().command());
          Target session = Gateway.session(server);
          session.check();
          int seconds = Math.max(1, options.warmUp() / 4);
          PacedLoad.run(session, origin, options.connections(), WARM_UP_PER_SECOND, 0, seconds);
          connections.add(added(server, () -> Clients.keepAlive(session, CONNECTIONS)));
          say("connections", CONNECTIONS, connections.get(round));
        }
        try (Server server = gateway.start("jwt", echo.port(), op)) {
          Target session = cookie(server);
          Clients.webSockets(session, WEB_SOCKETS / 10).close();
          webSockets.add(added(server, () -> Clients.webSockets(session, WEB_SOCKETS)));
          say("WebSockets", WEB_SOCKETS, webSockets.get(round));
        }
      }
    }
    publish(rounds);
  }

  /** The origin has no files that could be checked. */
  private static Target cookie(Server server) {
    return Target.gated(
        "Gatehouse before an origin of WebSockets",
        server,
        "Cookie",
        Browser.signIn(server.origin() + "/1k"));
  }

  private interface Opening {
    Clients open();
  }

  private static Memory added(Server server, Opening opening) {
    Memory before = memory(server);
    try (Clients clients = opening.open()) {
      Server.pause(SETTLE_MILLIS);
      Memory after = memory(server);
      clients.use();
      return after.minus(before);
    }
  }

  private static Memory memory(Server server) {
    long pid = server.processes().pids().get(0);
    Jvm.collect(pid);
    return new Memory(server.processes().residentKib() / 1024.0, Jvm.heapKib(pid) / 1024.0);
  }

  private static void say(String what, int count, Memory added) {
    Progress.say(
        String.format(
            Locale.ROOT,
            "%d idle %s: %.0f MiB more resident, of which heap in use %.0f MiB",
            count,
            what,
            added.resident(),
            added.heap()));
  }

  private void publish(int rounds) throws IOException {
    Spread resident = Spread.of(connections, Memory::resident);
    report.keep(
        "idle",
        List.of(Goal.atMost("10,000 idle connections", 150, " MiB more", resident, 0)),
        """
        Each time a fresh gateway, %d times. On every connection one request with a session was answered, or a
        WebSocket was opened with a session and a frame went to the origin and back; after the measurement
        every one of them is used again. Memory is read before and after, each time after a collection.

        | what | MiB more resident | MiB more heap in use |
        | --- | --- | --- |
        | 10,000 idle keep-alive connections | %s | %s |
        | 5,000 idle WebSockets | %s | %s |
        """
            .formatted(
                rounds,
                resident.text(0),
                Spread.of(connections, Memory::heap).text(0),
                Spread.of(webSockets, Memory::resident).text(0),
                Spread.of(webSockets, Memory::heap).text(0)));
  }
}
