package dev.gatehouse.token;

import dev.gatehouse.seal.Secret;
import java.util.List;
import java.util.Objects;

/**
 * What the Authorization field of a request says of an access token (RFC 6750 §2.1, RFC 9449 §7.1).
 * A token in any other place is no credential (TH-LEAK-1).
 */
public sealed interface BearerCredential {
  /** Longer field values are not looked at. */
  int MAX_CHARS = 8 * 1024;

  /** How a token is presented. */
  enum Scheme {
    /** Whoever has the token may use it. */
    BEARER("Bearer"),
    /** With a proof that its bearer holds the key which it is bound to. */
    DPOP("DPoP");

    private final String spelling;

    Scheme(String spelling) {
      this.spelling = spelling;
    }

    /** The {@code auth-scheme} (RFC 9110 §11.1). */
    public String spelling() {
      return spelling;
    }

    // RFC 9110 §11.1: in any case. The scheme alone, or with anything but a letter or digit after
    // it, is a credential gone wrong, not one of another scheme.
    private boolean begins(String field) {
      int length = spelling.length();
      return field.regionMatches(true, 0, spelling, 0, length)
          && (field.length() == length || !Character.isLetterOrDigit(field.charAt(length)));
    }
  }

  /** No field, or one of another scheme: the challenge names no error (RFC 6750 §3.1). */
  record Absent() implements BearerCredential {}

  /** Two fields, or one that breaks the grammar: 400. */
  record Malformed() implements BearerCredential {}

  /**
   * One token of the right form; whether it is good has not been judged. Known by its hash, which
   * is all that two of them are compared by.
   */
  final class Token implements BearerCredential {
    private final Scheme scheme;
    private final String field;
    private final int start;
    private final TokenHash hash;

    private Token(Scheme scheme, String field, int start) {
      this.scheme = scheme;
      this.field = field;
      this.start = start;
      this.hash = TokenHash.of(field, start);
    }

    /** That token, presented by {@link Scheme#BEARER}. */
    public static Token of(Secret value) {
      return of(Scheme.BEARER, value);
    }

    /** That token. */
    public static Token of(Scheme scheme, Secret value) {
      return new Token(scheme, value.reveal(), 0);
    }

    /** The token itself: a copy, made when it is asked for. */
    public Secret value() {
      return Secret.of(field.substring(start));
    }

    /** What it is known by. */
    public TokenHash hash() {
      return hash;
    }

    /** How it was presented. */
    public Scheme scheme() {
      return scheme;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Token that && scheme == that.scheme && hash.equals(that.hash);
    }

    @Override
    public int hashCode() {
      return Objects.hash(scheme, hash);
    }

    /** Without the token (TH-SEC-6). */
    @Override
    public String toString() {
      return scheme.spelling() + " " + hash;
    }
  }

  /** Reads the values of all Authorization fields of a request. */
  static BearerCredential read(List<String> fields) {
    if (fields.isEmpty()) {
      return new Absent();
    }
    if (fields.size() > 1) {
      return new Malformed();
    }
    String field = fields.get(0);
    if (Scheme.BEARER.begins(field)) {
      return read(Scheme.BEARER, field);
    }
    return Scheme.DPOP.begins(field) ? read(Scheme.DPOP, field) : new Absent();
  }

  private static BearerCredential read(Scheme scheme, String field) {
    int start = scheme.spelling().length();
    while (start < field.length() && field.charAt(start) == ' ') {
      start++;
    }
    boolean separated = start > scheme.spelling().length();
    return separated && field.length() <= MAX_CHARS && isToken(field, start)
        ? new Token(scheme, field, start)
        : new Malformed();
  }

  // RFC 6750 §2.1: b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
  private static boolean isToken(String field, int start) {
    int end = field.length();
    while (end > start && field.charAt(end - 1) == '=') {
      end--;
    }
    for (int i = start; i < end; i++) {
      if (!TokenChars.contains(field.charAt(i))) {
        return false;
      }
    }
    return end > start;
  }
}
