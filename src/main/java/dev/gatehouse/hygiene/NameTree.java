package dev.gatehouse.hygiene;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The watched names as one automaton, so that a name is read once however many are watched.
 * Immutable, safe for concurrent use.
 *
 * <p>Two readings run side by side. One takes the name as a whole, with dots, spaces and opening
 * brackets as underscores, which is how PHP reads them, and ends at any of them too. The other
 * takes each part between characters that cannot stand in a name, so that {@code a[jwt]}, {@code
 * a.jwt} and {@code {"jwt":…}} are found.
 */
final class NameTree {
  /** Not watched, however it is read. */
  static final int NONE = -1;

  /** Not watched as it stands; there is something in it that could be read in another way. */
  static final int UNCLEAR = -2;

  private static final int SYMBOLS = 40;
  private static final int UNDERSCORE = 37;
  private static final byte[] SYMBOL = new byte[128];
  private static final int DEAD = 0;
  private static final int ROOT = 1;

  static {
    for (char c = 'a'; c <= 'z'; c++) {
      SYMBOL[c] = (byte) (1 + c - 'a');
      SYMBOL[c - 0x20] = SYMBOL[c];
    }
    for (char c = '0'; c <= '9'; c++) {
      SYMBOL[c] = (byte) (27 + c - '0');
    }
    SYMBOL['_'] = UNDERSCORE;
    SYMBOL['-'] = 38;
    SYMBOL['~'] = 39;
  }

  private final int[] next;

  /** The number of the name that ends in a state; -1 for none. */
  private final int[] ending;

  NameTree(Collection<String> names) {
    List<int[]> states = new ArrayList<>(List.of(new int[SYMBOLS], new int[SYMBOLS]));
    List<Integer> ends = new ArrayList<>(List.of(-1, -1));
    int number = 0;
    for (String name : names) {
      int state = ROOT;
      for (int i = 0; i < name.length(); i++) {
        int[] row = states.get(state);
        // The reading of the whole name takes dots for underscores.
        char c = name.charAt(i);
        int symbol = c == '.' ? UNDERSCORE : symbol(c);
        if (row[symbol] == DEAD) {
          row[symbol] = states.size();
          states.add(new int[SYMBOLS]);
          ends.add(-1);
        }
        state = row[symbol];
      }
      ends.set(state, number++);
    }
    next = new int[states.size() * SYMBOLS];
    for (int i = 0; i < states.size(); i++) {
      System.arraycopy(states.get(i), 0, next, i * SYMBOLS, SYMBOLS);
    }
    ending = ends.stream().mapToInt(Integer::intValue).toArray();
  }

  /** What a character means in a name, case folded; 0 where it cannot stand in one. */
  static int symbol(int c) {
    return c < 128 ? SYMBOL[c] : 0;
  }

  /** The number of the watched name that the range is; negative for none. Allocates nothing. */
  int find(String text, int from, int to) {
    int state = ROOT;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      int symbol = c < 128 ? SYMBOL[c] : 0;
      if (symbol == 0) {
        int found = findOdd(text, from, to);
        return found >= 0 ? found : UNCLEAR;
      }
      state = next[state * SYMBOLS + symbol];
    }
    return ending[state];
  }

  /** As {@link #find}, where something stands in the name that cannot. */
  private int findOdd(String text, int from, int to) {
    int whole = ROOT;
    int part = ROOT;
    int spaces = 0;
    boolean empty = true;
    int at = from;
    while (at < to) {
      int c = CodePoints.folded(text, at, to);
      at += CodePoints.length(text, at, to);
      if (CodePoints.isIgnorable(c)) {
        // A name ends at NUL for whoever was written in C.
        int found = c == 0 ? ended(whole, part) : -1;
        if (found >= 0) {
          return found;
        }
        continue;
      }
      if (c == ' ' || c == '+') {
        spaces += empty ? 0 : 1;
        continue;
      }
      int symbol = symbol(c);
      if (symbol != 0 || c >= 128) {
        for (; spaces > 0; spaces--) {
          whole = next[whole * SYMBOLS + UNDERSCORE];
          part = next[part * SYMBOLS + UNDERSCORE];
        }
        whole = symbol == 0 ? DEAD : next[whole * SYMBOLS + symbol];
        part = symbol == 0 ? DEAD : next[part * SYMBOLS + symbol];
        empty = false;
        continue;
      }
      int found = ended(whole, part);
      if (found >= 0) {
        return found;
      }
      whole = c == '.' || c == '[' ? next[whole * SYMBOLS + UNDERSCORE] : DEAD;
      part = ROOT;
      spaces = 0;
      empty = true;
    }
    return ended(whole, part);
  }

  private int ended(int whole, int part) {
    return ending[part] >= 0 ? ending[part] : ending[whole];
  }
}
