package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import java.net.URLEncoder;
import java.util.List;
import java.util.Optional;

/** Any query for the redirection endpoint: read strictly, each parameter once. */
class CallbackParametersFuzzTest {
  private static final List<String> NAMES = List.of("code", "state", "iss", "error");

  @FuzzTest
  @Rule("TH-CB-3")
  @Rule("TH-CB-5")
  @Rule("TH-CB-11")
  void whatPassesIsVisibleAndUnique(byte[] bytes) {
    String query = new String(bytes, ISO_8859_1);
    Optional<CallbackParameters> read = CallbackParameters.decode(query);
    if (read.isEmpty() || read.get().syntaxFault().isPresent()) {
      return;
    }
    CallbackParameters parameters = read.get();
    assertThat(parameters.has("code") && parameters.has("error")).isFalse();
    assertThat(parameters.has("access_token")).isFalse();
    parameters
        .first("code")
        .ifPresent(
            code ->
                assertThat(code)
                    .hasSizeLessThanOrEqualTo(CallbackParameters.MAX_CODE_LENGTH)
                    .matches("[ -~]+"));
    for (String name : NAMES) {
      parameters.first(name).ifPresent(value -> assertReadAgain(name, value));
    }
  }

  private static void assertReadAgain(String name, String value) {
    String encoded = name + "=" + URLEncoder.encode(value, UTF_8);
    assertThat(CallbackParameters.decode(encoded).flatMap(again -> again.first(name)))
        .contains(value);
  }
}
