package dev.gatehouse.hygiene;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The header fields of one part of a multipart body, as far as they name a field (RFC 7578 §4.2).
 *
 * @param names what servers may take for the field's name; usually one
 * @param file whether the part is a file, whose content is no value
 * @param doubt why servers may read it otherwise
 */
record PartHead(List<String> names, boolean file, Optional<String> doubt) {
  PartHead {
    names = List.copyOf(names);
  }

  /**
   * Reads the lines up to the empty one, a character for a byte.
   *
   * @param form whether the body is a form by its name
   */
  static PartHead read(String lines, boolean form) {
    Reader reader = new Reader(form);
    for (String line : unfolded(lines).split("\n")) {
      reader.line(line);
    }
    return new PartHead(reader.names, reader.file, Optional.ofNullable(reader.doubt));
  }

  /** Lines that begin with white space continue the one before (RFC 5322 §2.2.3). */
  private static String unfolded(String lines) {
    String ended = lines.endsWith("\r") ? lines.substring(0, lines.length() - 1) : lines;
    return ended.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
  }

  private static final class Reader {
    private final boolean form;
    private final List<String> names = new ArrayList<>(2);
    private boolean file;
    private boolean disposed;
    private String doubt;

    Reader(boolean form) {
      this.form = form;
    }

    void line(String line) {
      int colon = line.indexOf(':');
      String field = colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
      if (line.indexOf('\r') >= 0 || line.indexOf(0) >= 0) {
        doubt = "part-head";
      }
      if (field.equals("content-disposition")) {
        doubt = disposed ? "part-disposition" : doubt;
        disposed = true;
        disposition(line, colon + 1);
      } else if (form
          && field.equals("content-type")
          && line.toLowerCase(Locale.ROOT).contains("multipart/")) {
        doubt = "nested-multipart";
      }
    }

    private void disposition(String line, int from) {
      int parameters = line.indexOf(';', from);
      if (parameters < 0) {
        return;
      }
      FieldParameters read = FieldParameters.read(line, parameters);
      read.parameters().forEach(this::parameter);
      if (!read.sound() || names.size() > 1) {
        doubt = "part-disposition";
      }
    }

    private void parameter(FieldParameters.Parameter parameter) {
      String name = parameter.name();
      String value = parameter.value();
      if (name.equals("name")) {
        names.add(value);
        if (value.indexOf('\\') >= 0) {
          names.add(value.replace("\\", ""));
        }
        doubt = value.contains("=?") ? "encoded-name" : doubt;
      } else if (name.startsWith("name*")) {
        // RFC 8187; RFC 7578 §4.2 wants none of it in forms.
        names.add(value.substring(value.lastIndexOf('\'') + 1));
        doubt = "encoded-name";
      } else if (name.startsWith("filename")) {
        file = true;
      }
    }
  }
}
