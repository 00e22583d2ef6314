package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.HostPort;
import dev.gatehouse.config.UpstreamTarget;
import dev.gatehouse.gate.Decider;
import dev.gatehouse.gate.Gate;
import dev.gatehouse.gate.SessionControl;
import dev.gatehouse.hygiene.LogCleaner;
import dev.gatehouse.hygiene.WatchedNames;
import dev.gatehouse.ops.GatewayMetrics;
import dev.gatehouse.ops.OperatorPages;
import dev.gatehouse.report.LeakSummary;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The standalone gateway: listens where the configuration says, asks the engine, forwards to the
 * app. Safe for concurrent use.
 */
public final class GatewayServer implements AutoCloseable {
  private static final int MAX_THREADS = 200;

  /**
   * What is kept of buffers that nobody uses, in bytes: enough for a thousand exchanges at once.
   * Without a limit an eighth of the heap would stay resident after one busy moment.
   */
  private static final long MAX_IDLE_DIRECT_BUFFERS = 32L * 1024 * 1024;

  private static final long MAX_IDLE_HEAP_BUFFERS = 8L * 1024 * 1024;

  /** For requests that were sent before their client can have known of the stop. */
  private static final Duration LAST_MOMENT = Duration.ofSeconds(1);

  /** As many targets as fit on a line. */
  private static final int MOST_NAMED = 8;

  private static final Logger LOG = LoggerFactory.getLogger(GatewayServer.class);

