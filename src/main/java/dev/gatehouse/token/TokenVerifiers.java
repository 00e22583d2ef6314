package dev.gatehouse.token;

import dev.gatehouse.backchannel.OpExecutor;
import dev.gatehouse.config.GatehouseConfig.Backchannel;
import dev.gatehouse.config.GatehouseConfig.Bearer;
import dev.gatehouse.config.GatehouseConfig.BearerValidation;
import dev.gatehouse.config.Provider;
import dev.gatehouse.jose.JwsVerifier;
import dev.gatehouse.jose.RefetchBudget;
import dev.gatehouse.oidc.OpConnection;
import java.util.Optional;

/** Chooses how access tokens are judged. */
public final class TokenVerifiers {
  private TokenVerifiers() {}

  /**
   * The verifier that {@code bearer} asks for. It has threads of its own, so that neither bearer
   * tokens nor logins can use up those of the other; {@code connection} stays the caller's to
   * close.
   */
  public static TokenVerifier open(
      Bearer bearer, Provider provider, Backchannel backchannel, OpConnection connection) {
    AccessTokenClaims rules =
        new AccessTokenClaims(provider.issuer(), bearer.audience(), connection.clock());
    OpExecutor calls =
        new OpExecutor(
            "gatehouse-bearer", backchannel.threads(), backchannel.queue(), backchannel.deadline());
    return new CachingVerifier(connection, judge(bearer, provider, connection, rules), calls);
  }

  private static TokenJudge judge(
      Bearer bearer, Provider provider, OpConnection connection, AccessTokenClaims rules) {
    if (bearer.validation() == BearerValidation.INTROSPECTION) {
      return new IntrospectionJudge(connection, rules);
    }
    // A MAC by the client secret would make each holder of that secret an issuer.
    JwsVerifier signatures =
        new JwsVerifier(
            provider.tokens().signingAlgorithms(),
            Optional.empty(),
            connection.keys(),
            RefetchBudget.forClients(connection.clock()),
            RefetchBudget.forClients(connection.clock()));
    return new JwtJudge(signatures, rules);
  }
}
