package dev.gatehouse.token;

import dev.gatehouse.backchannel.OpExecutor;
import dev.gatehouse.config.GatehouseConfig.Backchannel;
import dev.gatehouse.config.GatehouseConfig.Bearer;
import dev.gatehouse.config.GatehouseConfig.BearerValidation;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.AccessTokens;
import dev.gatehouse.jose.JwsVerifier;
import dev.gatehouse.jose.NestedJwts;
import dev.gatehouse.jose.RefetchBudget;
import dev.gatehouse.oidc.OpConnection;
import dev.gatehouse.oidc.Providers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Chooses how access tokens are judged. */
public final class TokenVerifiers {
  private TokenVerifiers() {}

  /**
   * The verifier that {@code bearer} asks for: of the tokens of one OP, or of each OP's by their
   * issuer. It has threads of its own, so that neither bearer tokens nor logins can use up those of
   * the other; the connections stay the caller's to close.
   *
   * @param settings the OPs by name
   */
  public static TokenVerifier open(
      Bearer bearer, Map<String, Provider> settings, Backchannel backchannel, Providers providers) {
    List<Provider> believed =
        settings.values().stream()
            .filter(provider -> bearer.provider().map(provider.name()::equals).orElse(true))
            .toList();
    if (believed.size() == 1) {
      Provider only = believed.get(0);
      return open(bearer, only, backchannel, providers.connection(only.name()));
    }
    Map<String, TokenJudge> judges =
        believed.stream()
            .collect(
                Collectors.toMap(
                    Provider::issuer,
                    provider -> judge(bearer, provider, providers.connection(provider.name()))));
    Optional<TokenJudge> opaque =
        bearer.opaqueProvider().map(settings::get).map(provider -> judges.get(provider.issuer()));
    return caching(
        bearer,
        new JudgeByIssuer(judges, opaque),
        providers.connection(believed.get(0).name()),
        backchannel);
  }

  /** The same for the tokens of one OP. */
  public static TokenVerifier open(
      Bearer bearer, Provider provider, Backchannel backchannel, OpConnection connection) {
    return caching(bearer, judge(bearer, provider, connection), connection, backchannel);
  }

  private static TokenVerifier caching(
      Bearer bearer, TokenJudge judge, OpConnection connection, Backchannel backchannel) {
    OpExecutor calls =
        new OpExecutor(
            "gatehouse-bearer", backchannel.threads(), backchannel.queue(), backchannel.deadline());
    VerdictCache cache =
        new VerdictCache(connection.clock(), bearer.cacheLifetime(), bearer.staleGrace());
    return new CachingVerifier(cache, connection::deadline, judge, calls);
  }

  private static TokenJudge judge(Bearer bearer, Provider provider, OpConnection connection) {
    AccessTokenClaims rules =
        new AccessTokenClaims(
            provider.issuer(), bearer.audience(), bearer.cacheLifetime(), connection.clock());
    AccessTokens settings = provider.accessTokens();
    return settings.validation().orElse(bearer.validation()) == BearerValidation.INTROSPECTION
        ? new IntrospectionJudge(
            connection,
            rules,
            settings.signedIntrospection()
                ? Optional.of(signedIntrospection(provider, connection))
                : Optional.empty())
        : new JwtJudge(connection, signatures(provider, connection), rules, settings.plainJwt());
  }

  private static SignedIntrospection signedIntrospection(
      Provider provider, OpConnection connection) {
    return new SignedIntrospection(
        provider.issuer(),
        provider.clientId(),
        new NestedJwts(connection.encryption(false), signatures(provider, connection)),
        connection.clock());
  }

  // A MAC by the client secret would make each holder of that secret an issuer.
  private static JwsVerifier signatures(Provider provider, OpConnection connection) {
    return new JwsVerifier(
        provider.tokens().signingAlgorithms(),
        Optional::empty,
        connection.keys(),
        RefetchBudget.forClients(connection.clock()),
        RefetchBudget.forClients(connection.clock()));
  }
}
