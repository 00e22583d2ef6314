package dev.gatehouse.gate;

import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.seal.RandomTokens;
import java.time.Clock;
import java.util.Optional;

/**
 * One public URL and what every endpoint below it works with. Immutable, safe for concurrent use.
 *
 * @param provider the name of the only OP whose users this host is for; empty: of all
 */
record Site(
    PublicUrl publicUrl,
    Optional<String> provider,
    RedirectUris redirectUris,
    ClientAddress clientAddress,
    Answers answers,
    Audit audit,
    Measurements measurements,
    RandomTokens random,
    Clock clock) {

  /** The app's start page, as a path. */
  String home() {
    return publicUrl.basePath() + "/";
  }
}
