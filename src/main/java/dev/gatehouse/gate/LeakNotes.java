package dev.gatehouse.gate;

import dev.gatehouse.hygiene.AgentFamily;
import dev.gatehouse.hygiene.BodyHit;
import dev.gatehouse.hygiene.Leak;
import dev.gatehouse.hygiene.LeakLog;
import dev.gatehouse.hygiene.RefererCleaner;
import dev.gatehouse.hygiene.TokenHit;
import dev.gatehouse.seal.Fingerprints;
import java.time.Clock;
import java.util.Collection;

/** Tells of tokens that were found, without telling them. Safe for concurrent use. */
final class LeakNotes {
  private final LeakLog log;
  private final Fingerprints fingerprints;
  private final Clock clock;

  LeakNotes(LeakLog log, Fingerprints fingerprints, Clock clock) {
    this.log = log;
    this.fingerprints = fingerprints;
    this.clock = clock;
  }

  /**
   * Takes note of the tokens of one request or of its answer.
   *
   * @param route the pattern of the rule, or {@link Leak#NO_ROUTE}
   * @param text what {@code hits} count in
   */
  void note(
      ClientRequest request,
      String route,
      Leak.Place place,
      Leak.Outcome outcome,
      String text,
      Collection<TokenHit> hits) {
    for (TokenHit hit : hits) {
      BodyHit plain = new BodyHit(hit.name(), hit.value(text), hit.secondDecoding());
      note(request, route, place, outcome, plain);
    }
  }

  /** Takes note of one token, in a body or in a field of the answer. */
  void note(
      ClientRequest request, String route, Leak.Place place, Leak.Outcome outcome, BodyHit hit) {
    log.note(
        new Leak(
            clock.instant(),
            route,
            hit.name(),
            place,
            fingerprints.of(hit.value()),
            outcome,
            hit.secondDecoding(),
            RefererCleaner.host(request.header("Referer")),
            AgentFamily.of(request.header("User-Agent"))));
  }
}
