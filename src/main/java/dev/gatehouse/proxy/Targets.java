package dev.gatehouse.proxy;

import dev.gatehouse.config.UpstreamRoute.Balance;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.NanoTime;

/**
 * The servers of one route, and which of them gets the next request. Safe for concurrent use.
 * Nobody is left without a target because requests have failed; only health checks can do that.
 */
final class Targets {
  private final Target[] all;
  private final Balance balance;
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * @param all at least one, at most 64
   */
  Targets(List<Target> all, Balance balance) {
    this.all = all.toArray(Target[]::new);
    this.balance = balance;
  }

  List<Target> all() {
    return List.of(all);
  }

  /** How many get requests now. */
  int well() {
    int well = 0;
    for (Target target : all) {
      if (target.health() == null || target.health().well()) {
        well++;
      }
    }
    return well;
  }

  /** Whether a request can be sent nowhere. */
  boolean none() {
    for (Target target : all) {
      if (target.health() == null || !target.health().down()) {
        return false;
      }
    }
    return true;
  }

  /**
   * The place of the target for a request; negative for none.
   *
   * @param tried a bit for the place of each that this request has failed at
   */
  int choose(long tried) {
    if (all.length == 1) {
      TargetHealth health = all[0].health();
      return tried != 0 || health != null && health.down() ? -1 : 0;
    }
    int first = (turn.getAndIncrement() & Integer.MAX_VALUE) % all.length;
    int best = -1;
    for (int i = 0; i < all.length; i++) {
      int place = (first + i) % all.length;
      TargetHealth health = all[place].health();
      if ((tried & 1L << place) != 0) {
        continue;
      }
      if (health.well()) {
        if (balance == Balance.ROUND_ROBIN) {
          return place;
        }
        if (best < 0 || health.underWay() < all[best].health().underWay()) {
          best = place;
        }
      } else if (health.probe()) {
        return place;
      }
    }
    return best >= 0 ? best : lastResort(tried);
  }

  /** All that is left has failed lately: the one that would be tried again first. */
  private int lastResort(long tried) {
    int best = -1;
    for (int place = 0; place < all.length; place++) {
      TargetHealth health = all[place].health();
      boolean usable = (tried & 1L << place) == 0 && !health.down();
      if (usable
          && (best < 0 || NanoTime.isBefore(health.probeAt(), all[best].health().probeAt()))) {
        best = place;
      }
    }
    return best;
  }

  Target at(int place) {
    return all[place];
  }
}
