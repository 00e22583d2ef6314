package dev.gatehouse.token;

/** The characters of a b64token before its padding (RFC 6750 §2.1), looked up in a table. */
final class TokenChars {
  private static final boolean[] TABLE = table();

  private TokenChars() {}

  /** Whether {@code c} is one of them. */
  static boolean contains(char c) {
    return c < TABLE.length && TABLE[c];
  }

  private static boolean[] table() {
    boolean[] table = new boolean[128];
    for (char c = 0; c < table.length; c++) {
      table[c] =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~+/".indexOf(c) >= 0;
    }
    return table;
  }
}
