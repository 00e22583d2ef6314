package dev.gatehouse.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.Rule;
import dev.gatehouse.gate.SessionControl;
import dev.gatehouse.testkit.StubOp;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** How the filter starts, and what it says when it does not. */
class FilterStartTest {
  private static final String GOOD =
      """
      public-url: https://app.example/shop
      provider:
        issuer: https://127.0.0.1:1
        client-id: gw
        client-secret: ${file:client-secret}
      """;
  private static final String ALL_DISPATCHERS =
      """
      <dispatcher>REQUEST</dispatcher>
      <dispatcher>FORWARD</dispatcher>
      <dispatcher>INCLUDE</dispatcher>
      <dispatcher>ASYNC</dispatcher>
      <dispatcher>ERROR</dispatcher>
      """;

  @TempDir Path root;

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private WebApp app;

  @BeforeEach
  void aGoodApplication() {
    app =
        new WebApp(root, "/shop")
            .file("WEB-INF/gatehouse.yaml", GOOD)
            .file("WEB-INF/client-secret", "b7c1f0e2-marker-of-the-client-secret");
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger().detachAppender(log);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(GatehouseFilter.class);
  }

  @Test
  void aGoodApplicationStarts() {
    assertThatCode(() -> app.startWith(new GatehouseFilter())).doesNotThrowAnyException();
  }

  @Test
  @Rule("TH-CFG-10")
  void anUnknownInitParameterStopsTheStart() {
    app.parameters(
        Map.of("config", "/WEB-INF/gatehouse.yaml", "idle-timeout", "5m", "conifg", "x"));

    assertThatThrownBy(() -> app.startWith(new GatehouseFilter()))
        .hasMessageContaining("unknown init parameters: conifg, idle-timeout")
        .hasMessageContaining("[unknown-key]");
  }

  @Test
  void allProblemsOfTheConfigurationAreSaidAtOnce() {
    app.file(
        "WEB-INF/gatehouse.yaml", GOOD.replace("client-id", "clientid") + "sesion: {}\nrules: 7\n");

    assertThatThrownBy(() -> app.startWith(new GatehouseFilter()))
        .hasMessageContaining("gatehouse.yaml is refused:")
        .hasMessageContaining("provider.clientid")
        .hasMessageContaining("sesion")
        .hasMessageContaining("rules")
        .hasMessageNotContaining("marker-of-the-client-secret");
  }

  @Test
  @Rule("TH-CFG-13")
  void strictStopsTheStartWithAnOpThatHasAWeakness() throws Exception {
    Files.setPosixFilePermissions(
        root.resolve("WEB-INF/client-secret"), PosixFilePermissions.fromString("rw-------"));
    try (StubOp op = StubOp.start(Clock.systemUTC())) {
      String weak =
          GOOD.replace("https://127.0.0.1:1", op.issuer()) + "insecure-allow-http: true\n";
      app.file("WEB-INF/gatehouse.yaml", weak);
      app.startWith(new GatehouseFilter());

      app.file("WEB-INF/gatehouse.yaml", weak + "strict: true\n");
      assertThatThrownBy(() -> app.startWith(new GatehouseFilter()))
          .hasMessageContaining("gatehouse.yaml is refused:")
          .hasMessageContaining("[op-weak:no-iss]");

      op.promiseIssuer();
      app.startWith(new GatehouseFilter());
    }
  }

  @Test
  void aPublicUrlWithAnotherPathThanTheApplicationsStopsTheStart() {
    app.file("WEB-INF/gatehouse.yaml", GOOD.replace("/shop", ""));

    assertThatThrownBy(() -> app.startWith(new GatehouseFilter()))
        .hasMessageContaining("public-url is https://app.example,")
        .hasMessageContaining("deployed at /shop")
        .hasMessageContaining("Set public-url to https://app.example/shop")
        .hasMessageContaining("or deploy the application at /.");
  }

  @Test
  void withoutAnyFileTheMessageSaysWhereToPutOne() {
    WebApp bare = new WebApp(root.resolve("bare"), "/shop").file("WEB-INF/x", "");

    assertThatThrownBy(() -> bare.startWith(new GatehouseFilter()))
        .hasMessageContaining("there is no /WEB-INF/gatehouse.yaml");
  }

  @Test
  void theInitParameterComesBeforeTheEnvironmentAndThatBeforeTheDefault() throws Exception {
    Map<String, String> environment = Map.of("GATEHOUSE_CONFIG", "/etc/gatehouse/from-env.yaml");
    app.file("WEB-INF/other.yaml", GOOD);

    assertThat(foundWith(Map.of("config", "/etc/named.yaml"), environment))
        .isEqualTo("/etc/named.yaml");
    assertThat(foundWith(Map.of("config", "/WEB-INF/other.yaml"), environment))
        .isEqualTo(root.resolve("WEB-INF/other.yaml").toString());
    assertThat(foundWith(Map.of(), environment)).isEqualTo("/etc/gatehouse/from-env.yaml");
    assertThat(foundWith(Map.of(), Map.of()))
        .isEqualTo(root.resolve("WEB-INF/gatehouse.yaml").toString());
  }

