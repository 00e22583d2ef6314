package dev.gatehouse.proxy;

import dev.gatehouse.config.UpstreamRoute.HealthCheck;
import dev.gatehouse.identity.HeaderField;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Asks one target again and again whether it is well, and tells its {@link TargetHealth}. Takes no
 * thread; a connection of its own for each question shows that the target still takes some.
 */
final class HealthChecks {
  private final Target target;
  private final HealthCheck check;
  private final List<HeaderField> fields;
  private final Scheduler timers;
  private int good;
  private int bad;
  private volatile boolean stopped;

  /**
   * @param fields what the app may want to see: Host, and the secret of the gateway
   */
  HealthChecks(Target target, HealthCheck check, List<HeaderField> fields, Scheduler timers) {
    this.target = target;
    this.check = check;
    this.fields = List.copyOf(fields);
    this.timers = timers;
  }

  /** Asks now, and from then on. */
  void start() {
    ask();
  }

  void stop() {
    stopped = true;
  }

  private void ask() {
    if (stopped) {
      return;
    }
    int query = check.target().indexOf('?');
    UpstreamRequest request =
        query < 0
            ? target.request(check.target(), null)
            : target.request(
                check.target().substring(0, query), check.target().substring(query + 1));
    request.method("GET");
    request.timeout(check.timeout().toMillis(), TimeUnit.MILLISECONDS);
    request.onFreshConnection();
    request.headers(
        to -> {
          for (HeaderField field : fields) {
            to.add(field.name(), field.value());
          }
          to.add(HttpHeader.USER_AGENT, "Gatehouse-health-check");
        });
    request.send(this::judge);
  }

  private void judge(Result result) {
    int status = result.getResponse() == null ? 0 : result.getResponse().getStatus();
    boolean well = result.isSucceeded() && check.expects(status);
    good = well ? good + 1 : 0;
    bad = well ? 0 : bad + 1;
    if (good >= check.rise()) {
      target.health().told(false, "");
    } else if (bad >= check.fall()) {
      target
          .health()
          .told(
              true,
              result.isSucceeded()
                  ? "status " + status
                  : UpstreamFault.of(result.getFailure()).hint());
    }
    if (stopped) {
      return;
    }
    // A tenth more or less, so that many gateways do not ask at once for ever.
    long millis = check.interval().toMillis();
    long jitter = millis * (System.nanoTime() / 1000 % 201 - 100) / 1000;
    timers.schedule(this::ask, millis + jitter, TimeUnit.MILLISECONDS);
  }
}
