package dev.gatehouse.bench;

import dev.gatehouse.gate.Decision;
import dev.gatehouse.gate.Forward;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What the engine costs for a request on the hot path: the decision, and all that a door asks of it
 * about the fifteen fields of the request.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 12, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GateBench {
  private static final String PLAIN = "/orders/4711/items";
  private static final String QUERY =
      "?page=2&sort=date&filter=open&q=caf%C3%A9+au+lait&from=2026-01-01&ids=4711,4712";

  /**
   * Who asks, and how. "bare" has neither query nor Referer, so that hygiene has the path alone to
   * look at; "query" has six parameters.
   */
  @Param({"session", "jwt", "introspected", "session-bare", "session-query"})
  public String credential;

  private OpenGate gate;
  private BrowserRequest request;
  private HttpField cookie;

  /** Starts engine and OP, and signs in. */
  @Setup(Level.Trial)
  public void open() {
    gate = OpenGate.open(credential.equals("introspected") ? "introspection" : "jwt", "");
    if (credential.startsWith("session")) {
      cookie = gate.signIn();
    }
  }

  /** A verdict on an access token is kept for a minute: here is a new one that is known. */
  @Setup(Level.Iteration)
  public void present() {
    request =
        switch (credential) {
          case "jwt" -> BrowserRequest.get("/api" + PLAIN, gate.jwt());
          case "introspected" -> BrowserRequest.get("/api" + PLAIN, gate.opaque());
          case "session-bare" -> BrowserRequest.get(PLAIN, cookie).without("Referer");
          case "session-query" -> BrowserRequest.get(PLAIN + QUERY, cookie);
          default -> BrowserRequest.get(PLAIN, cookie);
        };
    if (!(gate.settled(request) instanceof Decision.ToApp)) {
      throw new IllegalStateException("does not pass: " + gate.settled(request));
    }
  }

  /** Ends engine and OP. */
  @TearDown(Level.Trial)
  public void close() {
    gate.close();
  }

  /** The decision alone. */
  @Benchmark
  public Decision decide() {
    return passed(gate.gate().decide(request));
  }

  /** The decision, and what the door does with it before it can send the request on. */
  @Benchmark
  public void decideAndForward(Blackhole sink) {
    Forward forward = passed(gate.gate().decide(request)).forward();
    for (HttpField field : request.fields()) {
      if (field.getName().equals("Cookie")) {
        sink.consume(forward.cookie(field.getValue()));
      } else {
        sink.consume(forward.removes(field.getName()));
      }
    }
    String referer = request.header("Referer");
    if (referer != null) {
      sink.consume(forward.referer(referer));
    }
    sink.consume(forward.path().forwarded());
    sink.consume(forward.rawQuery());
    sink.consume(forward.added());
    sink.consume(forward.answer());
  }

  private static Decision.ToApp passed(Decision decision) {
    if (decision instanceof Decision.ToApp toApp) {
      return toApp;
    }
    throw new IllegalStateException("is no hot path: " + decision);
  }
}
