package dev.gatehouse.proxy;

import dev.gatehouse.access.Cidr;
import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.ConfigReader;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.HostPort;
import dev.gatehouse.config.Hsts;
import dev.gatehouse.config.IdentityMapping;
import dev.gatehouse.config.Listener;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.config.UpstreamTrust;
import dev.gatehouse.config.Upstreams;
import dev.gatehouse.gate.SessionControl;
import dev.gatehouse.ops.GatewayMetrics;
import dev.gatehouse.report.LeakReport;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.testkit.HeldPort;
import dev.gatehouse.testkit.Wire;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** The standalone door around a {@link TestGate}, on a free port of loopback. */
final class Door implements AutoCloseable {
  static final GatehouseConfig.Limits LIMITS =
      new GatehouseConfig.Limits(
          32 * 1024,
          8 * 1024,
          100,
          -1,
          Duration.ofSeconds(2),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          Optional.empty(),
          GatehouseConfig.Limits.Pace.USUAL,
          new GatehouseConfig.Limits.Tunnels(Duration.ofSeconds(20), Duration.ofSeconds(2)),
          GatehouseConfig.Limits.Connections.USUAL,
          Duration.ZERO);

  /** So few that one pool has them all: which connection a request takes is no chance then. */
  private static final Upstreams FEW_CONNECTIONS =
      new Upstreams(List.of(), 100, Upstreams.NONE.keepAlive());

  private final TestGate gate = new TestGate();
  private final List<String> ended = new CopyOnWriteArrayList<>();
  private final GatewayMetrics metrics = new GatewayMetrics();
  private final LeakReport leaks =
      new LeakReport(Instant.now(), List.of(), HygieneMode.REPORT, true);
  private final GatewayServer server;
  private volatile String notReady;

