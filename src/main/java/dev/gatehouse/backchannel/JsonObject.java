package dev.gatehouse.backchannel;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON object from outside, read strictly: UTF-8, no duplicate members, at most 16 levels deep,
 * no half of a surrogate pair, nothing after the closing brace (RFC 8259 §4, §8; TH-TOK-7,
 * TH-IDT-18). Immutable.
 *
 * <p>Values are String, Boolean, Integer, Long, BigInteger, BigDecimal, List, Map or null.
 */
public final class JsonObject {
  /** An object without members. */
  public static final JsonObject EMPTY = new JsonObject(Map.of());

  private static final int MAX_DEPTH = 16;
  private static final int MAX_NUMBER_LENGTH = 64;

  // Two members of one name are two truths: a parser before us may have read the other one.
  private static final ObjectReader READER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build()
          .readerFor(new TypeReference<LinkedHashMap<String, Object>>() {});

  private final Map<String, Object> members;

  private JsonObject(Map<String, Object> members) {
    this.members = members;
  }

  /** Reads {@code json}; empty when it is not exactly one well-formed object. */
  public static Optional<JsonObject> parse(byte[] json) {
    try {
      // Jackson alone would guess UTF-16 and UTF-32 and repair invalid UTF-8.
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
      Map<String, Object> members = READER.readValue(text);
      return members == null || !isWellFormed(members)
          ? Optional.empty()
          : Optional.of(new JsonObject(Collections.unmodifiableMap(members)));
    } catch (CharacterCodingException | JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads {@code form}, in which all members are strings (RFC 6749 appendix B).
   *
   * @return empty when it is badly escaped or names a member twice
   */
  public static Optional<JsonObject> parseForm(byte[] form) {
    Map<String, Object> members = new LinkedHashMap<>();
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(form)).toString();
      for (String pair : text.strip().split("&")) {
        String[] parts = pair.split("=", 2);
        String value = parts.length > 1 ? URLDecoder.decode(parts[1], UTF_8) : "";
        if (members.put(URLDecoder.decode(parts[0], UTF_8), value) != null) {
          return Optional.empty();
        }
      }
    } catch (CharacterCodingException | IllegalArgumentException e) {
      return Optional.empty();
    }
    return Optional.of(new JsonObject(Collections.unmodifiableMap(members)));
  }

  /** What {@code pointer} points at (RFC 6901); empty where nothing, or null, is there. */
  public Optional<Object> at(JsonPointer pointer) {
    Object value = members;
    for (JsonPointer at = pointer; !at.matches(); at = at.tail()) {
      if (value instanceof Map<?, ?> object) {
        value = object.get(at.getMatchingProperty());
      } else if (value instanceof List<?> array
          && at.mayMatchElement()
          && at.getMatchingIndex() < array.size()) {
        value = array.get(at.getMatchingIndex());
      } else {
        return Optional.empty();
      }
    }
    return Optional.ofNullable(value);
  }

  // RFC 8259 §8.2: half of a surrogate pair can be written as an escape, but is no character. Each
  // would become the same question mark, and two names one.
  private static boolean isWellFormed(Object value) {
    if (value instanceof String text) {
      return text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .allMatch(member -> isWellFormed(member.getKey()) && isWellFormed(member.getValue()));
    }
    return !(value instanceof List<?> list) || list.stream().allMatch(JsonObject::isWellFormed);
  }

  /** All members in the order of the document; unmodifiable; values may be null. */
  public Map<String, Object> members() {
    return members;
  }

  /** Whether there is a member of that name, be it null. */
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /** The value of that member; null where there is none. */
  public Object get(String name) {
    return members.get(name);
  }

  /** The value of that member where it is a string. */
  public Optional<String> text(String name) {
    return members.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** The value of that member where it is an array. */
  public Optional<List<?>> array(String name) {
    return members.get(name) instanceof List<?> list ? Optional.of(list) : Optional.empty();
  }

  /** The value of that member where it is an object. */
  public Optional<JsonObject> object(String name) {
    if (!(members.get(name) instanceof Map<?, ?> map)) {
      return Optional.empty();
    }
    Map<String, Object> inner = new LinkedHashMap<>();
    map.forEach((key, value) -> inner.put((String) key, value));
    return Optional.of(new JsonObject(Collections.unmodifiableMap(inner)));
  }

  /** Names only: the values may be tokens. */
  @Override
  public String toString() {
    return "JsonObject" + members.keySet();
  }
}
