package dev.gatehouse.demo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;

/** An unpacked web application in an embedded Tomcat on loopback. */
final class SampleServer implements Closeable {
  private final Tomcat tomcat;

  private SampleServer(Tomcat tomcat) {
    this.tomcat = tomcat;
  }

  /**
   * Starts the application at the root of {@code port}.
   *
   * @param application the unpacked WAR
   * @param work where Tomcat keeps compiled JSPs
   * @throws IOException when the application or the server does not start
   */
  static SampleServer start(LoopbackPort port, Path application, Path work) throws IOException {
    Tomcat tomcat = new Tomcat();
    tomcat.setSilent(true);
    tomcat.setBaseDir(work.toString());
    tomcat.setConnector(connector(port));
    StandardContext context = (StandardContext) tomcat.addWebapp("", application.toString());
    // Logback would stop the whole process's logging, and take its settings back, with the sample.
    context.addParameter("logbackDisableServletContainerInitializer", "true");
    context.setParentClassLoader(SampleServer.class.getClassLoader());
    // Nothing on the class path has tag libraries or fragments, and it may be long.
    StandardJarScanner scanner = new StandardJarScanner();
    scanner.setScanClassPath(false);
    context.setJarScanner(scanner);
    // The process ends with the application: what it would leak to the next one does not matter,
    // and looking for it needs doors into the JDK that are shut.
    context.setClearReferencesObjectStreamClassCaches(false);
    context.setClearReferencesThreadLocals(false);
    context.setClearReferencesRmiTargets(false);
    SampleServer server = new SampleServer(tomcat);
    try {
      tomcat.start();
    } catch (LifecycleException e) {
      server.close();
      throw new IOException("the servlet container does not start: " + e.getMessage(), e);
    }
    if (!context.getState().isAvailable()) {
      server.close();
      throw new IOException("the application does not start");
    }
    return server;
  }

  private static Connector connector(LoopbackPort port) throws IOException {
    Connector connector = new Connector();
    connector.setProperty("address", LoopbackPort.address().getHostAddress());
    connector.setPort(port.number());
    connector.setThrowOnFailure(true);
    return connector;
  }

  /** Stops once; a server that would not stop is left to the end of the process. */
  @Override
  public void close() throws IOException {
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException e) {
      throw new IOException("the servlet container does not stop: " + e.getMessage(), e);
    }
  }
}
