package dev.gatehouse.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.MultipartConfigElement;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** Tomcat as it comes, but for trailer fields, which it drops unless they are named. */
final class TomcatContainer implements Container {
  private final Tomcat tomcat = new Tomcat();

  TomcatContainer(Filter before, Filter filter) throws Exception {
    Path base = Files.createDirectories(Path.of("target", "tomcat"));
    tomcat.setBaseDir(base.toAbsolutePath().toString());
    tomcat.setSilent(true);
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("allowedTrailerHeaders", "x-gatehouse-user,x-harmless");
    tomcat.setConnector(connector);
    Context context = tomcat.addContext(CONTEXT_PATH, null);
    addFilter(context, "before", before);
    addFilter(context, "gatehouse", filter);
    Wrapper servlet = Tomcat.addServlet(context, "spy", new SpyServlet());
    servlet.setAsyncSupported(true);
    context.addServletMappingDecoded("/", "spy");
    addBodyServlet(context, "/body/*", "body");
    addBodyServlet(context, "/upload/*", "upload")
        .setMultipartConfigElement(new MultipartConfigElement(base.toAbsolutePath().toString()));
    ErrorPage page = new ErrorPage();
    page.setLocation("/spy/error-page");
    context.addErrorPage(page);
    tomcat.start();
    if (context.getState() != LifecycleState.STARTED) {
      stop();
      throw new IllegalStateException("the application does not start");
    }
  }

  private static Wrapper addBodyServlet(Context context, String pattern, String name) {
    Wrapper servlet = Tomcat.addServlet(context, name, new BodyServlet());
    servlet.setAsyncSupported(true);
    context.addServletMappingDecoded(pattern, name);
    return servlet;
  }

  private static void addFilter(Context context, String name, Filter filter) {
    FilterDef definition = new FilterDef();
    definition.setFilterName(name);
    definition.setFilter(filter);
    definition.setAsyncSupported("true");
    context.addFilterDef(definition);
    FilterMap mapping = new FilterMap();
    mapping.setFilterName(name);
    mapping.addURLPattern("/*");
    for (DispatcherType type : DispatcherType.values()) {
      mapping.setDispatcher(type.name());
    }
    context.addFilterMap(mapping);
  }

  @Override
  public int port() {
    return tomcat.getConnector().getLocalPort();
  }

  @Override
  public void stop() throws Exception {
    tomcat.stop();
    tomcat.destroy();
  }
}
