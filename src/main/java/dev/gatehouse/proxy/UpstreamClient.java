package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.UpstreamTrust;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import org.eclipse.jetty.client.AbstractConnectionPool;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The connections to all that is behind the gateway: HTTP/1.1, with TLS where the target has it.
 * Follows no redirect, keeps no cookie, changes no body. Safe for concurrent use.
 */
final class UpstreamClient {
  /** As many as make it worth while to share them out among the loops. */
  private static final int MANY_CONNECTIONS = 64;

  /** One for each loop, so that no request is handed from one to another. */
  private final HttpClient[] clients;

  private final UpstreamConnector[] connectors;

  /**
   * Shares the server's threads, timers and buffers, which halves the cost of a request.
   *
   * @throws IOException when a certificate for TLS with the app cannot be read
   * @throws GeneralSecurityException when one is not what it should be
   */
  UpstreamClient(
      GatehouseConfig config,
      Executor threads,
      Scheduler scheduler,
      ByteBufferPool buffers,
      Supplier<Loops.Manager> loops)
      throws IOException, GeneralSecurityException {
    int max = config.upstreams().maxConnections();
    int count = max < MANY_CONNECTIONS * Loops.count() ? 1 : Loops.count();
    clients = new HttpClient[count];
    connectors = new UpstreamConnector[count];
    for (int i = 0; i < count; i++) {
      connectors[i] = new UpstreamConnector(loops, i);
      connectors[i].setSslContextFactory(tls(config.upstreamTrust()));
      clients[i] = client(config, connectors[i], threads, scheduler, buffers);
      clients[i].setMaxConnectionsPerDestination(max / count);
    }
  }

  private static HttpClient client(
      GatehouseConfig config,
      UpstreamConnector connector,
      Executor threads,
      Scheduler scheduler,
      ByteBufferPool buffers) {
    GatehouseConfig.Limits limits = config.limits();
    connector.setExecutor(threads);
    connector.setScheduler(scheduler);
    connector.setByteBufferPool(buffers);
    UpstreamTransport transport = new UpstreamTransport(connector);
    // Nothing here waits, so that answers need no thread of their own.
    transport.setInvocationType(Invocable.InvocationType.NON_BLOCKING);
    // As with clients: to look a field up costs more than to make it.
    transport.setHeaderCacheSize(0);
    HttpClient client = new ShortWay(transport);
    client.setExecutor(threads);
    client.setScheduler(scheduler);
    client.setByteBufferPool(buffers);
    client.setConnectTimeout(limits.connectTimeout().toMillis());
    // Sooner than common servers end them (Apache httpd after 5 s), so that hardly a request meets
    // a connection that is just being closed.
    client.setIdleTimeout(config.upstreams().keepAlive().toMillis());
    client.setMaxRequestHeadersSize(4 * limits.maxHeadBytes());
    client.setMaxResponseHeadersSize(2 * limits.maxHeadBytes());
    client.setFollowRedirects(false);
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setUserAgentField(null);
    client.setDefaultRequestContentType(null);
    return client;
  }

  /**
   * Knows where requests go that need nothing special. Jetty would make up a key of scheme, host,
   * port and more for each, to find what is the same for all requests to a target.
   */
  private static final class ShortWay extends HttpClient {
    private final Map<URI, Destination> destinations = new ConcurrentHashMap<>();

    ShortWay(HttpClientTransport transport) {
      super(transport);
    }

    @Override
    public Destination resolveDestination(Request request) {
      if (request.getTag() != null
          || request.getTransport() != null
          || !(request instanceof UpstreamRequest upstream)) {
        return super.resolveDestination(request);
      }
      Destination known = destinations.get(upstream.origin());
      return known != null
          ? known
          : destinations.computeIfAbsent(
              upstream.origin(), origin -> super.resolveDestination(request));
    }

    @Override
    public void close() {
      LifeCycle.stop(this);
    }
  }

  /** The app's name is always compared with its certificate (RFC 9110 §4.3.4). */
  private static SslContextFactory.Client tls(UpstreamTrust trust)
      throws IOException, GeneralSecurityException {
    SslContextFactory.Client context = new SslContextFactory.Client();
    context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    context.setEndpointIdentificationAlgorithm("HTTPS");
    if (trust.certificate().isPresent()) {
      GatehouseConfig.Tls files = trust.certificate().get();
      context.setKeyStore(PemKeyStore.read(files.certificate(), files.privateKey()));
      context.setKeyStorePassword(PemKeyStore.PASSWORD);
    }
    if (trust.caBundle().isPresent()) {
      context.setTrustStore(PemKeyStore.trusting(trust.caBundle().get()));
    }
    trust
        .serverName()
        .ifPresent(
            name -> context.setSNIProvider((engine, byDefault) -> List.of(new SNIHostName(name))));
    return context;
  }

  /** What sends requests of nobody. */
  HttpClient http() {
    return clients[0];
  }

  /** What sends on the requests of this client's connection. */
  HttpClient http(EndPoint client) {
    return clients[Loops.of(client) % clients.length];
  }

  /** How many connections are not lying idle: those of requests and of WebSockets. */
  int inUse() {
    int open = Stream.of(connectors).mapToInt(UpstreamConnector::open).sum();
    int idle =
        Stream.of(clients)
            .flatMap(client -> client.getDestinations().stream())
            .map(Destination::getConnectionPool)
            .filter(AbstractConnectionPool.class::isInstance)
            .mapToInt(pool -> ((AbstractConnectionPool) pool).getIdleConnectionCount())
            .sum();
    return open - idle;
  }

  void start() throws Exception {
    for (HttpClient client : clients) {
      client.start();
      // Only a started client can be told: bodies and answers pass as they are.
      client.getContentDecoderFactories().clear();
      client.getProtocolHandlers().clear();
      InterimAnswers.forwardedBy(client.getProtocolHandlers());
    }
  }

  void stop() {
    for (HttpClient client : clients) {
      LifeCycle.stop(client);
    }
  }
}
