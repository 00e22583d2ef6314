package dev.gatehouse.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The gateway's own cookies of one request. Everything else in the Cookie field is passed over
 * cheaply (TH-DOS-9). Pairs end at each semicolon, quoted or not (RFC 6265bis §5.8.3 sends no
 * quoting).
 *
 * @param sessionChunks values of the session cookie and its chunks by index; empty where there is
 *     none or where they are ambiguous
 * @param ambiguous two cookies claim to be the session, or one looks like it (TH-SES-7)
 * @param transactions sealed login transactions by id
 */
public record CookieJar(
    List<String> sessionChunks, boolean ambiguous, Map<String, String> transactions) {
  private static final int MAX_CHUNKS = 8;
  private static final int MAX_TRANSACTIONS = 64;

  /** No cookies. */
  public static final CookieJar NONE = new CookieJar(List.of(), false, Map.of());

  /** Reads the gateway's cookies from all Cookie field lines of a request. */
  public static CookieJar read(CookieNames names, List<String> cookieFields) {
    if (cookieFields.isEmpty()) {
      return NONE;
    }
    Reader reader = new Reader(names);
    for (String field : cookieFields) {
      forEachPair(field, reader::take);
    }
    return reader.jar();
  }

  /**
   * The Cookie value without the gateway's cookies, all others as they came.
   *
   * @return {@code field} itself where nothing is removed; null where nothing is left
   */
  public static String withoutOwn(String field) {
    if (!mayHoldOwn(field)) {
      return field;
    }
    StringBuilder rest = new StringBuilder(field.length());
    boolean[] removed = new boolean[1];
    forEachPair(
        field,
        (name, value) -> {
          if (CookieNames.reserved(name)) {
            removed[0] = true;
          } else if (!name.isEmpty() || !value.isEmpty()) {
            rest.append(rest.isEmpty() ? "" : "; ").append(name);
            if (value != null) {
              rest.append('=').append(value);
            }
          }
        });
    if (!removed[0]) {
      return field;
    }
    return rest.isEmpty() ? null : rest.toString();
  }

  private static boolean mayHoldOwn(String field) {
    for (int at = field.indexOf('_'); at >= 0; at = field.indexOf('_', at + 1)) {
      if (at >= 2 && field.regionMatches(true, at - 2, "gh_", 0, 3)) {
        return true;
      }
    }
    return false;
  }

  /** How many and no more: the values are secrets. */
  @Override
  public String toString() {
    return "CookieJar[" + sessionChunks.size() + " chunks, " + transactions.size() + " attempts]";
  }

  private interface PairConsumer {
    /**
     * @param value null where there is no equals sign
     */
    void accept(String name, String value);
  }

  private static void forEachPair(String field, PairConsumer consumer) {
    int start = 0;
    while (start <= field.length()) {
      int end = field.indexOf(';', start);
      if (end < 0) {
        end = field.length();
      }
      String pair = trimmed(field, start, end);
      int equals = pair.indexOf('=');
      if (equals < 0) {
        // A pair without "=" is a nameless cookie; what it holds may still be read as a name.
        if (!pair.isEmpty()) {
          consumer.accept(pair, null);
        }
      } else {
        consumer.accept(trimmed(pair, 0, equals), trimmed(pair, equals + 1, pair.length()));
      }
      start = end + 1;
    }
  }

  /**
   * Without spaces and tabs at either end (RFC 6265bis §5.6), and nothing else: a sibling domain
   * can set a cookie whose name is ours behind a space that only Unicode knows, for browsers see no
   * prefix there.
   */
  private static String trimmed(String text, int from, int to) {
    int start = from;
    int end = to;
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static final class Reader {
    private final CookieNames names;
    private final String[] chunks = new String[MAX_CHUNKS];
    private final Map<String, String> transactions = new LinkedHashMap<>();
    private boolean ambiguous;

    Reader(CookieNames names) {
      this.names = names;
    }

    void take(String name, String value) {
      if (!CookieNames.reserved(name)) {
        return;
      }
      if (name.startsWith(names.transactionPrefix())) {
        if (transactions.size() < MAX_TRANSACTIONS && value != null) {
          transactions.put(name.substring(names.transactionPrefix().length()), value);
        }
      } else if (CookieNames.looksLikeSession(name)) {
        int index = chunkIndex(name);
        if (index < 0 || value == null || chunks[index] != null) {
          ambiguous = true;
        } else {
          chunks[index] = value;
        }
      }
    }

    private int chunkIndex(String name) {
      if (name.equals(names.session())) {
        return 0;
      }
      String prefix = names.session() + ".";
      if (name.length() == prefix.length() + 1 && name.startsWith(prefix)) {
        int index = name.charAt(prefix.length()) - '0';
        return index >= 1 && index < MAX_CHUNKS ? index : -1;
      }
      return -1;
    }

    CookieJar jar() {
      List<String> present = new ArrayList<>();
      boolean gap = false;
      for (String chunk : chunks) {
        if (chunk == null) {
          gap = true;
        } else if (gap) {
          ambiguous = true;
        } else {
          present.add(chunk);
        }
      }
      return new CookieJar(
          ambiguous ? List.of() : List.copyOf(present), ambiguous, Map.copyOf(transactions));
    }
  }
}