  private String foundWith(Map<String, String> parameters, Map<String, String> environment)
      throws Exception {
    List<String> found = new ArrayList<>();
    app.parameters(parameters)
        .inInit(config -> found.add(ConfigSource.find(config, environment).name()));
    return found.get(0);
  }

  @Test
  @Rule("TH-CFG-17")
  void aNarrowMappingIsWarnedOf() throws Exception {
    assertThat(warnings()).isEmpty();

    app.mappedTo("/app/*");

    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("[uncovered-mapping]", "[/app/*] and not to /*", "/reports/*");
  }

  @Test
  @Rule("TH-CFG-17")
  void aMappingInWebXmlWithAllDispatcherTypesIsNotWarnedOf() throws Exception {
    app.file("WEB-INF/web.xml", webXml(ALL_DISPATCHERS));

    assertThat(warnings()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(DispatcherType.class)
  @Rule("TH-CFG-17")
  void aMappingInWebXmlWithoutADispatcherTypeIsWarnedOf(DispatcherType type) throws Exception {
    app.file(
        "WEB-INF/web.xml",
        webXml(ALL_DISPATCHERS.replace("<dispatcher>" + type + "</dispatcher>", "")));

    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("[uncovered-mapping]", "web.xml", type.name());
  }

  @Test
  @Rule("TH-CFG-17")
  void anOldWebXmlIsReadWithoutItsDocumentTypeFromTheNetwork() throws Exception {
    String documentType =
        "<!DOCTYPE web-app PUBLIC \"-//Sun Microsystems, Inc.//DTD Web Application 2.3//EN\""
            + " \"http://unreachable.invalid/dtd/web-app_2_3.dtd\">";
    app.file("WEB-INF/web.xml", documentType + webXml("<dispatcher>FORWARD</dispatcher>"));

    assertThat(warnings())
        .hasSize(2)
        .anyMatch(warning -> warning.contains("lacks <dispatcher>REQUEST</dispatcher>"));
  }

  private static String webXml(String dispatchers) {
    return """
    <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="5.0">
      <filter-mapping>
        <filter-name>other</filter-name>
        <url-pattern>/*</url-pattern>
        <dispatcher>FORWARD</dispatcher>
      </filter-mapping>
      <filter-mapping>
        <filter-name>gatehouse</filter-name>
        <url-pattern>/*</url-pattern>
        %s
      </filter-mapping>
    </web-app>
    """
        .formatted(dispatchers);
  }

  /** What the log says of the deployment. */
  private List<String> warnings() throws Exception {
    log.list.clear();
    app.inInit(
        config -> {
          try {
            Deployment.check(config);
          } catch (ServletException e) {
            throw new AssertionError(e);
          }
        });
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  @Rule("TH-SES-13")
  void operatorsCanEndSessionsWhileTheApplicationRuns() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("dev.gatehouse:type=Sessions,context=\"/shop\"");
    String[] texts = {String.class.getName(), String.class.getName()};
    app.inInit(
        config -> {
          GatehouseFilter filter = new GatehouseFilter();
          filter.init(config);

          assertThat(config.getServletContext().getAttribute("dev.gatehouse.sessions"))
              .isInstanceOf(SessionControl.class);
          assertThatCode(
                  () ->
                      server.invoke(
                          name, "endSubject", new Object[] {"https://127.0.0.1:1", "alice"}, texts))
              .doesNotThrowAnyException();
          assertThatThrownBy(
                  () ->
                      server.invoke(
                          name, "endSubject", new Object[] {"https://evil.example", "x"}, texts))
              .hasRootCauseInstanceOf(IllegalArgumentException.class);

          filter.destroy();
          assertThat(server.isRegistered(name)).isFalse();
          assertThat(config.getServletContext().getAttribute("dev.gatehouse.sessions")).isNull();
        });
  }

  @Test
  @Rule("TH-LEAK-6")
  void operatorsCanReadTheLeakReportWhileTheApplicationRuns() throws Exception {
    ObjectName name = new ObjectName("dev.gatehouse:type=Leaks,context=\"/shop\"");
    app.inInit(
        config -> {
          GatehouseFilter filter = new GatehouseFilter();
          filter.init(config);

          assertThat(read(name, "json")).startsWith("{\"since\":");
          assertThat(read(name, "csv")).startsWith("route,mode,verdict,name,place,");

          filter.destroy();
          assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(name)).isFalse();
        });
  }

  private static String read(ObjectName name, String operation) {
    try {
      return (String)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(name, operation, new Object[0], new String[0]);
    } catch (JMException e) {
      throw new AssertionError(e);
    }
  }
}
