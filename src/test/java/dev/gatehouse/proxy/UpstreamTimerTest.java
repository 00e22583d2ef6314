package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.IdleTimeout;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the timer of a connection to the app looks next, whatever deadlines it has had. */
class UpstreamTimerTest {
  // None of them passes while a test runs.
  private static final long SHORT = 100_000;
  private static final long KEPT = 300_000;
  private static final long ANSWER = 900_000;

  /** Passes before a test goes on. */
  private static final long MOMENT = 20;

  private final Timers timers = new Timers();
  private SocketChannel channel;
  private EndPoint endPoint;

  /** Has time stand still: a task runs when the test says so. */
  private static final class Timers extends AbstractLifeCycle implements Scheduler {
    private final Deque<Timer> set = new ArrayDeque<>();

    private record Timer(Runnable work, long millis, boolean[] cancelled) implements Task {
      @Override
      public boolean cancel() {
        cancelled[0] = true;
        return true;
      }
    }

    @Override
    public Task schedule(Runnable work, long delay, TimeUnit unit) {
      set.add(new Timer(work, unit.toMillis(delay), new boolean[1]));
      return set.getLast();
    }

    private Timer only() {
      set.removeIf(timer -> timer.cancelled()[0]);
      assertThat(set).hasSize(1);
      return set.getFirst();
    }

    /** After how long the only timer looks. */
    private long next() {
      return only().millis();
    }

    private void fire() {
      Timer timer = only();
      set.clear();
      timer.work().run();
    }

    private boolean none() {
      set.removeIf(timer -> timer.cancelled()[0]);
      return set.isEmpty();
    }
  }

  @BeforeEach
  void open() throws IOException {
    channel = SocketChannel.open();
    UpstreamConnector connector = new UpstreamConnector(() -> null, 0);
    connector.setScheduler(timers);
    endPoint = connector.newEndPoint(channel, null, null);
    endPoint.setIdleTimeout(KEPT);
  }

  @AfterEach
  void close() throws IOException {
    channel.close();
  }

  private void idleFor(long millis) {
    await().until(() -> idle() >= millis);
  }

  private long idle() {
    return ((IdleTimeout) endPoint).getIdleFor();
  }

  /** A connection that answers an end of its time as {@code whenIdle} says, and stays open. */
  private void connection(Runnable whenIdle) {
    endPoint.setConnection(
        new AbstractConnection(endPoint, Runnable::run) {
          @Override
          public void onFillable() {
            throw new IllegalStateException("nothing is read");
          }

          @Override
          public boolean onIdleExpired(TimeoutException timeout) {
            whenIdle.run();
            return false;
          }
        });
  }

  @Test
  void theDeadlineThatIsSetIsTheOneThatIsTold() {
    endPoint.setIdleTimeout(ANSWER);
    assertThat(endPoint.getIdleTimeout()).isEqualTo(ANSWER);
    endPoint.setIdleTimeout(KEPT);
    assertThat(endPoint.getIdleTimeout()).isEqualTo(KEPT);
  }

  @Test
  void aRequestDoesNotMoveTheTimer() {
    endPoint.setIdleTimeout(ANSWER);
    assertThat(timers.next()).isLessThanOrEqualTo(KEPT);

    timers.fire();

    assertThat(timers.next()).isLessThanOrEqualTo(KEPT);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void aRequestThatComesJustWhenTheTimerFiresDoesNotSlowItDown() {
    connection(() -> endPoint.setIdleTimeout(ANSWER));
    endPoint.setIdleTimeout(MOMENT);
    idleFor(MOMENT);

    timers.fire();

    assertThat(endPoint.getIdleTimeout()).isEqualTo(ANSWER);
    assertThat(timers.next()).isLessThanOrEqualTo(MOMENT);
  }

  @Test
  void aShorterDeadlineIsWatchedFromTheStart() {
    endPoint.setIdleTimeout(SHORT);
    assertThat(timers.next()).isLessThanOrEqualTo(SHORT);
    endPoint.setIdleTimeout(KEPT);
    timers.fire();
    assertThat(timers.next()).isLessThanOrEqualTo(SHORT);
  }

  @Test
  void noDeadlineNeedsNoTimerAndANewOneGetsOne() {
    for (long none : new long[] {0, -1}) {
      endPoint.setIdleTimeout(none);
      assertThat(endPoint.getIdleTimeout()).isEqualTo(none);
      assertThat(timers.none()).isTrue();
      endPoint.setIdleTimeout(ANSWER);
      assertThat(timers.next()).isLessThanOrEqualTo(ANSWER).isGreaterThan(KEPT);
    }
  }

  @Test
  void aClosedConnectionLeavesNoTimer() {
    endPoint.onOpen();
    endPoint.setIdleTimeout(ANSWER);
    endPoint.close();
    assertThat(timers.none()).isTrue();
    endPoint.setIdleTimeout(KEPT);
    endPoint.setIdleTimeout(SHORT);
    assertThat(timers.none()).isTrue();
  }
}
