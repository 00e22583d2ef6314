package dev.gatehouse.testkit;

import dev.gatehouse.servlet.Filters;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The filter in an embedded Jetty, configured as Jetty comes; it speaks HTTP/2 too. */
final class JettyFilterDoor implements OpenDoor {
  private final Server server;
  private final ServerConnector connector;

  private JettyFilterDoor(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  static OpenDoor open(Surroundings around) {
    Server server = new Server();
    HttpConfiguration http = new HttpConfiguration();
    ServerConnector connector =
        new ServerConnector(
            server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
    connector.setHost("127.0.0.1");
    connector.setPort(around.port());
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler(ServletContextHandler.SESSIONS);
    if (!around.basePath().isEmpty()) {
      context.setContextPath(around.basePath());
    }
    FilterHolder filter = new FilterHolder(Filters.around(around.gate()));
    filter.setAsyncSupported(true);
    context.addFilter(filter, "/*", EnumSet.allOf(DispatcherType.class));
    ServletHolder servlet = new ServletHolder(new AppServlet(around.app()));
    servlet.setAsyncSupported(true);
    context.addServlet(servlet, "/");
    server.setHandler(context);
    Lifecycle.run(server::start);
    return new JettyFilterDoor(server, connector);
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    Lifecycle.run(server::stop);
  }
}
