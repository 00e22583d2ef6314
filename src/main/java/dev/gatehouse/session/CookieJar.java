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
      if (mayHoldOwn(field)) {
        forEachPair(field, reader);
      }
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
    Remainder rest = new Remainder(field.length());
    forEachPair(field, rest);
    return rest.of(field);
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

  /** Is given each pair as places in the field, so that what concerns nobody is never copied. */
  private interface PairConsumer {
    /**
     * @param value where the value begins; -1 where there is no equals sign
     */
    void accept(String field, int name, int nameEnd, int value, int valueEnd);
  }

  private static void forEachPair(String field, PairConsumer consumer) {
    int start = 0;
    while (start <= field.length()) {
      int semicolon = field.indexOf(';', start);
      int end = semicolon < 0 ? field.length() : semicolon;
      int from = afterBlanks(field, start, end);
      int to = beforeBlanks(field, from, end);
      int equals = field.indexOf('=', from);
      if (equals < 0 || equals >= to) {
        // A pair without "=" is a nameless cookie; what it holds may still be read as a name.
        if (from < to) {
          consumer.accept(field, from, to, -1, -1);
        }
      } else {
        int value = afterBlanks(field, equals + 1, to);
        consumer.accept(field, from, beforeBlanks(field, from, equals), value, to);
      }
      start = end + 1;
    }
  }

  /**
   * The place behind spaces and tabs (RFC 6265bis §5.6), and nothing else: a sibling domain can set
   * a cookie whose name is ours behind a space that only Unicode knows, for browsers see no prefix
   * there.
   */
  private static int afterBlanks(String text, int from, int to) {
    int start = from;
    while (start < to && isBlank(text.charAt(start))) {
      start++;
    }
    return start;
  }

  private static int beforeBlanks(String text, int from, int to) {
    int end = to;
    while (end > from && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** Keeps the pairs that are not the gateway's, as they came. */
  private static final class Remainder implements PairConsumer {
    private final StringBuilder rest;
    private boolean removed;

    Remainder(int length) {
      this.rest = new StringBuilder(length);
    }

    @Override
    public void accept(String field, int name, int nameEnd, int value, int valueEnd) {
      if (CookieNames.reserved(field, name, nameEnd)) {
        removed = true;
      } else if (name < nameEnd || value < valueEnd) {
        rest.append(rest.isEmpty() ? "" : "; ").append(field, name, nameEnd);
        if (value >= 0) {
          rest.append('=').append(field, value, valueEnd);
        }
      }
    }

    String of(String field) {
      if (!removed) {
        return field;
      }
      return rest.isEmpty() ? null : rest.toString();
    }
  }

  private static final class Reader implements PairConsumer {
    private final CookieNames names;
    private final Map<String, String> transactions = new LinkedHashMap<>();
    private String first;
    private String[] chunks;
    private boolean ambiguous;

    Reader(CookieNames names) {
      this.names = names;
    }

    @Override
    public void accept(String field, int name, int nameEnd, int value, int valueEnd) {
      if (CookieNames.reserved(field, name, nameEnd)) {
        take(field.substring(name, nameEnd), value < 0 ? null : field.substring(value, valueEnd));
      }
    }

    private void take(String name, String value) {
      if (name.startsWith(names.transactionPrefix())) {
        if (transactions.size() < MAX_TRANSACTIONS && value != null) {
          transactions.put(name.substring(names.transactionPrefix().length()), value);
        }
      } else if (name.equals(names.session()) || CookieNames.looksLikeSession(name)) {
        int index = chunkIndex(name);
        if (index < 0 || value == null || chunk(index) != null) {
          ambiguous = true;
        } else {
          keep(index, value);
        }
      }
    }

    private String chunk(int index) {
      return index == 0 ? first : chunks == null ? null : chunks[index];
    }

    private void keep(int index, String value) {
      if (index == 0) {
        first = value;
      } else {
        if (chunks == null) {
          chunks = new String[MAX_CHUNKS];
        }
        chunks[index] = value;
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
      List<String> present = chunks == null ? onlyFirst() : inOrder();
      return new CookieJar(
          ambiguous ? List.of() : present,
          ambiguous,
          transactions.isEmpty() ? Map.of() : Map.copyOf(transactions));
    }

    private List<String> onlyFirst() {
      return first == null ? List.of() : List.of(first);
    }

    private List<String> inOrder() {
      List<String> present = new ArrayList<>();
      boolean gap = false;
      for (int i = 0; i < MAX_CHUNKS; i++) {
        if (chunk(i) == null) {
          gap = true;
        } else if (gap) {
          ambiguous = true;
        } else {
          present.add(chunk(i));
        }
      }
      return List.copyOf(present);
    }
  }
}
