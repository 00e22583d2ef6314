package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a body comes too slowly. */
class ClientBodyTest {
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
  void aBodyMayLagTwentySecondsAndThenNeedsARate(long waited, long received, boolean tooSlow) {
    assertThat(ClientBody.tooSlow(TimeUnit.SECONDS.toNanos(waited), received)).isEqualTo(tooSlow);
  }
}
