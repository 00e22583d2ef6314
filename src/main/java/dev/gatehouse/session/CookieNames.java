package dev.gatehouse.session;

import java.util.Locale;

/**
 * The names of the gateway's cookies, and who else uses names like them. With https they carry the
 * {@code __Host-} prefix (RFC 6265bis §4.1.3.2), so that no sibling domain and no http page can set
 * them. Immutable.
 *
 * @param session the session cookie; further chunks of a sealed session append {@code .1}, {@code
 *     .2} and so on
 * @param transactionPrefix followed by the id of one login attempt
 */
public record CookieNames(String session, String transactionPrefix) {
  private static final String HOST_PREFIX = "__Host-";
  private static final String SECURE_PREFIX = "__Secure-";
  private static final String SESSION = "gh_s";
  private static final String TRANSACTION = "gh_t.";

  /** The names for a public URL that is https or not. */
  public static CookieNames of(boolean https) {
    String prefix = https ? HOST_PREFIX : "";
    return new CookieNames(prefix + SESSION, prefix + TRANSACTION);
  }

  /**
   * Whether a cookie of this name is ours or could be taken for ours: in any case, with or without
   * prefix. The app neither sees nor sets such cookies (TH-SES-6, TH-SES-7).
   */
  public static boolean reserved(String name) {
    return reserved(name, 0, name.length());
  }

  /** The same of the name that stands in {@code text} from there to there. Allocates nothing. */
  static boolean reserved(String text, int from, int to) {
    int start = from;
    if (begins(text, from, to, HOST_PREFIX)) {
      start += HOST_PREFIX.length();
    } else if (begins(text, from, to, SECURE_PREFIX)) {
      start += SECURE_PREFIX.length();
    }
    if (!begins(text, start, to, SESSION)) {
      return begins(text, start, to, TRANSACTION);
    }
    int end = start + SESSION.length();
    return end == to || text.charAt(end) == '.' || text.charAt(end) == '_';
  }

  private static boolean begins(String text, int from, int to, String word) {
    return to - from >= word.length() && text.regionMatches(true, from, word, 0, word.length());
  }

  /** Whether {@code name} is the session cookie's but for case, prefix or chunk. */
  public static boolean looksLikeSession(String name) {
    return reserved(name) && !name.toLowerCase(Locale.ROOT).contains(TRANSACTION);
  }
}
