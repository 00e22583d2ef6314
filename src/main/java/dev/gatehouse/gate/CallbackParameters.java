package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of a request to one of the gateway's own paths, decoded strictly: a broken escape
 * or bad UTF-8 is an error, a repeated name is seen (RFC 6749 §3.1). Immutable.
 */
final class CallbackParameters {
  /** The fault of a response with a token that everybody on its way could read. */
  static final String TOKEN_IN_URL = "token-in-url";

  /** No code is longer in practice; no assumption is made below it (TH-CB-5). */
  static final int MAX_CODE_LENGTH = 4096;

  private static final int MAX_PARAMETERS = 1000;

  private static final Set<String> ONCE =
      Set.of("code", "state", "iss", "error", "error_description", "error_uri", "rd");

  private static final Set<String> TOKENS = Set.of("access_token", "id_token", "refresh_token");

  private final Map<String, List<String>> values;

  private CallbackParameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /**
   * Decodes a query or a form.
   *
   * @param encoded {@code application/x-www-form-urlencoded}; null is empty
   * @return empty when it is malformed
   */
  static Optional<CallbackParameters> decode(String encoded) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    if (encoded == null || encoded.isEmpty()) {
      return Optional.of(new CallbackParameters(values));
    }
    String[] pairs = encoded.split("&", MAX_PARAMETERS + 1);
    if (pairs.length > MAX_PARAMETERS) {
      return Optional.empty();
    }
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      String name = unescape(equals < 0 ? pair : pair.substring(0, equals));
      String value = unescape(equals < 0 ? "" : pair.substring(equals + 1));
      if (name == null || value == null) {
        return Optional.empty();
      }
      values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }
    return Optional.of(new CallbackParameters(values));
  }

  /** A single parameter. */
  static CallbackParameters of(String name, String value) {
    return of(Map.of(name, value));
  }

  /** Parameters that have been decoded elsewhere. */
  static CallbackParameters of(Map<String, String> decoded) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    decoded.forEach((name, value) -> values.put(name, List.of(value)));
    return new CallbackParameters(values);
  }

  /** All values of that name, in order. */
  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** Whether nothing of an authorization response is there. */
  boolean isNoResponse() {
    return !has("code") && !has("error") && !has("state");
  }

  /** The first value of that name. */
  Optional<String> first(String name) {
    List<String> all = values.get(name);
    return all == null ? Optional.empty() : Optional.of(all.get(0));
  }

  /** The value of a name that occurs exactly once, and not empty. */
  Optional<String> only(String name) {
    List<String> all = values.get(name);
    return all == null || all.size() != 1 || all.get(0).isEmpty()
        ? Optional.empty()
        : Optional.of(all.get(0));
  }

  /** Whether the name occurs, with or without a value. */
  boolean has(String name) {
    return values.containsKey(name);
  }

  /**
   * What is wrong with these as an authorization response, before any state is looked at (TH-CB-1,
   * TH-CB-3, TH-CB-5, TH-CB-11).
   *
   * @return one fixed word; empty where the syntax is right
   */
  Optional<String> syntaxFault() {
    for (Map.Entry<String, List<String>> entry : values.entrySet()) {
      if (TOKENS.contains(entry.getKey().toLowerCase(Locale.ROOT))) {
        return Optional.of(TOKEN_IN_URL);
      }
      if (ONCE.contains(entry.getKey()) && entry.getValue().size() > 1) {
        return Optional.of("duplicate-parameter");
      }
    }
    if (has("code") && has("error")) {
      return Optional.of("duplicate-parameter");
    }
    if (has("code") && !visible(first("code").orElseThrow(), MAX_CODE_LENGTH)) {
      return Optional.of("code-syntax");
    }
    return Optional.empty();
  }

  /** RFC 6749 Appendix A.11: one or more VSCHAR. */
  private static boolean visible(String value, int maxLength) {
    if (value.isEmpty() || value.length() > maxLength) {
      return false;
    }
    return value.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
  }

  /** Percent and plus decoding (WHATWG URL §5.1), but strict; null when malformed. */
  private static String unescape(String text) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text.chars().allMatch(c -> c > 0x20 && c < 0x7f) ? text : null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 < text.length() ? hex(text.charAt(i + 1)) : -1;
        int low = i + 2 < text.length() ? hex(text.charAt(i + 2)) : -1;
        if (high < 0 || low < 0) {
          return null;
        }
        bytes.put((byte) (high << 4 | low));
        i += 2;
      } else if (c > 0x20 && c < 0x7f) {
        bytes.put((byte) (c == '+' ? ' ' : c));
      } else {
        return null;
      }
    }
    try {
      return UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(bytes.flip())
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static int hex(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }
}
