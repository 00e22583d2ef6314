package dev.gatehouse.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.config.HeaderEncoding;
import dev.gatehouse.config.ListFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads header fields as an app would that knows the documentation and none of our code. */
final class HeaderDecoder {
  private static final Pattern WORD = Pattern.compile("=\\?UTF-8\\?B\\?([A-Za-z0-9+/=]*)\\?=");

  private HeaderDecoder() {}

  /**
   * The items that the fields of one name carry.
   *
   * @param fields the octets that came, each as a character
   */
  static List<String> items(List<String> fields, HeaderEncoding encoding, ListFormat lists) {
    if (lists == ListFormat.REPEAT) {
      return fields.stream().map(field -> text(field, encoding, lists)).toList();
    }
    String field = fields.get(0);
    return switch (lists) {
      case COMMA -> split(field, ",", encoding, lists);
      case CARET -> split(field, "^", encoding, lists);
      case QUOTED -> split(field.substring(1, field.length() - 1), "\",\"", encoding, lists);
      case JSON -> json(field, encoding);
      default -> List.of(text(field, encoding, lists));
    };
  }

  private static List<String> split(
      String field, String separator, HeaderEncoding encoding, ListFormat lists) {
    return Stream.of(field.split(Pattern.quote(separator), -1))
        .map(item -> text(item, encoding, lists))
        .toList();
  }

  private static List<String> json(String field, HeaderEncoding encoding) {
    String plain = encoding == HeaderEncoding.BASE64URL ? base64(field) : field;
    if (!plain.startsWith("[")) {
      return List.of(text(field, encoding, ListFormat.JSON));
    }
    try {
      return Arrays.asList(new ObjectMapper().readValue(plain, String[].class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String item, HeaderEncoding encoding, ListFormat lists) {
    boolean escaped = lists != ListFormat.SINGLE && lists != ListFormat.JSON;
    return switch (encoding) {
      case PERCENT, URI -> percent(item, UTF_8);
      case BASE64URL -> base64(item);
      case RFC2047 -> words(item);
      case LATIN1_STRICT -> escaped ? percent(item, ISO_8859_1) : item;
      case UTF_8 -> {
        String text = new String(item.getBytes(ISO_8859_1), UTF_8);
        yield escaped ? percent(text, UTF_8) : text;
      }
    };
  }

  private static String percent(String text, java.nio.charset.Charset charset) {
    return URLDecoder.decode(text.replace("+", "%2B"), charset);
  }

  private static String base64(String text) {
    return new String(Base64.getUrlDecoder().decode(text), UTF_8);
  }

  private static String words(String text) {
    if (!text.startsWith("=?")) {
      return text;
    }
    List<String> parts = new ArrayList<>();
    for (String word : text.split(" ")) {
      Matcher matcher = WORD.matcher(word);
      if (!matcher.matches() || word.length() > 75) {
        throw new AssertionError("no encoded-word: " + word);
      }
      parts.add(new String(Base64.getDecoder().decode(matcher.group(1)), UTF_8));
    }
    return String.join("", parts);
  }
}
