package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.config.GatehouseConfig.Limits.Pace;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a body moves too slowly. */
class PaceTest {
  @ParameterizedTest
  @Rule("TH-DOS-10")
  @CsvSource({
    "0, 0, false",
    "20, 0, false",
    "21, 500, false",
    "21, 499, true",
    "30, 5000, false",
    "30, 4999, true",
    "3600, 1, true",
    "3600, 100000000, false"
  })
  void aBodyMayLagTwentySecondsAndThenNeedsARate(long waited, long moved, boolean tooSlow) {
    assertThat(Pace.USUAL.tooSlow(TimeUnit.SECONDS.toNanos(waited), moved)).isEqualTo(tooSlow);
  }

  @Test
  void withoutARateNothingIsTooSlow() {
    assertThat(new Pace(0, Duration.ofMillis(100)).tooSlow(Long.MAX_VALUE / 2, 0)).isFalse();
  }
}
