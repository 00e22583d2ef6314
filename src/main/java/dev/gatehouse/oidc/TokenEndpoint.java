package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.ClientCredentials;
import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.backchannel.LogText;
import dev.gatehouse.backchannel.OpClient;
import dev.gatehouse.backchannel.OpEndpoint;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.backchannel.OpForm;
import dev.gatehouse.backchannel.OpReply;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.Quirks;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Exchanges codes and refresh tokens at the token endpoint (RFC 6749 §4.1.3, §5, §6). Safe for
 * concurrent use.
 */
final class TokenEndpoint {
  /** The OP does not know the code or refresh token, or no longer. */
  static final String INVALID_GRANT = "code-rejected";

  private static final Logger LOG = LoggerFactory.getLogger(TokenEndpoint.class);

  private final OpClient client;
  private final ClientCredentials credentials;
  private final TokenResponseRules rules;
  private final Quirks quirks;
  private final List<String> resources;
  private final Optional<DpopProofs> dpop;

  /**
   * @param dpop proves that the tokens are ours, where they are bound to a key
   */
  TokenEndpoint(
      OpClient client,
      ClientCredentials credentials,
      TokenResponseRules rules,
      Provider provider,
      Optional<DpopProofs> dpop) {
    this.dpop = dpop;
    this.client = client;
    this.credentials = credentials;
    this.rules = rules;
    this.quirks = provider.quirks();
    this.resources = provider.request().resources();
  }

  /** Sends the code, once. */
  TokenResponse exchange(URI endpoint, CodeGrant grant, Deadline deadline) {
    OpForm form =
        OpForm.empty()
            .with("grant_type", "authorization_code")
            .with("code", grant.code())
            .with("redirect_uri", grant.redirectUri().toString());
    if (!quirks.withoutPkce()) {
      form = form.with("code_verifier", grant.codeVerifier());
    }
    if (grant.serverState().isPresent()) {
      form = form.with("server_state", grant.serverState().get());
    }
    return send(endpoint, withResources(form), deadline, grant.code(), grant.codeVerifier());
  }

  /** Sends the refresh token, once; no scope, so that the grant is not widened (TH-TOK-14). */
  TokenResponse refresh(URI endpoint, Secret refreshToken, Deadline deadline) {
    OpForm form =
        OpForm.empty().with("grant_type", "refresh_token").with("refresh_token", refreshToken);
    return send(endpoint, withResources(form), deadline, refreshToken);
  }

  // RFC 8707 §2.2: the access token is for these, whatever others the grant may cover.
  private OpForm withResources(OpForm form) {
    OpForm all = form;
    for (String resource : resources) {
      all = all.with("resource", resource);
    }
    return all;
  }

  private TokenResponse send(URI endpoint, OpForm form, Deadline deadline, Secret... sent) {
    OpReply reply = post(endpoint, form, deadline);
    if (reply instanceof OpReply.Answered answered) {
      return judge(answered, sent);
    }
    return reply instanceof OpReply.Failed failed
        ? failed(failed.failure())
        : new TokenResponse.Undecided(OpFailure.NONSENSE);
  }

  private OpReply post(URI endpoint, OpForm form, Deadline deadline) {
    if (dpop.isEmpty()) {
      return client.post(kind(), endpoint, credentials.authenticate(form), deadline);
    }
    Proven first = post(dpop.get(), endpoint, form, deadline);
    // RFC 9449 §8: the OP has looked at the proof alone and refused it for want of its nonce; the
    // code or refresh token is unused. This is the one case in which either is sent again, once.
    return first.newNonce() && demandsNonce(first.reply())
        ? post(dpop.get(), endpoint, form, deadline).reply()
        : first.reply();
  }

  private OpEndpoint kind() {
    return quirks.formEncodedTokens() ? OpEndpoint.FORM_TOKEN : OpEndpoint.TOKEN;
  }

  /** An answer, and whether it brought a nonce that the proof did not have. */
  private record Proven(OpReply reply, boolean newNonce) {}

  private Proven post(DpopProofs proofs, URI endpoint, OpForm form, Deadline deadline) {
    DpopProofs.Proof proof = proofs.proof("POST", endpoint, Optional.empty());
    OpReply reply =
        client.post(
            kind(), endpoint, credentials.authenticate(form.provenBy(proof.jwt())), deadline);
    return new Proven(reply, proofs.learn(endpoint, proof, reply));
  }

  private static boolean demandsNonce(OpReply reply) {
    return reply instanceof OpReply.Answered refused
        && (refused.status() == 400 || refused.status() == 401)
        && "use_dpop_nonce".equals(refused.body().get("error"));
  }

  private static TokenResponse failed(OpFailure failure) {
    return switch (failure) {
      case REDIRECTED -> new TokenResponse.Refused(502, "token-redirect");
      case NONSENSE -> new TokenResponse.Refused(502, "token-error");
      default -> new TokenResponse.Undecided(failure);
    };
  }

  private TokenResponse judge(OpReply.Answered answered, Secret... sent) {
    JsonObject body = answered.body();
    // RFC 6749 §5.2; a body with error is a failure whatever the status says (TH-TOK-7).
    if (answered.status() == 200 && !body.has("error")) {
      return rules.read(body);
    }
    Secret[] secrets = Arrays.copyOf(sent, sent.length + 1);
    secrets[sent.length] = credentials.secret().orElse(Secret.of(""));
    boolean invalidGrant = "invalid_grant".equals(body.get("error"));
    LOG.atLevel(invalidGrant ? Level.INFO : Level.ERROR)
        .log(
            "the token endpoint refused a grant: status {}, error {}, {}",
            answered.status(),
            LogText.clean(body.text("error").orElse("none"), secrets),
            LogText.clean(body.text("error_description").orElse("no description"), secrets));
    return invalidGrant
        ? new TokenResponse.Refused(400, INVALID_GRANT)
        : new TokenResponse.Refused(502, "token-error");
  }
}
