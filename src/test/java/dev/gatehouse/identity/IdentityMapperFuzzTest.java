package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Any JSON object for the claims of a user: what the app is told fits into header fields. */
class IdentityMapperFuzzTest {
  private static final IdentityMapper MAPPER =
      new IdentityMapper(
          Map.of("X-Name", "name", "X-Country", "address.country", "X-Groups", "groups"),
          Set.of(),
          "groups",
          Set.of("email"));

  @FuzzTest
  @Rule("TH-HDR-7")
  @Rule("TH-HDR-8")
  @Rule("TH-HDR-9")
  void headerValuesAreVisibleAndBounded(byte[] bytes) {
    Optional<JsonObject> claims = JsonObject.parse(bytes);
    if (claims.isEmpty()) {
      return;
    }
    String subject = claims.get().text("sub").orElse("alice");
    IdentityMapper.Mapping mapping =
        MAPPER.map("https://op.example", subject, claims.get().members());
    if (mapping instanceof IdentityMapper.Mapping.Mapped mapped) {
      for (HeaderField field : mapped.identity().headers()) {
        assertThat(field.value())
            .matches("[!-~]([ -~]*[!-~])?")
            .hasSizeLessThanOrEqualTo(IdentityMapper.MAX_VALUE_BYTES);
      }
    }
  }
}
