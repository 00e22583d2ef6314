package dev.gatehouse.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Keeps something for each key, of as many keys as there is room for: whatever else comes, a key
 * that comes often enough stays, so that nobody can drive it out by inventing keys (Misra and
 * Gries, "Finding repeated elements", 1982). Safe for concurrent use; a key that is kept is found
 * without a lock.
 */
final class Frequent<K, V> {
  private static final class Slot<V> {
    private final V value;
    private final long since;
    private final LongAdder came = new LongAdder();

    Slot(V value, long since) {
      this.value = value;
      this.since = since;
    }

    /** How many newcomers it outlives. */
    long strength() {
      return since + came.sum();
    }
  }

  private final int room;
  private final Function<K, V> maker;
  private final Consumer<V> evicted;
  private final Map<K, Slot<V>> slots = new ConcurrentHashMap<>();
  private long newcomers;
  private long weakest = Long.MAX_VALUE;

  /**
   * @param evicted is told what has to go, when nobody finds it any more
   */
  Frequent(int room, Function<K, V> maker, Consumer<V> evicted) {
    this.room = room;
    this.maker = maker;
    this.evicted = evicted;
  }

  /** What is kept for {@code key}, which has come once more; null where there is no room for it. */
  V at(K key) {
    Slot<V> slot = slots.get(key);
    if (slot == null) {
      slot = admitted(key);
    }
    if (slot == null) {
      return null;
    }
    slot.came.increment();
    return slot.value;
  }

  private synchronized Slot<V> admitted(K key) {
    Slot<V> there = slots.get(key);
    if (there != null) {
      return there;
    }
    if (slots.size() >= room) {
      newcomers++;
      // Nothing has grown weaker since it was last looked at, so most newcomers cost no search.
      if (newcomers < weakest || !makeRoom()) {
        return null;
      }
    }
    Slot<V> fresh = new Slot<>(maker.apply(key), newcomers);
    weakest = Math.min(weakest, newcomers + 1);
    slots.put(key, fresh);
    return fresh;
  }

  private boolean makeRoom() {
    weakest = Long.MAX_VALUE;
    slots
        .values()
        .removeIf(
            slot -> {
              long strength = slot.strength();
              if (strength > newcomers) {
                weakest = Math.min(weakest, strength);
                return false;
              }
              evicted.accept(slot.value);
              return true;
            });
    return slots.size() < room;
  }

  /** What is kept, by key. */
  Map<K, V> kept() {
    Map<K, V> kept = new LinkedHashMap<>();
    slots.forEach((key, slot) -> kept.put(key, slot.value));
    return kept;
  }
}
