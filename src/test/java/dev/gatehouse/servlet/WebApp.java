package dev.gatehouse.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;

/**
 * An application in a directory, started as a container starts it, so that a filter's init runs.
 */
final class WebApp {
  private final Path root;
  private final String contextPath;
  private String pattern = "/*";
  private Map<String, String> parameters = Map.of();

  WebApp(Path root, String contextPath) {
    this.root = root;
    this.contextPath = contextPath;
  }

  WebApp file(String name, String text) {
    try {
      Path file = root.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text, UTF_8);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  WebApp mappedTo(String urlPattern) {
    pattern = urlPattern;
    return this;
  }

  WebApp parameters(Map<String, String> initParameters) {
    parameters = initParameters;
    return this;
  }

  /** Starts and stops with {@code filter}; throws what its init throws. */
  void startWith(Filter filter) throws Exception {
    Server server = new Server();
    ServletContextHandler context =
        new ServletContextHandler(contextPath, ServletContextHandler.SESSIONS);
    context.setBaseResourceAsPath(root);
    FilterHolder holder = new FilterHolder(filter);
    holder.setName("gatehouse");
    holder.setInitParameters(parameters);
    context.addFilter(holder, pattern, EnumSet.of(DispatcherType.REQUEST));
    context.addServlet(new SpyServlet(), "/reports/*");
    server.setHandler(context);
    try {
      server.start();
    } finally {
      server.stop();
    }
  }

  /** Runs {@code what} with the configuration that a filter's init gets. */
  void inInit(Init what) throws Exception {
    startWith(
        new Filter() {
          @Override
          public void init(FilterConfig config) throws ServletException {
            what.with(config);
          }

          @Override
          public void doFilter(
              ServletRequest request, ServletResponse response, FilterChain chain) {
            throw new IllegalStateException("no request is made");
          }
        });
  }

  /** What a filter does when it starts. */
  interface Init {
    void with(FilterConfig config) throws ServletException;
  }
}
