package dev.gatehouse.testkit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every secret value that a test has seen or made: none of them may show up in a log, and no token
 * in an answer to a browser (TH-SEC-6, TH-TOK-11).
 */
public final class KnownSecrets {
  /** Shorter values would be found by chance. */
  private static final int SHORTEST = 16;

  private static final Set<String> NEVER_LOGGED = ConcurrentHashMap.newKeySet();
  private static final Set<String> NEVER_ANSWERED = ConcurrentHashMap.newKeySet();

  private KnownSecrets() {}

  /** A token, a client secret, a code verifier: not for a log and not for a browser. */
  public static String token(String value) {
    if (value != null && value.length() >= SHORTEST) {
      NEVER_ANSWERED.add(value);
    }
    return browserSecret(value);
  }

  /** A state, a nonce, a code, a cookie: the browser carries it, but it is not for a log. */
  public static String browserSecret(String value) {
    if (value != null && value.length() >= SHORTEST) {
      NEVER_LOGGED.add(value);
    }
    return value;
  }

  static Set<String> neverLogged() {
    return NEVER_LOGGED;
  }

  static Set<String> neverAnswered() {
    return NEVER_ANSWERED;
  }

  /** Begins a new test: what lives longer than one is kept. */
  static void forget() {
    NEVER_LOGGED.clear();
    NEVER_ANSWERED.clear();
    token(StubOp.CLIENT_SECRET);
  }
}
