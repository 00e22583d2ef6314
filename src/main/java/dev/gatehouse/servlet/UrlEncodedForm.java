package dev.gatehouse.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code application/x-www-form-urlencoded} as browsers write it (URL Standard §5.1), and as
 * containers do: a broken escape stays as it is.
 */
final class UrlEncodedForm {
  private UrlEncodedForm() {}

  /**
   * The values by name, both in the order of the form.
   *
   * @throws IllegalStateException if there are more than {@code most}, as containers do
   */
  static Map<String, List<String>> read(byte[] form, Charset charset, int most) {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    int count = 0;
    int from = 0;
    while (from < form.length) {
      int end = indexOf('&', form, from, form.length);
      if (end > from) {
        if (++count > most) {
          throw new IllegalStateException("the form has more than " + most + " fields");
        }
        int equals = indexOf('=', form, from, end);
        String name = decode(form, from, equals, charset);
        String value = equals == end ? "" : decode(form, equals + 1, end, charset);
        fields.computeIfAbsent(name, n -> new ArrayList<>(1)).add(value);
      }
      from = end + 1;
    }
    return fields;
  }

  private static int indexOf(char wanted, byte[] form, int from, int to) {
    int at = from;
    while (at < to && form[at] != wanted) {
      at++;
    }
    return at;
  }

  private static String decode(byte[] form, int from, int to, Charset charset) {
    byte[] bytes = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      int escaped = form[i] == '%' && i + 2 < to ? hex(form[i + 1], form[i + 2]) : -1;
      if (escaped >= 0) {
        bytes[length++] = (byte) escaped;
        i += 2;
      } else {
        bytes[length++] = form[i] == '+' ? (byte) ' ' : form[i];
      }
    }
    return new String(bytes, 0, length, charset == null ? ISO_8859_1 : charset);
  }

  private static int hex(byte high, byte low) {
    int h = Character.digit(high, 16);
    int l = Character.digit(low, 16);
    return h < 0 || l < 0 ? -1 : h << 4 | l;
  }
}
