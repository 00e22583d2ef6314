package dev.gatehouse.hygiene;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds what looks like a token in text that passes in pieces: JSON, HTML, scripts, XML. A value
 * behind a watched name, with {@code :} or {@code =} between them; anything of the form of a JWS;
 * secrets of the browser itself. A guess, good for a report and for nothing else. Keeps one word.
 * Used by one thread at a time.
 */
public final class TextScanner {
  private static final int MAX_WORD = 4096;
  private static final int MAX_GAP = 24;
  private static final int SHORTEST_TOKEN = 16;
  private static final int MOST_HITS = 16;

  /** What may stand between a name and its value: quotation marks in HTML, an attribute. */
  private static final List<String> GAP_WORDS = List.of("quot", "value", "content", "34");

  private static final boolean[] WORD = new boolean[128];

  static {
    for (char c = 0; c < WORD.length; c++) {
      WORD[c] =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || "-_.~%+/".indexOf(c) >= 0;
    }
  }

  private final WatchedNames names;
  private final List<String> own;
  private final Consumer<BodyHit> found;
  private byte[] word = new byte[128];
  private int length;
  private WatchedNames.Match name;
  private boolean assigned;
  private int gap;
  private int hits;

  /**
   * A scanner at the beginning of a text in a character set that keeps ASCII.
   *
   * @param own secrets of the browser that gets the text
   */
  public TextScanner(WatchedNames names, List<String> own, Consumer<BodyHit> found) {
    this.names = names;
    this.own = List.copyOf(own);
    this.found = found;
  }

  /** Looks at the next piece; leaves its position and limit alone. */
  public void scan(ByteBuffer piece) {
    if (hits >= MOST_HITS) {
      return;
    }
    for (int i = piece.position(); i < piece.limit(); i++) {
      byte b = piece.get(i);
      if (b >= 0 && WORD[b]) {
        if (length < MAX_WORD) {
          put(b);
        }
      } else {
        endWord((char) (b & 0xff));
      }
    }
  }

  private void put(byte b) {
    if (length == word.length) {
      word = java.util.Arrays.copyOf(word, 4 * length);
    }
    word[length++] = b;
  }

  /** There is no more. */
  public void end() {
    endWord(' ');
  }

  private void endWord(char next) {
    if (length > 0) {
      judge(next);
      length = 0;
    }
    if (name != null) {
      assigned |= next == ':' || next == '=';
      if (++gap > MAX_GAP) {
        name = null;
      }
    }
  }

  private void judge(char next) {
    boolean mayName =
        next == '"'
            || next == '='
            || next == '\''
            || next == ':'
            || next == '\\'
            || next == '&'
            || next == ' '
            || next == '<'
            || next == '>';
    boolean mayBeToken = length >= SHORTEST_TOKEN;
    if (!mayName && !mayBeToken && name == null) {
      return;
    }
    String text = new String(word, 0, length, ISO_8859_1);
    if (mayBeToken && tell(text)) {
      name = null;
      return;
    }
    if (name != null && GAP_WORDS.contains(text)) {
      return;
    }
    name = mayName ? names.match(text, 0, length).orElse(null) : null;
    assigned = false;
    gap = 0;
  }

  private boolean tell(String text) {
    if (name != null && assigned && isRandom(text)) {
      return hit(name.name(), text, name.secondDecoding());
    }
    if (TokenValues.jwtIn(text, 0, text.length()) >= 0) {
      return hit(TokenScanner.JWT_VALUE, text, false);
    }
    return TokenValues.isOneOf(own, text, 0, text.length())
        && hit(TokenScanner.OWN_VALUE, text, false);
  }

  private boolean hit(String hitName, String value, boolean secondDecoding) {
    if (hits++ < MOST_HITS) {
      found.accept(new BodyHit(hitName, value, secondDecoding));
    }
    return true;
  }

  /** No word of a language, and no number: a token has both letters and digits. */
  private static boolean isRandom(String text) {
    return text.chars().anyMatch(c -> c >= '0' && c <= '9')
        && text.chars().anyMatch(c -> c >= 'A' && c <= 'z');
  }
}
