package dev.gatehouse.gate;

import java.util.concurrent.Semaphore;

/**
 * How many requests may wait for the OP in a door that spends a thread on each. Calls to the OP are
 * few and bounded, but any number of requests may share one; without this bound they would take
 * every thread of a servlet container while the OP hangs (TH-DOS-5). A door that waits without a
 * thread passes by. Safe for concurrent use.
 */
public final class WaitingRoom {
  private final Semaphore places;

  WaitingRoom(int places) {
    this.places = new Semaphore(places);
  }

  /** A room that is never full, for requests whose number is bounded by the calls they wait for. */
  static WaitingRoom unbounded() {
    return new WaitingRoom(Integer.MAX_VALUE);
  }

  /**
   * Takes a place; never blocks.
   *
   * @return false when the room is full; otherwise {@link #leave} has to follow
   */
  public boolean enter() {
    return places.tryAcquire();
  }

  /** Gives the place back. */
  public void leave() {
    places.release();
  }
}