  private Door(GatehouseConfig config) {
    try {
      server =
          new GatewayServer(
              config,
              gate,
              () -> Optional.ofNullable(notReady),
              operator(),
              metrics,
              () -> leaks.read(Instant.now()));
      server.start();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static Door before(RawUpstream app) {
    return before(app.uri(), LIMITS, Optional.empty());
  }

  static Door before(RawUpstream app, GatehouseConfig.Limits limits) {
    return before(app.uri(), limits, Optional.empty());
  }

  static Door before(URI app, GatehouseConfig.Limits limits, Optional<GatehouseConfig.Tls> tls) {
    return new Door(config(app, limits, tls, Listener.DEFAULT, List.of()));
  }

  /**
   * With another listener.
   *
   * @param trusted the peers that are believed
   */
  static Door before(
      RawUpstream app,
      GatehouseConfig.Limits limits,
      Optional<GatehouseConfig.Tls> tls,
      Listener listener,
      List<Cidr> trusted) {
    return new Door(config(app.uri(), limits, tls, listener, trusted));
  }

  /** At that port, which nobody else gets when the door is shut. */
  static Door listening(RawUpstream app, GatehouseConfig.Limits limits, HeldPort port) {
    HostPort at = new HostPort("127.0.0.1", port.number());
    return new Door(config(app.uri(), at, limits, Optional.empty(), Listener.DEFAULT, List.of()));
  }

  /** With another address. */
  static Door listening(URI app, HostPort at, Listener listener, List<Cidr> trusted) {
    return new Door(config(app, at, LIMITS, Optional.empty(), listener, trusted));
  }

  /** That speaks HTTP/2 in the clear. */
  static Door speakingH2c(RawUpstream app, GatehouseConfig.Limits limits) {
    return before(
        app,
        limits,
        Optional.empty(),
        new Listener(true, true, false, Optional.empty()),
        List.of());
  }

  /**
   * A door whose upstreams and limits are as {@code yaml} says, for app.example and docs.example.
   */
  static Door reading(String yaml) {
    String whole =
        """
        public-url: https://app.example
        listen: 127.0.0.1:0
        hosts: {docs.example: provider}
        provider: {issuer: https://op.example, client-id: gw, client-secret: a-secret-of-tests-alone}
        management: {listen: 127.0.0.1:0}
        """
            + yaml;
    try {
      return new Door(
          ConfigReader.read(
                  whole, Path.of("/nowhere"), Map.of(), dev.gatehouse.config.Door.STANDALONE)
              .config());
    } catch (ConfigException e) {
      throw new IllegalArgumentException(e);
    }
  }

  TestGate gate() {
    return gate;
  }

  /** What an operator has ended. */
  List<String> ended() {
    return ended;
  }

  private SessionControl operator() {
    return new SessionControl() {
      @Override
      public void endSession(String fingerprint) {
        ended.add(fingerprint);
      }

      @Override
      public void endSubject(String issuer, String subject) {
        if (!issuer.startsWith("https:")) {
          throw new IllegalArgumentException("no provider has the issuer " + issuer);
        }
        ended.add(issuer + " " + subject);
      }
    };
  }

  /** What the report shows. */
  LeakReport leaks() {
    return leaks;
  }

  /** What is counted. */
  GatewayMetrics metrics() {
    return metrics;
  }

  GatewayServer server() {
    return server;
  }

  int port() {
    return server.address().port();
  }

  /** What the engine says of logins from now on. */
  void notReady(String reason) {
    notReady = reason;
  }

  Wire wire() {
    return Wire.open(port(), "127.0.0.1");
  }

  /**
   * Waits until no connection to an app is in use: the next request finds one that is kept. A
   * client has its answer a moment before.
   */
  void rest() {
    Awaitility.await().until(() -> server.inventory().apps() == 0);
  }

  @Override
  public void close() {
    server.close();
  }

  private static GatehouseConfig config(
      URI app,
      GatehouseConfig.Limits limits,
      Optional<GatehouseConfig.Tls> tls,
      Listener listener,
      List<Cidr> trusted) {
    return config(app, new HostPort("127.0.0.1", 0), limits, tls, listener, trusted);
  }

  private static GatehouseConfig config(
      URI app,
      HostPort at,
      GatehouseConfig.Limits limits,
      Optional<GatehouseConfig.Tls> tls,
      Listener listener,
      List<Cidr> trusted) {
    return new GatehouseConfig(
        PublicUrl.of(URI.create("https://app.example")),
        Optional.of(at),
        listener,
        Hsts.DEFAULT,
        tls,
        FEW_CONNECTIONS.with(Upstreams.to(app).routes()),
        UpstreamTrust.NONE,
        Map.of(
            Provider.SINGLE,
            Provider.of(
                "https://op.example",
                "gw",
                Provider.Proof.bySecret(
                    Provider.ClientAuthentication.CLIENT_SECRET_BASIC, Secret.of("not-used")))),
        Optional.empty(),
        Map.of(),
        false,
        new GatehouseConfig.Login(Duration.ofMinutes(10), 8, false),
        new GatehouseConfig.Session(
            GatehouseConfig.SessionStoreKind.MEMORY,
            Duration.ofMinutes(30),
            Duration.ofHours(8),
            List.of(),
            List.of(),
            1000,
            List.of()),
        new IdentityMapping(Map.of("X-Gatehouse-User", "sub"), Set.of(), "groups"),
        List.of(),
        Optional.empty(),
        new GatehouseConfig.TokenHygiene(
            HygieneMode.ENFORCE, List.of(), GatehouseConfig.JwtValues.REPORT, false, 64 * 1024),
        GatehouseConfig.AppTraits.USUAL,
        trusted,
        Optional.empty(),
        Optional.of(new HostPort("127.0.0.1", 0)),
        new GatehouseConfig.Logout(List.of(), List.of(), false, false),
        limits,
        new GatehouseConfig.Backchannel(
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            2,
            2,
            Optional.empty(),
            false),
        false);
  }

  /** With so many connections. */
  static UnaryOperator<GatehouseConfig.Limits> connections(
      GatehouseConfig.Limits.Connections connections) {
    return all -> ChangedLimits.of(all).connections(connections).limits();
  }

  /** With such a pace of bodies. */
  static UnaryOperator<GatehouseConfig.Limits> pace(GatehouseConfig.Limits.Pace pace) {
    return all -> ChangedLimits.of(all).pace(pace).limits();
  }

  /** With such deadlines of WebSockets. */
  static UnaryOperator<GatehouseConfig.Limits> tunnels(GatehouseConfig.Limits.Tunnels tunnels) {
    return all -> ChangedLimits.of(all).tunnels(tunnels).limits();
  }

  /** With an app that may be silent for so long before, and within, its answer. */
  static UnaryOperator<GatehouseConfig.Limits> silence(Duration before, Duration within) {
    return all -> ChangedLimits.of(all).silence(before, within).limits();
  }

  /** With a deadline for the whole of a request. */
  static UnaryOperator<GatehouseConfig.Limits> inAll(Duration requestTimeout) {
    return all -> ChangedLimits.of(all).inAll(requestTimeout).limits();
  }

  /** The default limits with one thing changed. */
  static GatehouseConfig.Limits limits(UnaryOperator<GatehouseConfig.Limits> change) {
    return change.apply(LIMITS);
  }
}
