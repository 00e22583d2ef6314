package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.gate.RequestPath.Parsed;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What real containers map a path to: the cross-check must let every honest request pass. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerMappingTest {
  private final Tomcat tomcat = new Tomcat();
  private final Server jetty = new Server();
  private final ServerConnector jettyConnector = new ServerConnector(jetty);

  /** Puts what the container read into the answer. */
  private static final class Reader implements Filter {
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
        throws IOException {
      HttpServletRequest http = (HttpServletRequest) request;
      String info = http.getPathInfo();
      String mapped = info == null ? http.getServletPath() : http.getServletPath() + info;
      Parsed parsed =
          RequestPath.parse(http.getRequestURI(), http.getContextPath(), Optional.of(mapped));
      boolean ok = parsed instanceof Parsed.Ok;
      response
          .getOutputStream()
          .print(ok ? "passed" : "refused: " + ((Parsed.Refused) parsed).reason());
    }
  }

  /** A servlet with a path of its own; the filter answers before it. */
  private static final class Mapped extends HttpServlet {
    private static final long serialVersionUID = 1L;
  }

  @BeforeAll
  void start(@TempDir Path root) throws Exception {
    Files.createDirectories(root.resolve("docs"));
    Files.writeString(root.resolve("index.html"), "root");
    Files.writeString(root.resolve("docs/index.html"), "docs");
    for (String context : new String[] {"", "/shop"}) {
      startTomcatContext(context, root);
    }
    tomcat.start();
    startJetty(root);
  }

  private void startTomcatContext(String path, Path root) {
    if (path.isEmpty()) {
      tomcat.setBaseDir(root.resolve("tomcat").toString());
      Connector connector = new Connector();
      connector.setPort(0);
      connector.setProperty("address", "127.0.0.1");
      tomcat.setConnector(connector);
    }
    Context context = tomcat.addContext(path, root.toString());
    FilterDef filter = new FilterDef();
    filter.setFilterName("reader");
    filter.setFilter(new Reader());
    context.addFilterDef(filter);
    FilterMap mapping = new FilterMap();
    mapping.setFilterName("reader");
    mapping.addURLPattern("/*");
    context.addFilterMap(mapping);
    Tomcat.addServlet(context, "default", new DefaultServlet());
    Tomcat.addServlet(context, "mapped", new Mapped());
    context.addServletMappingDecoded("/", "default");
    context.addServletMappingDecoded("/mapped/*", "mapped");
    context.addServletMappingDecoded("*.do", "mapped");
    context.addWelcomeFile("index.html");
  }

  private void startJetty(Path root) throws Exception {
    jettyConnector.setHost("127.0.0.1");
    jetty.addConnector(jettyConnector);
    ServletContextHandler rootContext = jettyContext("/", root);
    ServletContextHandler shop = jettyContext("/shop", root);
    jetty.setHandler(
        new org.eclipse.jetty.server.handler.ContextHandlerCollection(rootContext, shop));
    jetty.start();
  }

  private static ServletContextHandler jettyContext(String path, Path root) {
    ServletContextHandler context = new ServletContextHandler(path);
    context.setBaseResourceAsPath(root);
    context.setWelcomeFiles(new String[] {"index.html"});
    context.addFilter(new FilterHolder(new Reader()), "/*", null);
    context.addServlet(new ServletHolder(new org.eclipse.jetty.ee10.servlet.DefaultServlet()), "/");
    context.addServlet(new ServletHolder(new Mapped()), "/mapped/*");
    context.addServlet(new ServletHolder(new Mapped()), "*.do");
    return context;
  }

  @AfterAll
  void stop() throws Exception {
    tomcat.stop();
    tomcat.destroy();
    jetty.stop();
  }

  @Rule("TH-PATH-9")
  @ParameterizedTest
  @CsvSource({
    "/",
    "/index.html",
    "/docs/",
    "/docs/index.html",
    "/nowhere",
    "/nowhere/",
    "/a.b/c..d",
    "/a%20b",
    "/a+b%2bc",
    "/%61%7e",
    "/%E5%B1%B1/%c3%a9",
    "/%F0%9F%98%80",
    "/a!$&'()*+=:@",
    "/x;jsessionid=0A1B.node1",
    "/docs/index.html;jsessionid=1",
    "/mapped",
    "/mapped/",
    "/mapped/a/b",
    "/mapped/a%20b/",
    "/mapped/x;jsessionid=1",
    "/a/b.do",
    "/a/b.do;jsessionid=1"
  })
  void honestPathIsReadAsTheContainerReadsIt(String path) throws IOException {
    for (String context : new String[] {"", "/shop"}) {
      for (int port :
          new int[] {tomcat.getConnector().getLocalPort(), jettyConnector.getLocalPort()}) {
        assertThat(answer(port, context + path)).endsWith("\r\n\r\npassed");
      }
    }
  }

  @Rule("TH-PATH-9")
  @ParameterizedTest
  @CsvSource({
    "/docs/;/x/..;/index.html",
    "/mapped/..;/docs/",
    "/mapped/;x=1/y",
    "/mapped%2fx",
    "/mapped/%2e%2e/docs/",
    "/mapped/../docs/",
    "/mapped//x",
    "//mapped",
    "/mapped/%252e%252e/docs",
    "/mapped/%5c../docs"
  })
  void pathOfTwoReadingsPassesNowhere(String path) throws IOException {
    for (int port :
        new int[] {tomcat.getConnector().getLocalPort(), jettyConnector.getLocalPort()}) {
      assertThat(answer(port, path)).doesNotContain("passed").containsAnyOf("refused: ", " 400 ");
    }
  }

  private static String answer(int port, String path) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      String request = "GET " + path + " HTTP/1.0\r\nHost: app.example\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }
}
