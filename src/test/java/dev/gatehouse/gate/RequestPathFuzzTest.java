package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import java.util.Optional;

/** Any path of a request: one reading, or none. */
class RequestPathFuzzTest {
  @FuzzTest
  @Rule("TH-PATH-1")
  @Rule("TH-PATH-2")
  void canonicalPathHasNothingToResolve(byte[] bytes) {
    String raw = new String(bytes, ISO_8859_1);
    RequestPath.Parsed parsed = RequestPath.parse(raw, "", Optional.empty());
    if (!(parsed instanceof RequestPath.Parsed.Ok ok)) {
      return;
    }
    String canonical = ok.path().canonical();
    if (canonical.equals("*")) {
      assertThat(raw).isEqualTo("*");
      return;
    }
    assertThat(canonical).startsWith("/").doesNotContain("//", "\\", ";");
    assertThat(RequestPath.parse(ok.path().forwarded(), "", Optional.empty()))
        .as("the app's own reading")
        .isEqualTo(
            new RequestPath.Parsed.Ok(new RequestPath(canonical, ok.path().forwarded(), false)));
    assertThat(canonical.split("/", -1)).doesNotContain(".", "..");
    assertThat(canonical.chars()).noneMatch(Character::isISOControl);
  }
}
