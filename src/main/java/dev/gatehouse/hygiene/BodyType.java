package dev.gatehouse.hygiene;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a request says of its body as far as it may be a form: {@code
 * application/x-www-form-urlencoded}, {@code multipart/form-data} (RFC 7578), and every other
 * {@code multipart} type, since some libraries read those as forms too.
 *
 * @param boundary what stands between the parts; empty where there are none, or it is in doubt
 * @param doubt why servers may read the body otherwise than it is read here, as one fixed word
 */
public record BodyType(Kind kind, String boundary, Optional<String> doubt) {
  /** What an app would make of the body. */
  public enum Kind {
    /** No form. */
    OTHER,
    FORM,
    MULTIPART_FORM,
    /** Parts, but no form by its name. */
    MULTIPART
  }

  /** A body that nobody takes for a form. */
  public static final BodyType NO_FORM = new BodyType(Kind.OTHER, "", Optional.empty());

  /** A form as browsers announce it. */
  public static final BodyType FORM = new BodyType(Kind.FORM, "", Optional.empty());

  private static final String FORM_TYPE = "application/x-www-form-urlencoded";
  private static final String NO_BOUNDARY = "no-boundary";
  private static final String MULTIPART_TYPE = "multipart/";

  /** Escapes that change the character set in the middle of a text (ISO/IEC 2022). */
  private static final byte[] SHIFTS = {'a', 0x1b, '(', 'B', 'b', 0x1b, '$', 'B', 0x1b, '(', 'J'};

  /** RFC 2046 §5.1.1. */
  private static final int MAX_BOUNDARY = 70;

  /** Those of RFC 2046 without comma and space, at which some parsers end. */
  private static final String BOUNDARY_MARKS = "'()+_-./:=?";

  /** Whether an app may read fields in the body. */
  public boolean isForm() {
    return kind != Kind.OTHER;
  }

  /** Whether parts are announced, and nothing else is wrong but that no boundary is. */
  public boolean lacksBoundary() {
    return doubt.filter(NO_BOUNDARY::equals).isPresent();
  }

  /**
   * Reads the fields of a request.
   *
   * @param contentTypes every value of Content-Type
   * @param contentEncodings every value of Content-Encoding
   */
  public static BodyType of(List<String> contentTypes, List<String> contentEncodings) {
    if (contentTypes.isEmpty()) {
      return NO_FORM;
    }
    BodyType type = one(contentTypes.get(0));
    if (contentTypes.size() > 1) {
      type = several(contentTypes);
    }
    return type.isForm() && contentEncodings.stream().anyMatch(BodyType::isEncoding)
        ? type.doubted("content-encoding")
        : type;
  }

  private static boolean isEncoding(String value) {
    return !value.isBlank() && !value.strip().equalsIgnoreCase("identity");
  }

  private static BodyType several(List<String> contentTypes) {
    for (String value : contentTypes) {
      BodyType type = one(value);
      if (type.isForm()) {
        return type.doubted("content-type");
      }
    }
    return NO_FORM;
  }

  private BodyType doubted(String why) {
    return new BodyType(
        kind, boundary, Optional.of(doubt.filter(word -> !word.equals(NO_BOUNDARY)).orElse(why)));
  }

  private static BodyType one(String value) {
    int end = value.indexOf(';');
    String type = (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    if (type.equals(FORM_TYPE)) {
      return end < 0 ? FORM : Parameters.of(value, end).judged(FORM);
    }
    if (type.startsWith(MULTIPART_TYPE)) {
      Kind kind = type.equals(MULTIPART_TYPE + "form-data") ? Kind.MULTIPART_FORM : Kind.MULTIPART;
      Parameters parameters = end < 0 ? Parameters.NONE : Parameters.of(value, end);
      return parameters.judged(new BodyType(kind, "", Optional.empty())).bounded(parameters);
    }
    // What is nearly a form is one to somebody.
    String all = value.toLowerCase(Locale.ROOT);
    if (all.contains("x-www-form-urlencoded")) {
      return FORM.doubted("content-type");
    }
    return all.contains("multipart/")
        ? new BodyType(Kind.MULTIPART_FORM, "", Optional.of("content-type"))
        : NO_FORM;
  }

  private BodyType bounded(Parameters parameters) {
    if (parameters.boundaries == 0 && doubt.isEmpty()) {
      return doubted(NO_BOUNDARY);
    }
    Optional<String> found = parameters.boundary.filter(BodyType::isBoundary);
    return found.isEmpty() || parameters.boundaries != 1
        ? doubted("boundary")
        : new BodyType(kind, found.get(), doubt);
  }

  private static boolean isBoundary(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_BOUNDARY
        && text.chars()
            .allMatch(
                c -> c < 128 && Character.isLetterOrDigit(c) || BOUNDARY_MARKS.indexOf(c) >= 0);
  }

  /** Whether ASCII characters stand for themselves, so that names can be found as they are. */
  private static boolean keepsAscii(String charset) {
    if (charset.equalsIgnoreCase("utf-8") || charset.equalsIgnoreCase("iso-8859-1")) {
      return true;
    }
    try {
      Charset named = Charset.forName(charset);
      byte[] printable = new byte[0x7f - 0x20];
      for (int i = 0; i < printable.length; i++) {
        printable[i] = (byte) (0x20 + i);
      }
      return same(printable, named) && same(SHIFTS, named);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
      return false;
    }
  }

  private static boolean same(byte[] bytes, Charset charset) {
    return new String(bytes, charset).equals(new String(bytes, StandardCharsets.US_ASCII));
  }

  /** The parameters of Content-Type that matter (RFC 9110 §5.6.6). */
  private record Parameters(
      Optional<String> boundary, int boundaries, Optional<String> charset, boolean sound) {
    static final Parameters NONE = new Parameters(Optional.empty(), 0, Optional.empty(), true);

    static Parameters of(String value, int from) {
      FieldParameters read = FieldParameters.read(value, from);
      // Counted in the raw text: another parser may begin to read where this one does not.
      int boundaries = assignments(value, "boundary");
      boolean sound =
          read.sound() && read.count("charset") <= 1 && assignments(value, "charset") <= 1;
      return new Parameters(read.first("boundary"), boundaries, read.first("charset"), sound);
    }

    private static int assignments(String value, String word) {
      String lower = value.toLowerCase(Locale.ROOT);
      int count = 0;
      for (int at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
        String rest = lower.substring(at + word.length()).stripLeading();
        count += rest.startsWith("=") || rest.startsWith("*") ? 1 : 0;
      }
      return count;
    }

    BodyType judged(BodyType type) {
      if (!sound) {
        return type.doubted("content-type");
      }
      return charset.filter(name -> !keepsAscii(name)).isPresent() ? type.doubted("charset") : type;
    }
  }
}
