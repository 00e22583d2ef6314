package dev.gatehouse.hygiene;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks for tokens in {@code application/x-www-form-urlencoded} piece by piece (TH-LEAK-3), as
 * {@link TokenScanner} does in a whole text.
 */
public final class FormScanner implements BodyScanner {
  private final TokenScanner scanner;
  private final List<String> own;
  private final Consumer<BodyHit> found;
  private byte[] parameter = new byte[256];
  private int length;
  private boolean passing;

  /**
   * A scanner at the beginning of a form.
   *
   * @param own secrets that count under any name
   */
  public FormScanner(TokenScanner scanner, List<String> own, Consumer<BodyHit> found) {
    this.scanner = scanner;
    this.own = List.copyOf(own);
    this.found = found;
  }

  /** The parameter in which the scanner stands has been dealt with. */
  public void skipParameter() {
    length = 0;
    passing = true;
  }

  @Override
  public void scan(ByteBuffer piece) {
    for (int i = piece.position(); i < piece.limit(); i++) {
      byte next = piece.get(i);
      if (TokenScanner.isSeparator((char) (next & 0xff))) {
        tell();
        passing = false;
      } else if (!passing) {
        put(next);
      }
    }
  }

  private void put(byte next) {
    if (length == parameter.length) {
      parameter = java.util.Arrays.copyOf(parameter, Math.min(MAX_FIELD, 4 * length));
    }
    parameter[length++] = next;
    if (length == MAX_FIELD) {
      tell();
      passing = true;
    }
  }

  @Override
  public void end() {
    tell();
  }

  private void tell() {
    if (length > 0) {
      String text = new String(parameter, 0, length, ISO_8859_1);
      length = 0;
      scanner
          .find(text, own)
          .forEach(
              hit -> found.accept(new BodyHit(hit.name(), hit.value(text), hit.secondDecoding())));
    }
  }

  @Override
  public boolean midToken() {
    return length > 0 && !scanner.find(new String(parameter, 0, length, ISO_8859_1), own).isEmpty();
  }

  @Override
  public Optional<String> doubt() {
    return Optional.empty();
  }
}
