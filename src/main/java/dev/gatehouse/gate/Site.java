package dev.gatehouse.gate;

import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.seal.RandomTokens;
import java.time.Clock;

/**
 * One public URL and what every endpoint below it works with. Immutable, safe for concurrent use.
 */
record Site(
    PublicUrl publicUrl,
    ClientAddress clientAddress,
    Answers answers,
    Audit audit,
    RandomTokens random,
    Clock clock) {

  /** The app's start page, as a path. */
  String home() {
    return publicUrl.basePath() + "/";
  }
}
