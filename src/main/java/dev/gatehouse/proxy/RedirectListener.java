package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.HostPort;
import dev.gatehouse.hygiene.LogCleaner;
import java.util.List;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.util.thread.ThreadPool;

/**
 * The port of plain HTTP that only redirects ({@link HttpsRedirect}). A server of its own, so that
 * no request on it can ever be one for the app.
 */
final class RedirectListener {
  private final Server server;
  private final ServerConnector connector;

  /** Shares the gateway's threads, timers and buffers, and its places for connections. */
  RedirectListener(
      HostPort from,
      GatehouseConfig config,
      ConnectionCaps caps,
      LogCleaner cleaner,
      ThreadPool threads,
      Scheduler timers,
      ByteBufferPool buffers) {
    server = new Server(threads, timers, buffers);
    server.setErrorHandler(new BareErrorHandler());
    server.setHandler(new HttpsRedirect(config));
    server.setRequestLog(new AccessLog(cleaner));
    List<ConnectionFactory> spoken =
        Listeners.behindProxyHeader(List.of(Listeners.http(config.limits())), config);
    connector = new CappedConnector(server, caps, spoken);
    connector.setHost(from.host());
    connector.setPort(from.port());
    // One request, which is there at once or never comes.
    connector.setIdleTimeout(config.limits().headTimeout().toMillis());
    server.addConnector(connector);
  }

  void start() throws Exception {
    server.start();
  }

  void stop() {
    LifeCycle.stop(server);
  }

  /** Where it listens; known when it is started. */
  HostPort address() {
    return new HostPort(connector.getHost(), connector.getLocalPort());
  }
}
