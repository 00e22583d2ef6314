package dev.gatehouse.backchannel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatehouse.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    assertThat(again.map(JsonObject::members)).contains(members);
    assertThat(read.get().toString()).startsWith("JsonObject");
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
