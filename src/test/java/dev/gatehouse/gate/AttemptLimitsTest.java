package dev.gatehouse.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.session.SessionKey;
import dev.gatehouse.testkit.StandingClock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttemptLimitsTest {
  private static final String OFFICE = "203.0.113.7";

  private final StandingClock clock = new StandingClock();
  private final AttemptLimits limits = new AttemptLimits(clock);

  @Test
  @Rule("TH-DOS-2")
  void anOfficeMayBeginItsDayButAFloodStops() {
    for (int i = 0; i < 400; i++) {
      assertThat(limits.mayStartLogin("203.0.113.7")).as("start %d", i).isTrue();
    }
    assertThat(limits.mayStartLogin("203.0.113.7")).isFalse();
    assertThat(limits.mayStartLogin("203.0.113.8")).isTrue();

    clock.pass(Duration.ofSeconds(1));
    for (int i = 0; i < 25; i++) {
      assertThat(limits.mayStartLogin("203.0.113.7")).as("refilled %d", i).isTrue();
    }
    assertThat(limits.mayStartLogin("203.0.113.7")).isFalse();
  }

  @Test
  @Rule("TH-DOS-4")
  void afterFiveRejectedCodesOfABrowserTheOpIsLeftInPeace() {
    SessionKey browser = SessionKey.of("browser");
    for (int i = 0; i < 5; i++) {
      assertThat(limits.mayExchangeCode(OFFICE, Optional.of(browser))).as("code %d", i).isTrue();
      limits.codeRejected(OFFICE, browser);
    }
    assertThat(limits.mayExchangeCode(OFFICE, Optional.of(browser))).isFalse();
    assertThat(limits.mayExchangeCode(OFFICE, Optional.of(SessionKey.of("other")))).isTrue();
    assertThat(limits.mayExchangeCode(OFFICE, Optional.empty())).isTrue();

    clock.pass(Duration.ofMinutes(10));
    assertThat(limits.mayExchangeCode(OFFICE, Optional.of(browser))).isTrue();
  }

  @Test
  @Rule("TH-DOS-4")
  void browsersThatForgetWhoTheyAreAreCountedTogether() {
    for (int i = 0; i < 100; i++) {
      assertThat(limits.mayExchangeCode(OFFICE, Optional.empty())).as("code %d", i).isTrue();
      limits.codeRejected(OFFICE, SessionKey.of("browser" + i));
    }
    assertThat(limits.mayExchangeCode(OFFICE, Optional.empty())).isFalse();
    assertThat(limits.mayExchangeCode("203.0.113.8", Optional.empty())).isTrue();

    clock.pass(Duration.ofMinutes(10));
    assertThat(limits.mayExchangeCode(OFFICE, Optional.empty())).isTrue();
  }

  @Test
  @Rule("TH-CB-15")
  void threeSessionsThatNeverCameBackAreALoop() {
    AttemptLimits.LoginKey key =
        new AttemptLimits.LoginKey("https://op.example", "alice", "203.0.113.7");
    for (int i = 0; i < 3; i++) {
      assertThat(limits.loopsAt(key)).as("login %d", i).isFalse();
      limits.sessionMade(key, SessionKey.of("session" + i));
    }
    assertThat(limits.loopsAt(key)).isTrue();

    limits.sessionCameBack(key);
    assertThat(limits.loopsAt(key)).isFalse();
  }

  @Test
  @Rule("TH-CB-15")
  void aMinuteLaterItIsNoLoopAnyMore() {
    AttemptLimits.LoginKey key =
        new AttemptLimits.LoginKey("https://op.example", "alice", "203.0.113.7");
    for (int i = 0; i < 3; i++) {
      limits.sessionMade(key, SessionKey.of("session" + i));
    }
    assertThat(limits.loopsAt(key)).isTrue();

    clock.pass(Duration.ofSeconds(61));
    assertThat(limits.loopsAt(key)).isFalse();
  }
}
