package dev.gatehouse.token;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.backchannel.LogText;
import dev.gatehouse.backchannel.OpEndpoint;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.backchannel.OpForm;
import dev.gatehouse.backchannel.OpReply;
import dev.gatehouse.oidc.OpConnection;
import dev.gatehouse.oidc.ProviderMetadata;
import java.net.URI;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the OP whether a token is active (RFC 7662 §2). Blocks; safe for concurrent use. */
final class IntrospectionJudge implements TokenJudge {
  private static final Logger LOG = LoggerFactory.getLogger(IntrospectionJudge.class);

  private final OpConnection connection;
  private final AccessTokenClaims rules;
  private final CircuitBreaker breaker;

  IntrospectionJudge(OpConnection connection, AccessTokenClaims rules) {
    this.connection = connection;
    this.rules = rules;
    this.breaker = new CircuitBreaker(connection.clock());
  }

  @Override
  public Optional<TokenVerdict> atOnce(BearerCredential.Token token) {
    return Optional.empty(); // an opaque token says nothing of itself
  }

  // A flood of one invented token costs one call in a while (TH-BEAR-13).
  @Override
  public boolean remembersBadTokens() {
    return true;
  }

  @Override
  public TokenVerdict ask(BearerCredential.Token token, Deadline deadline) {
    Optional<OpFailure> unknownOp = connection.discovery().discover(deadline);
    if (unknownOp.isPresent()) {
      return new TokenVerdict.Undecided(unknownOp.get());
    }
    Optional<URI> endpoint =
        connection.discovery().metadata().flatMap(ProviderMetadata::introspectionEndpoint);
    if (endpoint.isEmpty()) {
      LOG.error("the OP's metadata name no introspection_endpoint; set bearer.validation: jwt");
      return new TokenVerdict.Undecided(OpFailure.METADATA_REFUSED);
    }
    if (!breaker.allows()) {
      return new TokenVerdict.Undecided(OpFailure.UNREACHABLE);
    }
    OpReply reply = post(endpoint.get(), token, deadline);
    breaker.record(reply instanceof OpReply.Answered);
    return judge(token, reply);
  }

  // RFC 7662 §2.1: POST, form-encoded; the token never stands in a URL.
  private OpReply post(URI endpoint, BearerCredential.Token token, Deadline deadline) {
    OpForm form =
        OpForm.empty().with("token", token.value()).with("token_type_hint", "access_token");
    return connection
        .client()
        .post(
            OpEndpoint.INTROSPECTION,
            endpoint,
            connection.credentials().authenticate(form),
            deadline);
  }

  private TokenVerdict judge(BearerCredential.Token token, OpReply reply) {
    if (reply instanceof OpReply.Failed failed) {
      return new TokenVerdict.Undecided(failed.failure());
    }
    // §2.3: an error says something of us or of the OP, nothing of the token.
    if (!(reply instanceof OpReply.Answered answered) || answered.status() != 200) {
      LOG.error("the introspection endpoint refused to answer: {}", status(reply));
      return new TokenVerdict.Undecided(OpFailure.NONSENSE);
    }
    Optional<String> broken = firstBrokenRule(rules, answered.body());
    if (broken.isPresent()) {
      LOG.debug("access token {} rejected: {}", token.hash(), broken.get());
      return new TokenVerdict.Rejected(BearerError.INVALID_TOKEN);
    }
    return rules.active(answered.body(), rules.subject(answered.body()).orElseThrow());
  }

  private static String status(OpReply reply) {
    return reply instanceof OpReply.Answered answered
        ? answered.status() + " " + LogText.clean(answered.body().text("error").orElse(""))
        : "no answer";
  }

  // RFC 7662 §2.2, in its order.
  static Optional<String> firstBrokenRule(AccessTokenClaims rules, JsonObject response) {
    // active: the JSON value true; "true" is a string.
    if (!Boolean.TRUE.equals(response.get("active"))) {
      return Optional.of("inactive");
    }
    boolean bearer =
        !response.has("token_type")
            || response.text("token_type").map("Bearer"::equalsIgnoreCase).orElse(false);
    if (!bearer) {
      return Optional.of("token_type");
    }
    if (!rules.isAlive(response)) {
      return Optional.of("exp");
    }
    if (!rules.hasBegun(response, "iat")) {
      return Optional.of("iat");
    }
    if (!rules.hasBegun(response, "nbf")) {
      return Optional.of("nbf");
    }
    // sub: optional in the RFC, but a token of nobody identifies nobody.
    if (rules.subject(response).isEmpty()) {
      return Optional.of("sub");
    }
    if (!rules.isForUs(response)) {
      return Optional.of("aud");
    }
    // iss: optional; the answer comes from our OP, but a foreign one is a contradiction.
    if (response.has("iss") && !rules.isFromIssuer(response)) {
      return Optional.of("iss");
    }
    return rules.isBoundToKey(response) ? Optional.of("cnf") : Optional.empty();
  }
}
