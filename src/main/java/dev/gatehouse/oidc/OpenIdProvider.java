package dev.gatehouse.oidc;

import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.config.Provider.ResponseMode;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The OP as the gate sees it. Safe for concurrent use.
 *
 * <p>What is said to block does I/O, at most for the deadline of calls to the OP, and runs on the
 * bounded pool of such calls.
 */
public interface OpenIdProvider extends AutoCloseable {
  /** The name that the configuration gives it. */
  String name();

  /** What users read where they choose among several. */
  String displayName();

  /** The configured issuer identifier. */
  String issuer();

  /** Whether the metadata is known, so that {@link #authenticationRequest} can answer at once. */
  boolean discovered();

  /**
   * Reads the metadata if it is not known yet. Blocks; callers at the same time share one attempt;
   * after a failed attempt it answers from memory for a second.
   *
   * @return empty when the metadata is known now
   */
  Optional<OpFailure> discover();

  /** What is wrong with the metadata that the OP served last; empty where nothing was, or none. */
  Optional<MetadataRefusal> refusal();

  /**
   * Whether {@link #authenticationRequest} answers at once: the metadata is known and requests need
   * not be pushed (RFC 9126), nor has {@link #serverState} to be fetched.
   */
  boolean asksAtOnce();

  /** Fetches what this OP wants to see again in a login; blocks where there is such a thing. */
  ServerState serverState();

  /**
   * Makes an authentication request: the URL to send the browser to, ending in an explicit empty
   * fragment (TH-AUTHZ-8). Blocks unless {@link #asksAtOnce}.
   *
   * @throws IllegalStateException when {@link #discovered} is false
   */
  RequestOutcome authenticationRequest(AuthenticationRequest request);

  /** What an authentication here has to be like where {@code extra} is wanted on top. */
  AuthenticationDemand demanded(AuthenticationDemand extra);

  /** How the OP's answers travel through the browser. */
  ResponseMode responseMode();

  /**
   * The state that a response in the form of a JWT names (JARM), of which nothing is believed yet;
   * empty where it is none. Never blocks.
   */
  Optional<String> claimedState(Secret response);

  /** Verifies a response in the form of a JWT. Blocks only where keys have to be fetched. */
  AuthorizationResponse verifyResponse(Secret response);

  /** Whether the OP promises {@code iss} in authorization responses (RFC 9207 §3). */
  boolean promisesIssuerParameter();

  /**
   * Exchanges the code and verifies all that comes back. Blocks; never throws for the OP's faults.
   */
  LoginOutcome complete(CodeGrant grant);

  /**
   * Exchanges a refresh token (RFC 6749 §6). Blocks; never throws for the OP's faults. Sent once:
   * the OP may have used up the token though its answer was lost.
   *
   * @param subject whom the answer must be for (OpenID Connect Core §12.2)
   */
  RefreshOutcome refresh(Secret refreshToken, String subject);

  /**
   * Looks the user of an access token up again, where neither its life nor a refresh token is known
   * (TH-QUIRK-9). Blocks; never throws for the OP's faults.
   *
   * @param subject whom the answer must be for
   */
  RefreshOutcome recheck(Secret accessToken, String subject);

  /** The life of an access token whose expiry the OP does not tell. */
  Duration defaultTokenLifetime();

  /** What makes the OP less safe than it could be, one word each, as far as it is known now. */
  List<String> weaknesses();

  /**
   * Verifies a logout token, which counts once (OpenID Connect Back-Channel Logout §2.6). Blocks
   * only where keys have to be fetched.
   */
  LogoutToken verifyLogout(Secret logoutToken);

  /**
   * Tells the OP that a token is not needed any more (RFC 7009 §2.1). Blocks; never throws for the
   * OP's faults.
   */
  RevocationOutcome revoke(Secret token, TokenTypeHint hint);

  /**
   * Where to send the browser for RP-initiated logout (OpenID Connect RP-Initiated Logout §2).
   *
   * @param idToken for {@code id_token_hint}; absent, or too long for a URL: {@code logout_hint}
   *     with {@code subject} instead
   * @return empty where the OP offers none
   */
  Optional<URI> endSessionRequest(
      Optional<Secret> idToken, String subject, URI postLogoutRedirectUri, String state);

  /** Ends background work. */
  @Override
  void close();
}
