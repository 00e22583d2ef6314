package dev.gatehouse.report;

import dev.gatehouse.hygiene.Leak;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of one kind of leak: never a value of a token.
 *
 * @param route the pattern of the rule
 * @param name the watched name, or {@link #OTHER}
 * @param place where it stood; empty where the row stands for several places
 * @param outcomes how often what became of it
 * @param fingerprints keyed, to tell one token from another
 * @param hosts of the pages that led here
 * @param agents what kind of clients sent it
 */
public record LeakRow(
    String route,
    String name,
    Optional<Leak.Place> place,
    Map<Leak.Outcome, Long> outcomes,
    Instant firstSeen,
    Instant lastSeen,
    Tally fingerprints,
    Tally hosts,
    Tally agents) {
  /** The name of the row for all that found no room in a row of its own. */
  public static final String OTHER = "(other)";

  public LeakRow {
    outcomes = Map.copyOf(outcomes);
  }

  /** How often it was seen. */
  public long count() {
    return outcomes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How often that became of it. */
  public long count(Leak.Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0L);
  }

  /** Where it stood, in a word. */
  public String placeWord() {
    return place.map(Leak.Place::word).orElse("other");
  }

  /** What rows are told apart by. */
  record Key(String route, String name, Optional<Leak.Place> place) {}

  /** Counts leaks of one kind. Safe for concurrent use. */
  static final class Counter {
    private final Key key;
    private final EnumMap<Leak.Outcome, Long> outcomes = new EnumMap<>(Leak.Outcome.class);
    private final Tally.Counter fingerprints = new Tally.Counter();
    private final Tally.Counter hosts = new Tally.Counter();
    private final Tally.Counter agents = new Tally.Counter();
    private Instant first;
    private Instant last;
    private boolean closed;

    Counter(Key key) {
      this.key = key;
    }

    Key key() {
      return key;
    }

    /**
     * Counts {@code leak}.
     *
     * @return whether it did: not after {@link #close}
     */
    synchronized boolean note(Leak leak) {
      if (closed) {
        return false;
      }
      outcomes.merge(leak.outcome(), 1L, Long::sum);
      fingerprints.add(Words.line(leak.fingerprint(), 16));
      hosts.add(Words.host(leak.referringHost()));
      agents.add(Words.line(leak.agentFamily(), 30));
      seen(leak.at(), leak.at());
      return true;
    }

    private void seen(Instant from, Instant to) {
      first = first == null || from.isBefore(first) ? from : first;
      last = last == null || to.isAfter(last) ? to : last;
    }

    /** Counts nothing any more. */
    synchronized void close() {
      closed = true;
    }

    /** Takes over what {@code other}, which is closed, has counted. */
    synchronized void take(Counter other) {
      synchronized (other) {
        if (other.first == null) {
          return;
        }
        other.outcomes.forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum));
        fingerprints.addAll(other.fingerprints);
        hosts.addAll(other.hosts);
        agents.addAll(other.agents);
        seen(other.first, other.last);
      }
    }

    /** What has been counted; empty where nothing was. */
    synchronized Optional<LeakRow> row() {
      return first == null
          ? Optional.empty()
          : Optional.of(
              new LeakRow(
                  key.route(),
                  key.name(),
                  key.place(),
                  outcomes,
                  first,
                  last,
                  fingerprints.tally(),
                  hosts.tally(),
                  agents.tally()));
    }
  }
}
