package dev.gatehouse.config;

import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.access.CrossSiteMode;
import dev.gatehouse.access.Handling;
import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.access.PreflightMode;
import java.util.Optional;
import java.util.Set;

/** Reads how the requests of one rule are treated, beside who may pass. */
final class HandlingSettings {
  private static final Set<Access> WITH_TOKEN = Set.of(Access.BEARER, Access.LOGIN_OR_BEARER);

  private final Values values;
  private final HygieneMode everywhere;

  /**
   * @param everywhere what happens to misplaced tokens where a rule says nothing of it
   */
  HandlingSettings(Values values, HygieneMode everywhere) {
    this.values = values;
    this.everywhere = everywhere;
  }

  /** What the rule at {@code place} says. */
  Handling read(String place, Optional<Access> access) {
    String hygiene = place + ".token-hygiene";
    Optional<HygieneMode> mode = values.choice(hygiene).map(HygieneSettings::mode);
    Optional<String> reason = values.text(place + ".reason");
    if (mode.isPresent() && !mode.get().equals(everywhere) && reason.isEmpty()) {
      values.error(
          "reason-missing", hygiene, "differs from the rest, so say why in this rule: reason: …");
    }
    boolean forwardToken = values.flag(place + ".forward-token");
    if (forwardToken && access.filter(WITH_TOKEN::contains).isEmpty()) {
      values.error(
          "rule-conflict",
          place + ".forward-token",
          "has no effect without an access token; write access: bearer, or remove it");
    }
    boolean forwardPathParameters =
        values.choice(place + ".path-parameters").filter("forward"::equals).isPresent();
    return new Handling(
        mode,
        reason,
        forwardToken,
        forwardPathParameters,
        preflight(place + ".cors-preflight", access),
        crossSite(place + ".cross-site", access));
  }

  private Optional<PreflightMode> preflight(String key, Optional<Access> access) {
    Optional<PreflightMode> mode = values.choice(key).map(BrowserSettings::preflight);
    if (mode.isPresent()) {
      refuseWhereNobodyPasses(key, access);
    }
    return mode;
  }

  private Optional<CrossSiteMode> crossSite(String key, Optional<Access> access) {
    Optional<CrossSiteMode> mode = values.choice(key).map(BrowserSettings::crossSite);
    if (mode.isPresent()) {
      refuseWhereNobodyPasses(key, access);
    }
    if (mode.isPresent() && access.filter(Access.BEARER::equals).isPresent()) {
      values.error(
          "rule-conflict",
          key,
          "has no effect with access: bearer, for no other site can make a browser send an access"
              + " token; remove it");
    }
    return mode;
  }

  private void refuseWhereNobodyPasses(String key, Optional<Access> access) {
    if (access.filter(Access.DENY::equals).isPresent()) {
      values.error(
          "rule-conflict", key, "has no effect with access: deny, which nothing passes; remove it");
    }
  }
}
