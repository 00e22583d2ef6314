package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.identity.Identity;
import java.util.List;
import java.util.Optional;

/**
 * A request that goes on though its URL holds a token: as it came, and its answer stays where the
 * URL is known already (TH-LEAK-6). Immutable.
 *
 * @param rawQuery as it came
 */
record LeakyForward(Forward forward, String rawQuery, AnswerPolicy answer) implements Forward {
  LeakyForward(Forward forward, String rawQuery) {
    this(forward, rawQuery, new LeakyAnswerPolicy(forward.answer()));
  }

  /** Without the query. */
  @Override
  public String toString() {
    return "LeakyForward[" + forward + "]";
  }

  @Override
  public PublicUrl publicUrl() {
    return forward.publicUrl();
  }

  @Override
  public RequestPath path() {
    return forward.path();
  }

  @Override
  public String cleanQuery() {
    return forward.cleanQuery();
  }

  @Override
  public Optional<Identity> identity() {
    return forward.identity();
  }

  @Override
  public AccessRule rule() {
    return forward.rule();
  }

  @Override
  public boolean removes(String name) {
    return forward.removes(name);
  }

  @Override
  public String cookie(String value) {
    return forward.cookie(value);
  }

  @Override
  public String referer(String value) {
    return forward.referer(value);
  }

  @Override
  public List<HeaderField> added() {
    return forward.added();
  }

  @Override
  public boolean stillHolds(boolean used) {
    return forward.stillHolds(used);
  }
}
