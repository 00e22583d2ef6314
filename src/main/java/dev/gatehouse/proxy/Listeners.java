package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.HostPort;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;

/** What clients connect to: builds the connectors of a server, and knows where they listen. */
final class Listeners {
  /** Forward secrecy and authenticated encryption only (RFC 9325 §4.2). */
  private static final String[] CIPHER_SUITES = {
    "TLS_AES_.*", "TLS_CHACHA20_.*", "TLS_ECDHE_.*_GCM_.*", "TLS_ECDHE_.*_CHACHA20_.*"
  };

  /** As clients write it (RFC 7301 §6); Jetty's own name is in capitals, and fits no offer. */
  private static final String HTTP_1_1 = "http/1.1";

  private final ConnectionCaps caps;
  private final Loops main;
  private final List<StrictHttp2ConnectionFactory> http2;

  /** Null without TLS. */
  private FollowedCertificate certificate;

  /**
   * Adds the connectors to {@code server}, which opens them when it starts.
   *
   * @param refused where heads are left that are no requests
   * @throws IOException when the certificate or its key cannot be read
   * @throws GeneralSecurityException when they are not what they should be
   */
  Listeners(Server server, GatehouseConfig config, RefusedHeads refused)
      throws IOException, GeneralSecurityException {
    GatehouseConfig.Limits limits = config.limits();
    List<ConnectionFactory> factories =
        behindProxyHeader(connectionFactories(config, refused), config);
    http2 =
        factories.stream()
            .filter(StrictHttp2ConnectionFactory.class::isInstance)
            .map(StrictHttp2ConnectionFactory.class::cast)
            .toList();
    caps = new ConnectionCaps(limits.connections(), config.trustedProxies());
    main = new CappedConnector(server, caps, factories);
    main.getSelectorManager().setConnectTimeout(limits.connectTimeout().toMillis());
    HostPort listen = config.listen().orElseThrow();
    main.setHost(listen.host());
    main.setPort(listen.port());
    main.setIdleTimeout(limits.idleTimeout().toMillis());
    // A client that is slow to take its answer is not cut sooner because the gateway stops.
    main.setShutdownIdleTimeout(limits.idleTimeout().toMillis());
    server.addConnector(main);
  }

  /** What is spoken, behind a PROXY header where the configuration wants one. */
  static List<ConnectionFactory> behindProxyHeader(
      List<ConnectionFactory> spoken, GatehouseConfig config) {
    if (!config.listener().proxyProtocol()) {
      return spoken;
    }
    ConnectionFactory header =
        new ProxyHeaderConnectionFactory(
            config.trustedProxies(), spoken.get(0), config.limits().headTimeout());
    return Stream.concat(Stream.of(header), spoken.stream()).toList();
  }

  private List<ConnectionFactory> connectionFactories(GatehouseConfig config, RefusedHeads refused)
      throws IOException, GeneralSecurityException {
    StrictHttpConnectionFactory http = http(config.limits());
    Duration headTimeout = config.limits().headTimeout();
    if (config.tls().isEmpty() && config.listener().h2c()) {
      StrictHttp2ConnectionFactory h2c = http2("h2c", http, headTimeout, refused);
      return List.of(new PlainHttpDetector(h2c, headTimeout), http, h2c);
    }
    if (config.tls().isEmpty()) {
      return List.of(http);
    }
    GatehouseConfig.Tls tls = config.tls().get();
    boolean asks = config.bearer().filter(b -> b.binding().listenerAsks()).isPresent();
    SslContextFactory.Server context =
        asks ? new AnyClientCertificate() : new SslContextFactory.Server();
    certificate = new FollowedCertificate("tls", tls, context);
    context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    context.setIncludeCipherSuites(CIPHER_SUITES);
    context.setUseCipherSuitesOrder(true);
    context.setRenegotiationAllowed(false);
    // Jetty adds one that compares Host with the certificate, which a balancer in front may not
    // share; the engine compares Host with the public URL.
    http.getHttpConfiguration().addCustomizer(new SecureRequestCustomizer(false));
    if (!config.listener().http2()) {
      return List.of(
          new TimelySslConnectionFactory(context, http.getProtocol(), headTimeout), http);
    }
    StrictHttp2ConnectionFactory h2 = http2("h2", http, headTimeout, refused);
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory(h2.getProtocol(), HTTP_1_1);
    alpn.setDefaultProtocol(http.getProtocol());
    return List.of(
        new TimelySslConnectionFactory(context, alpn.getProtocol(), headTimeout), alpn, h2, http);
  }

  private static StrictHttp2ConnectionFactory http2(
      String protocol,
      StrictHttpConnectionFactory http,
      Duration headTimeout,
      RefusedHeads refused) {
    return new StrictHttp2ConnectionFactory(
        protocol, http.getHttpConfiguration(), headTimeout, refused);
  }

  /** HTTP/1.1 as the gateway speaks it, for the management listener too. */
  static StrictHttpConnectionFactory http(GatehouseConfig.Limits limits) {
    return new StrictHttpConnectionFactory(limits.maxHeadBytes(), limits.headTimeout());
  }

  /** The connections that clients have. */
  ConnectionCaps caps() {
    return caps;
  }

  /** Where clients connect to; known when the server has started. */
  HostPort address() {
    return new HostPort(main.getHost(), main.getLocalPort());
  }

  /** From now on changed files take over. */
  void follow(Scheduler timers, Executor threads) {
    if (certificate != null) {
      certificate.follow(timers, threads);
    }
  }

  /** Takes over what the files of the certificate hold now. */
  void lookAtCertificate() {
    if (certificate != null) {
      certificate.look();
    }
  }

  /** Whether some client has a connection. */
  boolean connected() {
    return !main.getConnectedEndPoints().isEmpty();
  }

  /** Ends the connections of clients at once, whatever goes on there. */
  void cut() {
    main.getConnectedEndPoints().forEach(EndPoint::close);
  }

  /** What carries the connections to the app. */
  Loops.Manager loops() {
    return main.lent();
  }

  /** Takes no new connection any more; those that are open go on. */
  void close() {
    if (certificate != null) {
      certificate.end();
    }
    http2.forEach(StrictHttp2ConnectionFactory::goAway);
    // No shutdown of Jetty's: it ends a connection after the answer that is under way, which has no
    // longer a chance to say so, and the client's next request would be lost.
    main.setAccepting(false);
    main.close();
  }
}