  private final GatehouseConfig config;
  private final GatewayMetrics metrics;
  private final QueuedThreadPool threads;
  private final Scheduler timers;
  private final ArrayByteBufferPool buffers;
  private final Server server;
  private final Listeners listeners;
  private final Upstream upstream;
  private final Drain drain;
  private final Optional<Management> management;
  private final Optional<RedirectListener> redirects;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * Builds the gateway around an engine; {@link #start} makes it serve.
   *
   * @throws IOException when the certificate or its key cannot be read
   * @throws GeneralSecurityException when they are not what they should be
   */
  public static GatewayServer open(GatehouseConfig config, Gate gate)
      throws IOException, GeneralSecurityException {
    GatewayMetrics metrics = new GatewayMetrics();
    metrics.watch(gate);
    return open(config, gate, metrics);
  }

  /**
   * As the other one.
   *
   * @param metrics what watches {@code gate}, and counts for this server from now on; the caller's
   *     to close
   */
  public static GatewayServer open(GatehouseConfig config, Gate gate, GatewayMetrics metrics)
      throws IOException, GeneralSecurityException {
    return new GatewayServer(
        config, gate, gate::notReadyReason, gate.sessions(), metrics, gate::leaks);
  }

  GatewayServer(
      GatehouseConfig config,
      Decider gate,
      Supplier<Optional<String>> notReady,
      SessionControl sessions,
      GatewayMetrics metrics,
      Supplier<LeakSummary> leaks)
      throws IOException, GeneralSecurityException {
    this.config = config;
    this.metrics = metrics;
    GatehouseConfig.Limits limits = config.limits();
    threads = new GatewayThreads(MAX_THREADS);
    timers = new ScheduledExecutorScheduler("gatehouse-timers", false);
    buffers =
        new ArrayByteBufferPool(
            -1, -1, -1, Integer.MAX_VALUE, MAX_IDLE_HEAP_BUFFERS, MAX_IDLE_DIRECT_BUFFERS);
    server = new Server(threads, timers, buffers);
    upstream =
        new Upstream(
            config, new UpstreamClient(config, threads, timers, buffers, this::loops), metrics);
    drain = new Drain(new GatewayHandler(gate, upstream, limits));
    server.setHandler(drain);
    // Else Jetty expects handlers that block, and has a thread at the ready for each request.
    server.setDynamic(false);
    server.setErrorHandler(new BareErrorHandler());
    LogCleaner cleaner = new LogCleaner(WatchedNames.with(config.tokenHygiene().names()));
    AccessLog log = new AccessLog(cleaner);
    server.setRequestLog(new RequestLog.Collection(log, new RequestMeter(metrics)));
    listeners = new Listeners(server, config, new RefusedHeads(log, metrics));
    metrics.watchServer(listeners.caps()::open, listeners.caps()::refused, drain::running);
    redirects =
        config
            .listener()
            .redirectFrom()
            .map(
                from ->
                    new RedirectListener(
                        from, config, listeners.caps(), cleaner, threads, timers, buffers));
    management =
        config
            .management()
            .map(
                at ->
                    new Management(
                        at,
                        Listeners.http(limits),
                        () -> notReady(notReady),
                        upstream::complaints,
                        sessions,
                        new OperatorPages(at, metrics, leaks)));
  }

  /** What carries all connections but those of operators. */
  Loops.Manager loops() {
    return listeners.loops();
  }

  private Optional<String> notReady(Supplier<Optional<String>> gate) {
    return drain.draining() ? Optional.of("stopping") : upstream.notReadyReason().or(gate);
  }

  /**
   * Begins to serve.
   *
   * @throws IOException when an address cannot be listened on; nothing is left running then
   */
  public void start() throws IOException {
    try {
      threads.start();
      timers.start();
      upstream.start();
      server.start();
      listeners.follow(timers, threads);
      if (redirects.isPresent()) {
        redirects.get().start();
      }
      if (management.isPresent()) {
        management.get().start();
      }
    } catch (Exception e) {
      halt();
      throw e instanceof IOException io
          ? io
          : new IOException("cannot start: " + e.getMessage(), e);
    }
    LOG.info("serving {} on {}", config.publicUrl(), address());
  }

  /** The line that tells operators and scripts that the gateway serves. */
  public String readyLine() {
    return "ready: " + config.publicUrl() + " → " + apps() + " (listening on " + address() + ")";
  }

  private String apps() {
    List<UpstreamTarget> targets = config.upstreams().targets();
    return targets.stream()
        .limit(MOST_NAMED)
        .map(UpstreamTarget::toString)
        .collect(Collectors.joining(", ", "", targets.size() > MOST_NAMED ? ", …" : ""));
  }

  /** Where clients connect to; known when started. */
  public HostPort address() {
    return listeners.address();
  }

  /** Where health is served; empty without a management port. Known when started. */
  public Optional<HostPort> managementAddress() {
    return management.map(Management::address);
  }

  /** What is in use now. */
  Inventory inventory() {
    long held =
        buffers.getHeapByteBufferCount()
            - buffers.getAvailableHeapByteBufferCount()
            + buffers.getDirectByteBufferCount()
            - buffers.getAvailableDirectByteBufferCount();
    return new Inventory(
        listeners.caps().open(),
        upstream.connectionsInUse(),
        drain.running(),
        held,
        threads.getUtilizedThreads());
  }

  /** Where plain HTTP is sent to https; empty where it is not. Known when started. */
  public Optional<HostPort> redirectAddress() {
    return redirects.map(RedirectListener::address);
  }

  /** Takes over a changed certificate at once; it is looked for every few seconds anyway. */
  void lookAtCertificate() {
    listeners.lookAtCertificate();
  }

  /** Waits until {@link #close} has ended. */
  public void join() throws InterruptedException {
    stopped.await();
  }

  /**
   * Stops so that no client notices. Readiness goes off, and each answer ends its connection; after
   * {@code limits.stop-delay} no connection is accepted any more; running requests, those still
   * under way on kept connections, and WebSockets end within {@code limits.stop-timeout}, and what
   * is left then is cut.
   */
  public void stop() {
    Duration delay = config.limits().stopDelay();
    close(delay, this::inUse);
  }

  /**
   * Stops at once but for running requests, which end within {@code limits.stop-timeout}:
   * WebSockets are cut.
   */
  @Override
  public void close() {
    close(Duration.ZERO, () -> false);
  }

  /** By more than running requests: one may be under way on any connection that is open. */
  private boolean inUse() {
    return metrics.tunnelsOpen() > 0 || !drain.quietFor(LAST_MOMENT) && listeners.connected();
  }

  private void close(Duration delay, BooleanSupplier more) {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    LOG.info("stopping: running requests may end");
    drain.begin();
    try {
      TimeUnit.NANOSECONDS.sleep(delay.toNanos());
      listeners.close();
      redirects.ifPresent(RedirectListener::stop);
      if (!drain.await(config.limits().stopTimeout(), more)) {
        LOG.warn(
            "requests and WebSockets still open after {} are cut", config.limits().stopTimeout());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever interrupts does not want to wait
    }
    halt();
    LOG.info("stopped");
  }

  private void halt() {
    // Before the app's, since the loops have both: nobody is told that it was the app who failed.
    listeners.cut();
    LifeCycle.stop(server);
    upstream.stop();
    LifeCycle.stop(timers);
    LifeCycle.stop(threads);
    redirects.ifPresent(RedirectListener::stop);
    management.ifPresent(Management::stop);
    stopped.countDown();
  }
}
