package dev.gatehouse.backchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.oidc.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long something is not tried again. */
class PauseTest {
  private final TestClock clock = new TestClock();
  private final Pause pause = new Pause(clock);

  @Test
  void lastsForItsLength() {
    assertThat(pause.lasts()).isFalse();

    pause.begin(Duration.ofSeconds(1));
    assertThat(pause.lasts()).isTrue();
    clock.advance(Duration.ofMillis(999));
    assertThat(pause.lasts()).isTrue();
    clock.advance(Duration.ofMillis(1));
    assertThat(pause.lasts()).isFalse();
  }

  @Test
  void clockThatIsSetBackDoesNotProlongIt() {
    pause.begin(Duration.ofSeconds(1));
    clock.advance(Duration.ofHours(-1));

    assertThat(pause.lasts()).isFalse();
  }
}
