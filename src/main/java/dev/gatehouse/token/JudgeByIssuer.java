package dev.gatehouse.token;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.jose.CompactJws;
import java.util.Map;
import java.util.Optional;

/**
 * Leaves each JWT access token to the judge of the OP that it names as its issuer (RFC 9068 §4).
 * Nothing is believed of the token but whom to ask: that judge knows its own OP's keys alone, and
 * demands the same issuer of what it has verified. Immutable, safe for concurrent use.
 */
final class JudgeByIssuer implements TokenJudge {
  private static final TokenVerdict NOBODYS = new TokenVerdict.Rejected(BearerError.INVALID_TOKEN);

  private final Map<String, TokenJudge> judges;

  /**
   * @param judges by issuer identifier
   */
  JudgeByIssuer(Map<String, TokenJudge> judges) {
    this.judges = Map.copyOf(judges);
  }

  @Override
  public Optional<TokenVerdict> atOnce(BearerCredential.Token token) {
    return judge(token).map(judge -> judge.atOnce(token)).orElse(Optional.of(NOBODYS));
  }

  @Override
  public TokenVerdict ask(BearerCredential.Token token, Deadline deadline) {
    return judge(token).map(judge -> judge.ask(token, deadline)).orElse(NOBODYS);
  }

  // Judging it again costs no call.
  @Override
  public boolean remembersBadTokens() {
    return false;
  }

  private Optional<TokenJudge> judge(BearerCredential.Token token) {
    return CompactJws.parse(token.value().reveal())
        .flatMap(unverified -> unverified.claims().text("iss"))
        .map(judges::get);
  }
}
