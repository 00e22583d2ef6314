package dev.gatehouse.token;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.backchannel.LogText;
import dev.gatehouse.backchannel.OpClient;
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
  private final Optional<SignedIntrospection> signed;
  private final CircuitBreaker breaker;

  /**
   * @param signed opens what the OP has to sign; empty where it answers in plain JSON
   */
  IntrospectionJudge(
      OpConnection connection, AccessTokenClaims rules, Optional<SignedIntrospection> signed) {
    this.connection = connection;
    this.rules = rules;
    this.signed = signed;
    this.breaker = new CircuitBreaker(connection.clock());
  }

  @Override
  public Optional<TokenVerdict> atOnce(BearerCredential.Token token) {
    return Optional.empty(); // an opaque token says nothing of itself
  }

  // A flood of one invented token costs one call in a while (TH-BEAR-13).
  @Override
  public boolean remembersBad(BearerCredential.Token token) {
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
    return judge(token, reply, deadline);
  }

  // RFC 7662 §2.1: POST, form-encoded; the token never stands in a URL.
  private OpReply post(URI endpoint, BearerCredential.Token token, Deadline deadline) {
    OpForm form =
        OpForm.empty().with("token", token.value()).with("token_type_hint", "access_token");
    OpForm ours = connection.credentials().authenticate(form);
    OpClient client = connection.client();
    return signed.isPresent()
        ? client.postForIntrospectionJwt(OpEndpoint.INTROSPECTION, endpoint, ours, deadline)
        : client.post(OpEndpoint.INTROSPECTION, endpoint, ours, deadline);
  }

  private TokenVerdict judge(BearerCredential.Token token, OpReply reply, Deadline deadline) {
    if (reply instanceof OpReply.Failed failed) {
      return new TokenVerdict.Undecided(failed.failure());
    }
    // §2.3: an error says something of us or of the OP, nothing of the token.
    if (!(reply instanceof OpReply.Answered answered) || answered.status() != 200) {
      LOG.error("the introspection endpoint refused to answer: {}", status(reply));
      return new TokenVerdict.Undecided(OpFailure.NONSENSE);
    }
    if (signed.isEmpty()) {
      return judge(token, answered.body());
    }
    // RFC 9701 §5: what is not signed as agreed says nothing.
    SignedIntrospection.Opened opened = signed.get().open(answered.jwt().orElseThrow(), deadline);
    return opened instanceof SignedIntrospection.Opened.Response response
        ? judge(token, response.members())
        : new TokenVerdict.Undecided(((SignedIntrospection.Opened.Unusable) opened).failure());
  }

  private TokenVerdict judge(BearerCredential.Token token, JsonObject response) {
    Optional<String> broken = firstBrokenRule(rules, response);
    if (broken.isPresent()) {
      LOG.debug("access token {} rejected: {}", token.hash(), broken.get());
      return new TokenVerdict.Rejected(BearerError.INVALID_TOKEN);
    }
    return rules.verdict(response);
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
    if (!isOfKnownType(response)) {
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
    return TokenBinding.of(response).isPresent() ? Optional.empty() : Optional.of("cnf");
  }

  // RFC 9449 §6.2: a DPoP token says the key that it is bound to.
  private static boolean isOfKnownType(JsonObject response) {
    if (!response.has("token_type")) {
      return true;
    }
    String type = response.text("token_type").orElse("");
    boolean bound =
        TokenBinding.of(response).filter(binding -> binding.key().isPresent()).isPresent();
    return type.equalsIgnoreCase("Bearer") || (type.equalsIgnoreCase("DPoP") && bound);
  }
}
