package dev.gatehouse.packaged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.StubOp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.jasper.servlet.JasperInitializer;
import org.apache.tomcat.util.scan.StandardJarScanner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An old web application with {@code gatehouse-filter.jar} in its WEB-INF/lib, in Tomcat. */
@Tag("packaged")
class FilterInWarIT {
  private static final String PUBLIC_URL = "https://app.example";
  private static final String WEB_XML =
      """
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="5.0" metadata-complete="true">
        <filter>
          <filter-name>gatehouse</filter-name>
          <filter-class>dev.gatehouse.servlet.GatehouseFilter</filter-class>
          <async-supported>true</async-supported>
        </filter>
        <filter-mapping>
          <filter-name>gatehouse</filter-name>
          <url-pattern>/*</url-pattern>
          <dispatcher>REQUEST</dispatcher>
          <dispatcher>FORWARD</dispatcher>
          <dispatcher>INCLUDE</dispatcher>
          <dispatcher>ASYNC</dispatcher>
          <dispatcher>ERROR</dispatcher>
        </filter-mapping>
      </web-app>
      """;
  private static final String JSP =
      """
      user=<%= request.getRemoteUser() %>
      header=<%= request.getHeader("X-Gatehouse-User") %>
      admins=<%= request.isUserInRole("admins") %>
      """;

  @TempDir Path war;

  private final List<LogRecord> log = new CopyOnWriteArrayList<>();
  private final Handler listener = new Listener();
  private final StubOp op = StubOp.start(Clock.systemUTC());
  private final Tomcat tomcat = new Tomcat();
  private Context context;

  @BeforeEach
  void deploy() throws Exception {
    Logger.getLogger("").addHandler(listener);
    write("WEB-INF/web.xml", WEB_XML);
    write("hello.jsp", JSP);
    write("public/hello.txt", "open to all");
    write(
        "WEB-INF/gatehouse.yaml",
        """
        public-url: %s
        provider:
          issuer: %s
          client-id: %s
          client-secret: "%s"
        identity: {headers: {X-Gatehouse-User: sub}, roles: groups}
        rules:
          - {path: /public/**, access: anonymous}
        insecure-allow-http: true
        """
            .formatted(PUBLIC_URL, op.issuer(), StubOp.CLIENT_ID, StubOp.CLIENT_SECRET));
    Path lib = Files.createDirectories(war.resolve("WEB-INF/lib"));
    Files.copy(Artefact.filter().file(), lib.resolve("gatehouse-filter.jar"));
    tomcat.setBaseDir(Files.createDirectories(Path.of("target", "tomcat")).toString());
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    tomcat.setConnector(connector);
    context = tomcat.addWebapp("", war.toString());
    context.setParentClassLoader(new OnlyServletApi());
    ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
    // Tomcat would look for it where the application may not look.
    context.addServletContainerInitializer(new JasperInitializer(), null);
    tomcat.start();
  }

  @AfterEach
  void undeploy() throws Exception {
    if (context.getState().isAvailable()) {
      tomcat.stop();
    }
    tomcat.destroy();
    op.close();
    Logger.getLogger("").removeHandler(listener);
  }

  private void write(String name, String text) throws Exception {
    Path file = war.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, UTF_8);
  }

  private List<String> messages() {
    return log.stream().map(LogRecord::getMessage).map(String::valueOf).toList();
  }

  @Test
  void theApplicationSeesNoLibraryByItsOwnName() {
    assertThat(context.getState()).isEqualTo(LifecycleState.STARTED);
    ClassLoader loader = context.getLoader().getClassLoader();

    for (String name :
        List.of("org.slf4j.Logger", "com.nimbusds.jwt.JWT", "org.junit.jupiter.api.Test")) {
      assertThatThrownBy(() -> loader.loadClass(name)).isInstanceOf(ClassNotFoundException.class);
    }
  }

  @Test
  void aUserSignsInAndTheApplicationKnowsWhoItIs() throws Exception {
    Browser browser = new Browser(PUBLIC_URL, tomcat.getConnector().getLocalPort());
    assertThat(browser.get("/public/hello.txt").text()).isEqualTo("open to all");

    Reply reply = browser.get("/hello.jsp");
    assertThat(reply.status()).isEqualTo(302);
    for (int hops = 0; reply.location() != null && hops < 5; hops++) {
      reply = browser.get(reply.location().split("#")[0]);
    }

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).contains("user=alice-1", "header=alice-1", "admins=false");
    tomcat.stop();
    assertThat(messages())
        .as("threads and thread locals that outlive the application")
        .noneMatch(message -> message.contains("The web application ["));
  }

  @Test
  void theFilterLogsWhereTheContainerDoes() {
    assertThat(log)
        .anyMatch(
            line ->
                line.getLoggerName().equals("dev.gatehouse.servlet.GatehouseFilter")
                    && line.getMessage().contains(PUBLIC_URL));
    assertThat(messages()).noneMatch(message -> message.contains(StubOp.CLIENT_SECRET));
  }

  private final class Listener extends Handler {
    @Override
    public void publish(LogRecord line) {
      log.add(line);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
