package dev.gatehouse.ops;

import dev.gatehouse.backchannel.OpEndpoint;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.gate.Gate;
import dev.gatehouse.gate.Measurements;
import dev.gatehouse.token.TokenVerifier;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/**
 * Counts what the gateway does, for Prometheus. Labels are fixed words: no secret, no user, no path
 * and nothing else that a client chose. Safe for concurrent use.
 */
public final class GatewayMetrics implements Measurements, AutoCloseable {
  private static final String LEAKS = "gatehouse.leaks";
  private static final String REFUSALS = "gatehouse.refusals";
  private static final String LOGINS_FAILED = "gatehouse.logins.failed";
  private static final String OP_CALLS = "gatehouse.op.calls";

  /** There are fewer words than that; should one ever come from outside, it ends here. */
  private static final int MAX_WORDS = 200;

  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2),
    Duration.ofSeconds(10)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbage = new JvmGcMetrics();
  private final Counter started;
  private final Counter finished;
  private final Timer[] forwarded = new Timer[6];
  private final Timer[] answered = new Timer[6];
  private final AtomicInteger tunnels = new AtomicInteger();
  private volatile LongSupplier refusedConnections;

  /** Begins to count. */
  public GatewayMetrics() {
    bound(LEAKS, "name");
    bound(REFUSALS, "reason");
    bound(LOGINS_FAILED, "reason");
    started =
        Counter.builder("gatehouse.logins.started")
            .description("Browsers sent to the OpenID provider")
            .register(registry);
    finished =
        Counter.builder("gatehouse.logins.finished")
            .description("Logins that made a session")
            .register(registry);
    for (int i = 1; i < forwarded.length; i++) {
      forwarded[i] = requests("forwarded", i + "xx");
      answered[i] = requests("answered", i + "xx");
    }
    Gauge.builder("gatehouse.tunnels.open", tunnels, AtomicInteger::get)
        .description("WebSockets that are open")
        .register(registry);
  }

  /** Shows what the process needs of the machine too. */
  public void watchProcess() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    garbage.bindTo(registry);
  }

  private void bound(String meter, String label) {
    registry
        .config()
        .meterFilter(MeterFilter.maximumAllowableTags(meter, label, MAX_WORDS, MeterFilter.deny()));
  }

  private Timer requests(String decision, String status) {
    return Timer.builder("gatehouse.requests")
        .description("Requests by who answered, the app or the gateway, and class of status")
        .tags("decision", decision, "status", status)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  /**
   * Shows what a server has open.
   *
   * @param connections of clients, those open now
   * @param refused connections closed at once because there were too many
   * @param requests running now
   */
  public void watchServer(IntSupplier connections, LongSupplier refused, IntSupplier requests) {
    Gauge.builder("gatehouse.connections.open", connections, IntSupplier::getAsInt)
        .description("Connections of clients, idle ones too")
        .strongReference(true)
        .register(registry);
    refusedConnections = refused; // a counter of the registry holds it weakly
    FunctionCounter.builder("gatehouse.connections.refused", refused, LongSupplier::getAsLong)
        .description("Connections of clients beyond limits.max-connections or its like")
        .register(registry);
    Gauge.builder("gatehouse.requests.running", requests, IntSupplier::getAsInt)
        .description("Requests that have not ended")
        .strongReference(true)
        .register(registry);
  }

  /** Shows what {@code gate} knows of itself, for as long as this lives. */
  public void watch(Gate gate) {
    if (gate.sessionsHeld().isPresent()) {
      Gauge.builder("gatehouse.sessions.live", gate, g -> g.sessionsHeld().orElse(0))
          .description("Sessions in the memory of this process")
          .strongReference(true)
          .register(registry);
    }
    Gauge.builder("gatehouse.ready", gate, g -> g.notReadyReason().isEmpty() ? 1 : 0)
        .description("Whether users can log in")
        .strongReference(true)
        .register(registry);
    if (gate.tokenCache().isPresent()) {
      lookUps(gate, "hit", TokenVerifier.CacheFigures::hits);
      lookUps(gate, "miss", TokenVerifier.CacheFigures::misses);
      Gauge.builder("gatehouse.token.cache.entries", gate, of(TokenVerifier.CacheFigures::size))
          .description("Access tokens that are remembered, good and bad")
          .strongReference(true)
          .register(registry);
    }
  }

  private void lookUps(
      Gate gate, String result, ToDoubleFunction<TokenVerifier.CacheFigures> figure) {
    FunctionCounter.builder("gatehouse.token.cache.lookups", gate, of(figure))
        .description("Access tokens looked up among those that are remembered")
        .tags("result", result)
        .register(registry);
  }

  private static ToDoubleFunction<Gate> of(ToDoubleFunction<TokenVerifier.CacheFigures> figure) {
    return gate -> gate.tokenCache().map(figure::applyAsDouble).orElse(0.0);
  }

  /** All numbers, in the format that {@code accept} asks for. */
  public Exposition exposition(Optional<String> accept) {
    String type =
        accept.filter(types -> types.contains("application/openmetrics-text")).isPresent()
            ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
            : "text/plain; version=0.0.4; charset=utf-8";
    return new Exposition(type, registry.scrape(type));
  }

  /**
   * Numbers for Prometheus.
   *
   * @param contentType what the text is
   */
  public record Exposition(String contentType, String text) {}

  /**
   * A request has ended.
   *
   * @param byApp whether the app was asked
   */
  public void requestEnded(boolean byApp, int status, long nanos) {
    Timer[] timers = byApp ? forwarded : answered;
    int hundreds = status / 100;
    timers[hundreds >= 1 && hundreds <= 5 ? hundreds : 5].record(nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * The app did not answer, or not to the end.
   *
   * @param reason one fixed word
   */
  public void upstreamFailed(String reason) {
    registry.counter("gatehouse.upstream.failures", "reason", reason).increment();
  }

  /**
   * A request was sent again.
   *
   * @param reason one fixed word
   */
  public void upstreamRepeated(String reason) {
    registry.counter("gatehouse.upstream.repeats", "reason", reason).increment();
  }

  /**
   * Counts for one target.
   *
   * @param upstream which paths it gets; from the configuration, as {@code target}
   */
  public TargetMeter.Maker target(String upstream, String target) {
    return (underWay, up) -> {
      Tags tags = Tags.of("upstream", upstream, "target", target);
      Gauge.builder("gatehouse.upstream.target.up", up, IntSupplier::getAsInt)
          .description("Whether the target gets requests")
          .tags(tags)
          .strongReference(true)
          .register(registry);
      Gauge.builder("gatehouse.upstream.target.requests.active", underWay, IntSupplier::getAsInt)
          .description("Requests that the target has and has not answered")
          .tags(tags)
          .strongReference(true)
          .register(registry);
      return new TargetMeter(
          sent(tags.and("outcome", "answered")), sent(tags.and("outcome", "failed")));
    };
  }

  private Counter sent(Tags tags) {
    return Counter.builder("gatehouse.upstream.target.requests")
        .description("Requests by target and whether it answered")
        .tags(tags)
        .register(registry);
  }

  /** A WebSocket has begun. */
  public void tunnelOpened() {
    tunnels.incrementAndGet();
  }

  /** A WebSocket has ended. */
  public void tunnelClosed() {
    tunnels.decrementAndGet();
  }

  /** How many WebSockets there are. */
  public int tunnelsOpen() {
    return tunnels.get();
  }

  @Override
  public void refused(int status, String reason) {
    registry.counter(REFUSALS, "reason", reason, "status", Integer.toString(status)).increment();
  }

  @Override
  public void loginStarted() {
    started.increment();
  }

  @Override
  public void loginFinished() {
    finished.increment();
  }

  @Override
  public void loginFailed(String reason) {
    registry.counter(LOGINS_FAILED, "reason", reason).increment();
  }

  @Override
  public void leaked(String place, String name, String mode, String outcome) {
    registry
        .counter(LEAKS, "place", place, "name", name, "mode", mode, "outcome", outcome)
        .increment();
  }

  @Override
  public void answerNotScanned() {
    registry.counter("gatehouse.answers.unscanned").increment();
  }

  @Override
  public void called(OpEndpoint endpoint, Optional<OpFailure> failure, Duration took) {
    String outcome = failure.map(OpFailure::reason).orElse("answered");
    timer(registry, endpoint.toString(), outcome).record(took);
  }

  private static Timer timer(MeterRegistry registry, String endpoint, String outcome) {
    return Timer.builder(OP_CALLS)
        .description("Calls to the OpenID provider, the wait for a place included")
        .tags("endpoint", endpoint, "outcome", outcome)
        .register(registry);
  }

  @Override
  public void close() {
    garbage.close();
    registry.close();
  }
}
