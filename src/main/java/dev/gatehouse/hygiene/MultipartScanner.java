package dev.gatehouse.hygiene;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks for tokens in the parts of a multipart body piece by piece (RFC 2046 §5.1, TH-LEAK-3): in
 * the names of fields and, where values count, in the values of those that are no files. The
 * content of a file is neither. More forgiving than any server: it takes a delimiter anywhere in a
 * line, and goes on behind the last one.
 */
public final class MultipartScanner implements BodyScanner {
  private static final int MAX_HEAD = 16 * 1024;
  private static final int MAX_PADDING = 256;

  private enum State {
    CONTENT,
    DELIMITER_LINE,
    HEAD
  }

  private final TokenScanner scanner;
  private final List<String> own;
  private final boolean form;
  private final Consumer<BodyHit> found;
  private final byte[] delimiter;
  private final int[] fallback;
  private final ByteArrayOutputStream head = new ByteArrayOutputStream(128);
  private final ByteArrayOutputStream value = new ByteArrayOutputStream(64);
  private State state = State.CONTENT;
  private int matched;
  private int lineLength;
  private int dashes;
  private boolean lineEmpty;
  private boolean collecting;
  private WatchedNames.Match name;
  private String doubt;

  /**
   * A scanner at the beginning of a body.
   *
   * @param type says the boundary; without one everything is in doubt and nothing is found
   * @param own secrets that count under any name
   */
  public MultipartScanner(
      BodyType type, TokenScanner scanner, List<String> own, Consumer<BodyHit> found) {
    this.scanner = scanner;
    this.own = List.copyOf(own);
    this.form = type.kind() == BodyType.Kind.MULTIPART_FORM;
    this.found = found;
    this.delimiter = ("--" + type.boundary()).getBytes(ISO_8859_1);
    this.fallback = fallbacks(delimiter);
    this.doubt = type.boundary().isEmpty() ? "boundary" : null;
  }

  /** How much of the delimiter still matches where it fails (Knuth, Morris and Pratt). */
  private static int[] fallbacks(byte[] pattern) {
    int[] fallbacks = new int[pattern.length];
    int k = 0;
    for (int i = 1; i < pattern.length; i++) {
      while (k > 0 && pattern[k] != pattern[i]) {
        k = fallbacks[k - 1];
      }
      k += pattern[k] == pattern[i] ? 1 : 0;
      fallbacks[i] = k;
    }
    return fallbacks;
  }

  @Override
  public void scan(ByteBuffer piece) {
    if (delimiter.length == 2) {
      return;
    }
    int at = piece.position();
    int end = piece.limit();
    while (at < end) {
      if (state == State.CONTENT && matched == 0 && !collecting) {
        while (at < end && piece.get(at) != '-') {
          at++;
        }
        if (at == end) {
          return;
        }
      }
      next(piece.get(at++));
    }
  }

  private void next(byte b) {
    switch (state) {
      case CONTENT -> content(b);
      case DELIMITER_LINE -> delimiterLine(b);
      case HEAD -> head(b);
    }
  }

  private void content(byte b) {
    if (collecting && value.size() < MAX_FIELD) {
      value.write(b);
    }
    while (matched > 0 && delimiter[matched] != b) {
      matched = fallback[matched - 1];
    }
    matched += delimiter[matched] == b ? 1 : 0;
    if (matched == delimiter.length) {
      endPart(true);
      beginDelimiterLine();
    }
  }

  private void beginDelimiterLine() {
    state = State.DELIMITER_LINE;
    matched = 0;
    lineLength = 0;
    dashes = 0;
  }

  private void delimiterLine(byte b) {
    if (b == '\n') {
      boolean last = dashes == 2;
      state = last ? State.CONTENT : State.HEAD;
      beginHead();
      return;
    }
    if (b == '-' && lineLength == dashes && dashes < 2) {
      dashes++;
    } else if (b != ' ' && b != '\t' && b != '\r' && dashes < 2) {
      doubt = "boundary";
    }
    if (++lineLength > MAX_PADDING) {
      state = State.CONTENT;
      doubt = dashes == 2 ? doubt : "boundary";
    }
  }

  private void beginHead() {
    head.reset();
    lineEmpty = true;
    matched = 0;
  }

  private void head(byte b) {
    if (b == '\n' && lineEmpty) {
      endHead();
      return;
    }
    head.write(b);
    if (b == '\n') {
      lineEmpty = true;
    } else if (b != '\r') {
      lineEmpty = false;
    }
    // A delimiter where an empty line should be: what stands before it is a head nevertheless.
    while (matched > 0 && delimiter[matched] != b) {
      matched = fallback[matched - 1];
    }
    matched += delimiter[matched] == b ? 1 : 0;
    if (matched == delimiter.length) {
      doubt = "part-head";
      endHead();
      endPart(false);
      beginDelimiterLine();
    } else if (head.size() > MAX_HEAD) {
      doubt = "part-head";
      endHead();
    }
  }

  private void endHead() {
    PartHead read = PartHead.read(head.toString(ISO_8859_1), form);
    if (form && read.doubt().isPresent()) {
      doubt = read.doubt().get();
    }
    name = null;
    for (String candidate : read.names()) {
      Optional<WatchedNames.Match> match = scanner.names().match(candidate, 0, candidate.length());
      name = match.orElse(name);
    }
    head.reset();
    value.reset();
    matched = 0;
    collecting = name != null || !read.file() && !read.names().isEmpty();
    state = State.CONTENT;
  }

  /**
   * @param delimited whether the delimiter has been collected with the value
   */
  private void endPart(boolean delimited) {
    if (!collecting) {
      return;
    }
    String text = value.toString(ISO_8859_1);
    if (delimited && value.size() < MAX_FIELD) {
      text = withoutLineEnd(text.substring(0, text.length() - delimiter.length));
    }
    if (name != null) {
      found.accept(new BodyHit(name.name(), text, name.secondDecoding()));
    } else {
      scanner.inValue(text, own).ifPresent(found);
    }
    collecting = false;
    name = null;
    value.reset();
  }

  private static String withoutLineEnd(String text) {
    return text.endsWith("\r\n")
        ? text.substring(0, text.length() - 2)
        : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  @Override
  public void end() {
    if (state == State.HEAD) {
      endHead();
    }
    endPart(false);
  }

  @Override
  public boolean midToken() {
    return name != null;
  }

  @Override
  public Optional<String> doubt() {
    return form ? Optional.ofNullable(doubt) : Optional.empty();
  }
}
