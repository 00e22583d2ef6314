package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.identity.Identity;
import java.util.List;
import java.util.Optional;

/**
 * A CORS preflight on its way to the app: as {@code request} goes, which is told of no user, but
 * without cookies and credentials, of which a real preflight has none. Immutable.
 */
record PreflightForward(Forward request) implements Forward {
  @Override
  public PublicUrl publicUrl() {
    return request.publicUrl();
  }

  @Override
  public RequestPath path() {
    return request.path();
  }

  @Override
  public String rawQuery() {
    return request.rawQuery();
  }

  @Override
  public Optional<Identity> identity() {
    return Optional.empty();
  }

  @Override
  public AccessRule rule() {
    return request.rule();
  }

  @Override
  public boolean removes(String name) {
    return name.equalsIgnoreCase("Authorization") || request.removes(name);
  }

  @Override
  public String referer(String value) {
    return request.referer(value);
  }

  @Override
  public String cookie(String value) {
    return null;
  }

  @Override
  public List<HeaderField> added() {
    return request.added();
  }

  @Override
  public boolean stillHolds(boolean used) {
    return false;
  }

  @Override
  public AnswerPolicy answer() {
    return request.answer();
  }
}
