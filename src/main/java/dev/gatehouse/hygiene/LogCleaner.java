package dev.gatehouse.hygiene;

import java.util.List;
import java.util.Objects;

/**
 * Makes URLs and free text fit for a log: what is or could be a token, a code or another secret
 * becomes {@value #MASK} (TH-LEAK-14). In doubt it masks: a log has many readers. Immutable, safe
 * for concurrent use.
 */
public final class LogCleaner {
  /** What stands in place of a value. */
  public static final String MASK = "***";

  /** Names whose values are nobody's business either, though they may stand in a URL. */
  private static final List<String> PRIVATE_NAMES =
      List.of(
          "code",
          "state",
          "nonce",
          "id_token_hint",
          "login_hint",
          "logout_hint",
          "session_state",
          "code_challenge",
          "request",
          "response",
          "token",
          "key",
          "api_key",
          "apikey",
          "secret",
          "password",
          "passwd",
          "pwd",
          "sig",
          "signature",
          "samlresponse",
          "samlrequest",
          "relaystate",
          "ticket",
          "otp",
          "pin",
          "session",
          "sessionid",
          "sid");

  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_PLAIN_VALUE = 31;

  private final WatchedNames watched;
  private final NameTree privateNames = new NameTree(PRIVATE_NAMES);

  /** A cleaner that masks the values of these names, and of some more. */
  public LogCleaner(WatchedNames watched) {
    this.watched = Objects.requireNonNull(watched, "watched");
  }

  /**
   * A query with values masked that are watched, named as secrets usually are, long enough to be
   * one, or not plain to read.
   *
   * @param query as it came, without the question mark
   */
  public String query(String query) {
    StringBuilder clean = new StringBuilder(query.length());
    int from = 0;
    while (from <= query.length()) {
      int to = from;
      while (to < query.length() && !TokenScanner.isSeparator(query.charAt(to))) {
        to++;
      }
      parameter(query, from, to, clean);
      if (to < query.length()) {
        clean.append(query.charAt(to));
      }
      from = to + 1;
    }
    return clean.toString();
  }

  private void parameter(String query, int from, int to, StringBuilder clean) {
    int equals = Escapes.indexOf(query, '=', from, to);
    int nameTo = equals < 0 ? to : equals;
    if (nameTo == to) {
      clean.append(isPlain(query, from, to) ? query.substring(from, to) : MASK);
      return;
    }
    boolean shown = nameTo - from <= LONGEST_NAME && isPlain(query, from, nameTo);
    clean.append(shown ? query.substring(from, nameTo) : MASK).append('=');
    boolean secret = !shown || isPrivate(query, from, nameTo) || !isPlain(query, equals + 1, to);
    clean.append(secret ? MASK : query.substring(equals + 1, to));
  }

  private boolean isPrivate(String query, int from, int to) {
    return watched.match(query, from, to).isPresent() || privateNames.find(query, from, to) >= 0;
  }

  /** Short, and nothing in it that could be a parameter of its own when decoded. */
  private static boolean isPlain(String text, int from, int to) {
    if (to - from > LONGEST_PLAIN_VALUE || TokenValues.jwtIn(text, from, to) >= 0) {
      return false;
    }
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '=' || c < 0x21 || c > 0x7e) {
        return false;
      }
      if (c == '%' && !isPlainEscape(text, i, to)) {
        return false;
      }
    }
    return true;
  }

  /** Not of a percent sign, which could hide all else, and not of an equals sign. */
  private static boolean isPlainEscape(String text, int at, int to) {
    String decoded = Escapes.decode(text, at, Math.min(at + 3, to));
    return decoded.length() == 1 && decoded.charAt(0) != '%' && decoded.charAt(0) != '=';
  }

  /**
   * A path without its parameters, and without what looks like a token in it.
   *
   * @param path raw or decoded
   */
  public String path(String path) {
    int end = path.indexOf(';');
    String plain = end < 0 ? path : path.substring(0, end);
    String once = Escapes.decode(plain, 0, plain.length());
    String twice = Escapes.decode(once, 0, once.length());
    if (holdsToken(plain) || holdsToken(once) || holdsToken(twice)) {
      return upToSuspect(plain) + MASK;
    }
    return plain;
  }

  private boolean holdsToken(String path) {
    return !PathTokens.find(path, 0, path.length(), watched, true).hits().isEmpty();
  }

  private static String upToSuspect(String path) {
    int end = path.length();
    for (String mark : List.of("%", "=", "eyJ", "&", "?")) {
      int at = path.indexOf(mark);
      end = at >= 0 && at < end ? at : end;
    }
    return path.substring(0, path.lastIndexOf('/', end) + 1);
  }

  /**
   * Free text, such as the message of an exception, without the queries of URLs, without JWTs and
   * without what follows a watched name or an authentication scheme.
   */
  public String text(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    int from = 0;
    while (from < text.length()) {
      int to = from;
      while (to < text.length() && !Character.isWhitespace(text.charAt(to))) {
        to++;
      }
      String word = text.substring(from, to);
      clean.append(afterScheme(clean) ? MASK : word(word));
      if (to < text.length()) {
        clean.append(text.charAt(to));
      }
      from = to + 1;
    }
    return clean.toString();
  }

  private static boolean afterScheme(StringBuilder clean) {
    return endsWith(clean, "Bearer ") || endsWith(clean, "DPoP ") || endsWith(clean, "Basic ");
  }

  private static boolean endsWith(StringBuilder text, String ending) {
    int from = text.length() - ending.length();
    return from >= 0 && text.substring(from).equalsIgnoreCase(ending);
  }

  private String word(String word) {
    int mark = word.indexOf('?');
    if (mark >= 0 && mark + 1 < word.length()) {
      return word(word.substring(0, mark)) + "?" + MASK;
    }
    int jwt = TokenValues.jwtIn(word, 0, word.length());
    if (jwt >= 0) {
      return word.substring(0, jwt) + MASK;
    }
    boolean escapes = word.indexOf('%') >= 0;
    for (int at = nextAssignment(word, 0); at >= 0; at = nextAssignment(word, at + 1)) {
      boolean encoded = escapes && word.charAt(at) == '=';
      if (encoded || watched.match(word, nameBegin(word, at), at).isPresent()) {
        return encoded ? MASK : word.substring(0, at + 1) + MASK;
      }
    }
    return word;
  }

  /** Looks no further back than the name reaches, so that the whole stays linear. */
  private static int nameBegin(String word, int end) {
    int to = end > 0 && word.charAt(end - 1) == '"' ? end - 1 : end;
    int at = to;
    while (at > 0 && NameTree.symbol(word.charAt(at - 1)) != 0) {
      at--;
    }
    return at;
  }

  private static int nextAssignment(String word, int from) {
    for (int i = from; i < word.length(); i++) {
      if (word.charAt(i) == '=' || word.charAt(i) == ':') {
        return i;
      }
    }
    return -1;
  }
}
