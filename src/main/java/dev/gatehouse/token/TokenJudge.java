package dev.gatehouse.token;

import dev.gatehouse.backchannel.Deadline;
import java.util.Optional;

/** One way to find out about an access token; {@link CachingVerifier} remembers what came of it. */
interface TokenJudge {

  /** What can be said without asking the OP; never blocks; empty where it has to be asked. */
  Optional<TokenVerdict> atOnce(BearerCredential.Token token);

  /** Asks the OP. Blocks, at most until {@code deadline}; never throws for the OP's faults. */
  TokenVerdict ask(BearerCredential.Token token, Deadline deadline);

  /** Whether {@code token}, where the OP was asked about it and called it bad, is remembered. */
  boolean remembersBad(BearerCredential.Token token);
}
