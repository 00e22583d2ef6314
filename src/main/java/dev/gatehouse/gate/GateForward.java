package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.hygiene.RefererCleaner;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.InboundHeaders;
import dev.gatehouse.session.CookieJar;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What the gate decided about one request that goes on to the app. Immutable. */
record GateForward(
    PublicUrl publicUrl,
    RequestPath path,
    String rawQuery,
    Optional<Identity> identity,
    AccessRule rule,
    InboundHeaders inbound,
    RefererCleaner referers,
    boolean removesAuthorization,
    List<HeaderField> added,
    AnswerPolicy answer,
    Predicate<Boolean> holds)
    implements Forward {

  /** Without the query and without what the app is told (TH-SEC-3). */
  @Override
  public String toString() {
    return "GateForward[" + path.canonical() + ", added=" + added + "]";
  }

  @Override
  public boolean stillHolds(boolean used) {
    return holds.test(used);
  }

  @Override
  public boolean removes(String name) {
    return inbound.removes(name)
        || (removesAuthorization && name.equalsIgnoreCase("Authorization"))
        || name.equalsIgnoreCase("DPoP");
  }

  /** The same with another way back for the app's answer. */
  GateForward answering(AnswerPolicy other) {
    return new GateForward(
        publicUrl,
        path,
        rawQuery,
        identity,
        rule,
        inbound,
        referers,
        removesAuthorization,
        added,
        other,
        holds);
  }

  @Override
  public String referer(String value) {
    return referers.clean(value);
  }

  @Override
  public String cookie(String value) {
    return CookieJar.withoutOwn(value);
  }
}
