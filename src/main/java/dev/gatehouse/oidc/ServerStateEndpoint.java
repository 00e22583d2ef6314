package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.ClientCredentials;
import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.OpClient;
import dev.gatehouse.backchannel.OpEndpoint;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.backchannel.OpForm;
import dev.gatehouse.backchannel.OpReply;
import dev.gatehouse.seal.Secret;
import java.net.URI;

/** Fetches the value that an OP wants to see again in a login. Safe for concurrent use. */
final class ServerStateEndpoint {
  private static final String NAME = "server_state";
  private static final int MAX_CHARS = 1024;

  private final OpClient client;
  private final ClientCredentials credentials;
  private final URI endpoint;

  ServerStateEndpoint(OpClient client, ClientCredentials credentials, URI endpoint) {
    this.client = client;
    this.credentials = credentials;
    this.endpoint = endpoint;
  }

  /** Fetches a fresh value. */
  ServerState fetch(Deadline deadline) {
    OpForm form = credentials.authenticate(OpForm.empty().with("grant_type", NAME));
    OpReply reply = client.post(OpEndpoint.TOKEN, endpoint, form, deadline);
    if (reply instanceof OpReply.Failed failed) {
      return new ServerState.Missing(failed.failure());
    }
    // It travels through the browser: nothing but what a URL can carry without harm.
    return reply instanceof OpReply.Answered answered && answered.status() == 200
        ? answered
            .body()
            .text(NAME)
            .filter(text -> !text.isEmpty() && text.length() <= MAX_CHARS)
            .filter(text -> text.chars().allMatch(c -> c > 0x20 && c < 0x7f))
            .<ServerState>map(text -> new ServerState.Given(Secret.of(text)))
            .orElseGet(() -> new ServerState.Missing(OpFailure.NONSENSE))
        : new ServerState.Missing(OpFailure.NONSENSE);
  }
}
