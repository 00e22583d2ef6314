package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.UpstreamTrust;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SNIHostName;
import org.eclipse.jetty.client.AbstractConnectionPool;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The connections to all that is behind the gateway: HTTP/1.1, with TLS where the target has it.
 * Follows no redirect, keeps no cookie, changes no body. Safe for concurrent use.
 */
final class UpstreamClient {
  private final UpstreamConnector connector;
  private final HttpClient client;

  /**
   * Shares the server's threads, timers and buffers, which halves the cost of a request.
   *
   * @throws IOException when a certificate for TLS with the app cannot be read
   * @throws GeneralSecurityException when one is not what it should be
   */
  UpstreamClient(
      GatehouseConfig config, Executor threads, Scheduler scheduler, ByteBufferPool buffers)
      throws IOException, GeneralSecurityException {
    GatehouseConfig.Limits limits = config.limits();
    connector = new UpstreamConnector();
    connector.setSslContextFactory(tls(config.upstreamTrust()));
    connector.setExecutor(threads);
    connector.setScheduler(scheduler);
    connector.setByteBufferPool(buffers);
    client = new HttpClient(new UpstreamTransport(connector));
    client.setExecutor(threads);
    client.setScheduler(scheduler);
    client.setByteBufferPool(buffers);
    client.setConnectTimeout(limits.connectTimeout().toMillis());
    // Sooner than common servers end them (Apache httpd after 5 s), so that hardly a request meets
    // a connection that is just being closed.
    client.setIdleTimeout(config.upstreams().keepAlive().toMillis());
    client.setMaxConnectionsPerDestination(config.upstreams().maxConnections());
    client.setMaxRequestHeadersSize(4 * limits.maxHeadBytes());
    client.setMaxResponseHeadersSize(2 * limits.maxHeadBytes());
    client.setFollowRedirects(false);
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setUserAgentField(null);
    client.setDefaultRequestContentType(null);
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

  /** What sends requests. */
  HttpClient http() {
    return client;
  }

  /** How many connections are not lying idle: those of requests and of WebSockets. */
  int inUse() {
    int idle =
        client.getDestinations().stream()
            .map(Destination::getConnectionPool)
            .filter(AbstractConnectionPool.class::isInstance)
            .mapToInt(pool -> ((AbstractConnectionPool) pool).getIdleConnectionCount())
            .sum();
    return connector.open() - idle;
  }

  void start() throws Exception {
    client.start();
    // Only a started client can be told: bodies and answers pass as they are.
    client.getContentDecoderFactories().clear();
    client.getProtocolHandlers().clear();
    InterimAnswers.forwardedBy(client.getProtocolHandlers());
  }

  void stop() {
    LifeCycle.stop(client);
  }
}
