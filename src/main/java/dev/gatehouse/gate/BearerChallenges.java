package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.config.GatehouseConfig.Bearer;
import dev.gatehouse.config.GatehouseConfig.BindingDemand;
import dev.gatehouse.jose.SelfKeyedJws;
import dev.gatehouse.token.BearerCredential.Scheme;
import dev.gatehouse.token.BearerError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a client is told that needs an access token, or another one: {@code WWW-Authenticate} for
 * each scheme that is taken, the one that was used first (RFC 6750 §3, RFC 9449 §7.1, RFC 9728
 * §5.1). An {@code error} is named only where a token came. Immutable.
 */
final class BearerChallenges {
  private final String bearer;
  private final String dpop;
  private final boolean dpopOnly;

  BearerChallenges(Bearer settings) {
    String metadata =
        settings
            .resource()
            .map(url -> ", resource_metadata=\"" + ProtectedResource.metadataUrl(url) + "\"")
            .orElse("");
    this.bearer = Answers.bearerChallenge() + metadata;
    this.dpop =
        "DPoP realm=\"gatehouse\", algs=\""
            + String.join(" ", SelfKeyedJws.algorithms())
            + "\""
            + metadata;
    this.dpopOnly = settings.binding().demanded() == BindingDemand.DPOP;
  }

  /** For a request without a token: no {@code error} (RFC 6750 §3.1), but what would be needed. */
  List<String> forNoToken(AccessRule rule) {
    return both(Scheme.BEARER, scope(rule.scopes()), scope(rule.scopes()));
  }

  /** For a token that is not good enough, or none that can be read. */
  List<String> forError(Scheme used, BearerError error, Set<String> scopes) {
    String told = ", error=\"" + error.code() + "\"" + scope(scopes);
    return both(used, told, "");
  }

  /** For a proof that is not good enough. */
  List<String> forProof(String error) {
    return both(Scheme.DPOP, ", error=\"" + error + "\"", "");
  }

  /** For a user who has not proven himself well enough (RFC 9470 §3). */
  List<String> forStepUp(Scheme used, AuthenticationDemand demand) {
    return both(used, Answers.stepUp(demand), "");
  }

  private List<String> both(Scheme used, String ofUsed, String ofOther) {
    if (dpopOnly) {
      return List.of(dpop + (used == Scheme.DPOP ? ofUsed : told(ofUsed, ofOther)));
    }
    List<String> challenges = new ArrayList<>();
    challenges.add((used == Scheme.BEARER ? bearer : dpop) + ofUsed);
    challenges.add((used == Scheme.BEARER ? dpop : bearer) + ofOther);
    return challenges;
  }

  // Who used a scheme that is not taken learns of his error by the one that is.
  private static String told(String ofUsed, String ofOther) {
    return ofOther.isEmpty() ? ofUsed : ofOther;
  }

  private static String scope(Set<String> scopes) {
    return scopes.isEmpty() ? "" : ", scope=\"" + String.join(" ", new TreeSet<>(scopes)) + "\"";
  }
}
