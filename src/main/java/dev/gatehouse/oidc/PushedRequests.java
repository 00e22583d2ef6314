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
import dev.gatehouse.seal.Secret;
import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands authentication requests to the OP directly, past the browser (RFC 9126 §2). Each is sent
 * once. Safe for concurrent use.
 */
final class PushedRequests {
  private static final Logger LOG = LoggerFactory.getLogger(PushedRequests.class);

  /** Longer references than this would not be short-cuts any more. */
  private static final int MAX_REFERENCE_CHARS = 1024;

  /** What must not get into a log though the OP says it back (TH-SEC-6). */
  private static final Set<String> SECRETS =
      Set.of(
          "state",
          "nonce",
          "code_challenge",
          "server_state",
          "login_hint",
          "request",
          "client_assertion");

  private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(24 * 60 * 60);

  private final OpClient client;
  private final ClientCredentials credentials;

  PushedRequests(OpClient client, ClientCredentials credentials) {
    this.client = client;
    this.credentials = credentials;
  }

  /** What the OP said to a pushed request. */
  sealed interface Answer {
    /**
     * It keeps the request.
     *
     * @param reference the {@code request_uri}
     */
    record Kept(String reference) implements Answer {
      /** Without the reference, which stands for the request. */
      @Override
      public String toString() {
        return "Kept";
      }
    }

    /** It does not, or its answer makes no sense. */
    record Failed() implements Answer {}

    /** It was not asked for lack of room here. */
    record Undecided(OpFailure failure) implements Answer {}
  }

  /**
   * Pushes {@code request}, whose parameters have the {@code client_id} among them (RFC 9126 §2.1).
   */
  Answer push(URI endpoint, OpForm request, Deadline deadline) {
    OpForm sent = credentials.authenticate(request);
    OpReply reply = client.post(OpEndpoint.PUSHED_REQUEST, endpoint, sent, deadline);
    if (reply instanceof OpReply.Answered answered) {
      return judge(answered, sent);
    }
    return reply instanceof OpReply.Failed failed && failed.failure() == OpFailure.OVERLOADED
        ? new Answer.Undecided(failed.failure())
        : new Answer.Failed();
  }

  private Answer judge(OpReply.Answered answered, OpForm sent) {
    JsonObject body = answered.body();
    // RFC 9126 §2.2 says 201; what counts is that it is a success with all that belongs to one.
    boolean success = answered.status() == 201 || answered.status() == 200;
    Optional<String> reference = reference(body);
    if (success && reference.isPresent()) {
      return new Answer.Kept(reference.get());
    }
    List<Secret> secrets = new ArrayList<>(sent.values(SECRETS));
    credentials.secret().ifPresent(secrets::add);
    Secret[] unsaid = secrets.toArray(new Secret[0]);
    LOG.error(
        "the OP did not keep a pushed request: status {}, error {}, {}",
        answered.status(),
        LogText.clean(body.text("error").orElse("none"), unsaid),
        LogText.clean(body.text("error_description").orElse("no description"), unsaid));
    return new Answer.Failed();
  }

  /** The reference in an answer that has all that belongs to a success. */
  static Optional<String> reference(JsonObject body) {
    return body.text("request_uri")
        .filter(PushedRequests::isReference)
        .filter(reference -> !body.has("error") && lasts(body.get("expires_in")));
  }

  // RFC 9126 §2.2 leaves its form to the OP; RFC 3986 knows visible ASCII alone.
  private static boolean isReference(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_REFERENCE_CHARS
        && text.chars().allMatch(c -> c > 0x20 && c < 0x7f)
        && text.indexOf('#') < 0;
  }

  // RFC 9126 §2.2: a positive integer.
  private static boolean lasts(Object expiresIn) {
    if (!(expiresIn instanceof Number number)) {
      return false;
    }
    BigDecimal seconds = new BigDecimal(number.toString());
    return seconds.signum() > 0
        && seconds.compareTo(LONGEST_SECONDS) <= 0
        && seconds.stripTrailingZeros().scale() <= 0;
  }
}
