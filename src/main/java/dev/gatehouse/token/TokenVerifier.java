package dev.gatehouse.token;

import dev.gatehouse.seal.Secret;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Judges access tokens for this API: whether the OP made them, for us, and whether they are still
 * good. Scopes are the caller's to judge, request by request (TH-BEAR-14). Safe for concurrent use.
 */
public interface TokenVerifier extends AutoCloseable {

  /**
   * What can be said without asking the OP; never blocks. A token that was good a moment ago is
   * looked up by its hash: no parsing, no signature.
   *
   * @return empty where the OP has to be asked first, by {@link #verify}
   */
  Optional<TokenVerdict> atOnce(BearerCredential.Token token);

  /**
   * Asks the OP; returns at once. The stage completes within the deadline of calls to the OP, with
   * {@link TokenVerdict.Undecided} where it could not be asked, and exceptionally only for a bug.
   * Callers with the same token share one call. What depends on the stage must not block.
   */
  CompletionStage<TokenVerdict> verify(BearerCredential.Token token);

  /** Forgets what is known of {@code accessToken}: it was revoked or its session ended. */
  void forget(Secret accessToken);

  /** Forgets what is known of all tokens of that user. */
  void forgetSubject(String issuer, String subject);

  /** What has come of looking tokens up so far. */
  CacheFigures cacheFigures();

  /**
   * How useful it was to remember tokens.
   *
   * @param hits look-ups that found the token, since the start
   * @param misses look-ups that did not
   * @param size tokens that are remembered now, good and bad; about
   */
  record CacheFigures(long hits, long misses, long size) {}

  /** Ends background work. */
  @Override
  void close();
}
