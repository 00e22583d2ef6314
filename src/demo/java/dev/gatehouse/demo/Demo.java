package dev.gatehouse.demo;

import dev.gatehouse.seal.RandomTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the demo, says what to open, and runs until it is told to stop. */
@Command(
    name = "gatehouse-demo",
    description =
        "An old web application behind Gatehouse, with an OpenID provider for development: all in"
            + " one process, on this machine alone.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class Demo implements Callable<Integer> {
  @Option(names = "--port", description = "What the browser opens. A free port by default.")
  private int port;

  @Option(names = "--op-port", description = "The OpenID provider. A free port by default.")
  private int opPort;

  @Option(
      names = "--app-port",
      description = "The application behind the gateway. A free port by default.")
  private int appPort;

  @Option(
      names = "--filter",
      description = "Run Gatehouse as a filter inside the application, without a gateway.")
  private boolean filter;

  private final Parts parts = new Parts();
  private volatile int exitCode;

  /** Runs the demo; the process ends with 0 after SIGINT or SIGTERM, 1 when it cannot start. */
  public static void main(String[] args) {
    QuietLogging.install();
    Demo demo = new Demo();
    // An error must end the process too: the threads of its parts would keep it alive.
    Thread.currentThread()
        .setUncaughtExceptionHandler(
            (thread, error) -> {
              error.printStackTrace();
              demo.exit(1);
            });
    demo.exit(new CommandLine(demo).execute(args));
  }

  private void exit(int code) {
    exitCode = code;
    System.exit(code);
  }

  @Override
  public Integer call() throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
    try {
      start();
    } catch (DemoFailure e) {
      return failed(e.getMessage());
    } catch (IOException e) {
      return failed("The demo does not start: " + e.getMessage());
    }
    new CountDownLatch(1).await(); // until the process is told to stop
    return 0;
  }

  private void start() throws IOException, DemoFailure {
    if (filter && appPort != 0) {
      throw new DemoFailure(
          "With --filter the application itself is at --port: leave --app-port out.");
    }
    WorkDirectory work = parts.add(WorkDirectory.create());
    LoopbackPort provider = LoopbackPort.choose(opPort, "--op-port");
    DevelopmentOp op = parts.add(DevelopmentOp.start(provider, work.copy("login.html")));
    LoopbackPort door = LoopbackPort.choose(port, "--port");
    String secret = secretFile(work);
    if (filter) {
      startWithFilter(work, door, DemoConfiguration.forFilter(door, op.issuer(), secret));
      System.out.print(Instructions.withFilter(door, op.issuer()));
    } else {
      LoopbackPort app = startApplication(work);
      String yaml = DemoConfiguration.forGateway(door, app, op.issuer(), secret);
      parts.add(StandaloneGateway.start(yaml, work.path()));
      System.out.print(Instructions.withGateway(door, op.issuer(), app));
    }
    System.out.flush();
  }

  private static String secretFile(WorkDirectory work) throws IOException {
    return work.secret("client-secret", new RandomTokens(new SecureRandom()).next()).toString();
  }

  private void startWithFilter(WorkDirectory work, LoopbackPort door, String yaml)
      throws IOException {
    Path application = work.unpack("webapp-sample-filter.war");
    work.file("app/WEB-INF/gatehouse.yaml", yaml);
    parts.add(SampleServer.start(door, application, work.directory("tomcat")));
  }

  private LoopbackPort startApplication(WorkDirectory work) throws IOException, DemoFailure {
    LoopbackPort app = LoopbackPort.choose(appPort, "--app-port");
    Path application = work.unpack("webapp-sample.war");
    parts.add(SampleServer.start(app, application, work.directory("tomcat")));
    return app;
  }

  private static int failed(String message) {
    System.err.println(message);
    return 1;
  }

  /** Runs when the process ends, for whatever reason. */
  private void stop() {
    try {
      parts.close();
    } catch (IOException e) {
      exitCode = 1;
      System.err.println("The demo did not stop cleanly: " + e.getMessage());
    }
    // Without this the exit code would tell of the signal, as if something had gone wrong.
    Runtime.getRuntime().halt(exitCode);
  }
}
