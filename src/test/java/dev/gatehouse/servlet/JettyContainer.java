package dev.gatehouse.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.MultipartConfigElement;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty as it comes. */
final class JettyContainer implements Container {
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  JettyContainer(Filter before, Filter filter) throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context =
        new ServletContextHandler(CONTEXT_PATH, ServletContextHandler.SESSIONS);
    addFilter(context, "before", before);
    addFilter(context, "gatehouse", filter);
    ServletHolder servlet = new ServletHolder("spy", new SpyServlet());
    servlet.setAsyncSupported(true);
    context.addServlet(servlet, "/");
    addBodyServlet(context, "/body/*", "body");
    addBodyServlet(context, "/upload/*", "upload")
        .getRegistration()
        .setMultipartConfig(new MultipartConfigElement(System.getProperty("java.io.tmpdir")));
    ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
    errors.addErrorPage(400, 599, "/spy/error-page");
    context.setErrorHandler(errors);
    server.setHandler(context);
    server.start();
  }

  private static ServletHolder addBodyServlet(
      ServletContextHandler context, String pattern, String name) {
    ServletHolder servlet = new ServletHolder(name, new BodyServlet());
    servlet.setAsyncSupported(true);
    context.addServlet(servlet, pattern);
    return servlet;
  }

  private static void addFilter(ServletContextHandler context, String name, Filter filter) {
    FilterHolder holder = new FilterHolder(filter);
    holder.setName(name);
    holder.setAsyncSupported(true);
    context.addFilter(holder, "/*", EnumSet.allOf(DispatcherType.class));
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void stop() throws Exception {
    server.stop();
  }
}
