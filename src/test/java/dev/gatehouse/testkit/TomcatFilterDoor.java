package dev.gatehouse.testkit;

import dev.gatehouse.servlet.Filters;
import jakarta.servlet.DispatcherType;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/**
 * The filter in an embedded Tomcat, configured as Tomcat comes, but for trailer fields; it speaks
 * HTTP/2 too.
 */
final class TomcatFilterDoor implements OpenDoor {
  private final Tomcat tomcat;

  private TomcatFilterDoor(Tomcat tomcat) {
    this.tomcat = tomcat;
  }

  static OpenDoor open(Surroundings around) {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Path.of("target", "tomcat").toAbsolutePath().toString());
    tomcat.setSilent(true);
    Connector connector = new Connector();
    connector.setPort(around.port());
    connector.setProperty("address", "127.0.0.1");
    // Tomcat drops what is not named here.
    connector.setProperty(
        "allowedTrailerHeaders",
        Stream.of("trailers.txt", "header-spellings.txt")
                .flatMap(list -> AttackList.of(list).stream())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","))
            + ",x-late");
    connector.addUpgradeProtocol(new Http2Protocol());
    tomcat.setConnector(connector);
    Context context = tomcat.addContext(around.basePath(), null);
    protect(context, around);
    Wrapper servlet = Tomcat.addServlet(context, "app", new AppServlet(around.app()));
    servlet.setAsyncSupported(true);
    context.addServletMappingDecoded("/", "app");
    Lifecycle.run(tomcat::start);
    return new TomcatFilterDoor(tomcat);
  }

  private static void protect(Context context, Surroundings around) {
    FilterDef filter = new FilterDef();
    filter.setFilterName("gatehouse");
    filter.setFilter(Filters.around(around.gate()));
    filter.setAsyncSupported("true");
    context.addFilterDef(filter);
    FilterMap mapping = new FilterMap();
    mapping.setFilterName("gatehouse");
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
  public void close() {
    Lifecycle.run(
        () -> {
          tomcat.stop();
          tomcat.destroy();
        });
  }
}
