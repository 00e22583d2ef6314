package dev.gatehouse.token;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.jose.CompactJws;
import java.util.Map;
import java.util.Optional;

/**
 * Leaves each JWT access token to the judge of the OP that it names as its issuer (RFC 9068 §4).
 * Nothing is believed of the token but whom to ask: that judge knows its own OP's keys alone, or
 * asks its own OP alone, and demands the same issuer of what it has found out. Immutable, safe for
 * concurrent use.
 */
final class JudgeByIssuer implements TokenJudge {
  private static final TokenVerdict NOBODYS = new TokenVerdict.Rejected(BearerError.INVALID_TOKEN);

  private final Map<String, TokenJudge> judges;
  private final Optional<TokenJudge> opaque;

  /**
   * @param judges by issuer identifier
   * @param opaque the judge of tokens that name no issuer; without one they are nobody's
   */
  JudgeByIssuer(Map<String, TokenJudge> judges, Optional<TokenJudge> opaque) {
    this.judges = Map.copyOf(judges);
    this.opaque = opaque;
  }

  @Override
  public Optional<TokenVerdict> atOnce(BearerCredential.Token token) {
    return judge(token).map(judge -> judge.atOnce(token)).orElse(Optional.of(NOBODYS));
  }

  @Override
  public TokenVerdict ask(BearerCredential.Token token, Deadline deadline) {
    return judge(token).map(judge -> judge.ask(token, deadline)).orElse(NOBODYS);
  }

  @Override
  public boolean remembersBad(BearerCredential.Token token) {
    return judge(token).map(judge -> judge.remembersBad(token)).orElse(false);
  }

  // A JWT is for the judge of its issuer or for nobody: no OP sees what another one made.
  private Optional<TokenJudge> judge(BearerCredential.Token token) {
    Optional<CompactJws> jwt = CompactJws.parse(token.value().reveal());
    return jwt.isPresent()
        ? jwt.get().claims().text("iss").map(judges::get)
        : opaque.filter(judge -> !looksEncrypted(token));
  }

  /** A JWE has five parts, and whoever made it is written inside alone (RFC 7516 §7.1). */
  private static boolean looksEncrypted(BearerCredential.Token token) {
    return token.value().reveal().chars().filter(c -> c == '.').count() == 4;
  }
}
