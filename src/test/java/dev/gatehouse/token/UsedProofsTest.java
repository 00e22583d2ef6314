package dev.gatehouse.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.oidc.TestClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Proofs that were used: a flood makes no room for a replay (RFC 9449 §11.1). */
class UsedProofsTest {
  private final TestClock clock = new TestClock();
  private final UsedProofs used = new UsedProofs(clock);

  private Instant until() {
    return clock.instant().plusSeconds(60);
  }

  @Test
  @Rule("TH-BEAR-18")
  void aFloodOfOneKeyFillsItsOwnShareAloneAndForgetsNothing() {
    assertThat(used.note("key", "first", until())).isEqualTo(UsedProofs.Use.FIRST);
    for (int i = 0; i < 2 * UsedProofs.MAX_PER_KEY; i++) {
      used.note("key", "flood-" + i, until());
    }

    assertThat(used.note("key", "one more", until())).isEqualTo(UsedProofs.Use.NO_ROOM);
    assertThat(used.note("key", "first", until())).isEqualTo(UsedProofs.Use.REPEATED);
    assertThat(used.note("other", "first", until())).isEqualTo(UsedProofs.Use.FIRST);
  }

  /** Its signature is checked between the look at its age and here. */
  @Test
  @Rule("TH-BEAR-18")
  void aProofThatGrowsTooOldWhileItIsCheckedIsStillKnown() {
    Instant until = until();
    assertThat(used.note("key", "first", until)).isEqualTo(UsedProofs.Use.FIRST);

    clock.advance(Duration.between(clock.instant(), until).plusSeconds(30));

    assertThat(used.note("key", "first", until)).isEqualTo(UsedProofs.Use.REPEATED);
    assertThat(used.note("key", "second", until)).isEqualTo(UsedProofs.Use.FIRST);
  }

  @Test
  @Rule("TH-BEAR-18")
  void aFloodOfManyKeysIsRefusedInTheEndAndForgetsNothing() {
    assertThat(used.note("key", "first", until())).isEqualTo(UsedProofs.Use.FIRST);
    UsedProofs.Use last = UsedProofs.Use.FIRST;
    for (int i = 0; i < 200_000 && last == UsedProofs.Use.FIRST; i++) {
      last = used.note("key-" + i, "x", until());
    }

    assertThat(last).isEqualTo(UsedProofs.Use.NO_ROOM);
    assertThat(used.note("key", "first", until())).isEqualTo(UsedProofs.Use.REPEATED);
    clock.advance(Duration.ofSeconds(31));
    assertThat(used.note("key", "second", until())).isEqualTo(UsedProofs.Use.FIRST);
    clock.advance(Duration.ofMinutes(3));
    assertThat(used.note("key", "first", until())).isEqualTo(UsedProofs.Use.FIRST);
  }
}
