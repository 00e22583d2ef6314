package dev.gatehouse.backchannel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatehouse.Rule;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Any bytes for a JSON object: read within the limits, or not at all. */
class JsonObjectFuzzTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_DEPTH = 16;

  @FuzzTest
  @Rule("TH-TOK-7")
  @Rule("TH-IDT-18")
  void whatIsReadIsReadTheSameAgain(byte[] bytes) throws JsonProcessingException {
    Optional<JsonObject> read = JsonObject.parse(bytes);
    if (read.isEmpty()) {
      return;
    }
    Map<String, Object> members = read.get().members();
    assertThat(depth(members)).isLessThanOrEqualTo(MAX_DEPTH);
    Optional<JsonObject> again = JsonObject.parse(JSON.writeValueAsBytes(members));
    assertThat(again.map(JsonObject::members).map(JsonObjectFuzzTest::plain))
        .contains(plain(members));
    assertThat(read.get().toString()).startsWith("JsonObject");
  }

  /** With numbers as what they are worth: 1.50e2 is read as 150 the second time. */
  private static Object plain(Object value) {
    if (value instanceof Number number) {
      return new BigDecimal(number.toString()).stripTrailingZeros();
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> plain = new LinkedHashMap<>();
      map.forEach((name, member) -> plain.put(name, plain(member)));
      return plain;
    }
    return value instanceof List<?> list
        ? list.stream().map(JsonObjectFuzzTest::plain).collect(Collectors.toList())
        : value;
  }

  private static int depth(Object value) {
    if (value instanceof Map<?, ?> map) {
      return 1 + map.values().stream().mapToInt(JsonObjectFuzzTest::depth).max().orElse(0);
    }
    return value instanceof List<?> list
        ? 1 + list.stream().mapToInt(JsonObjectFuzzTest::depth).max().orElse(0)
        : 0;
  }
}
