package dev.gatehouse.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Any JSON object for an introspection response. */
class AccessTokenFuzzTest {
  private static final String ISSUER = "https://op.example";
  private static final String API = "https://api.example";
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
  private static final AccessTokenClaims RULES =
      new AccessTokenClaims(ISSUER, API, Duration.ofSeconds(60), Clock.fixed(NOW, ZoneOffset.UTC));

  @FuzzTest
  @Rule("TH-BEAR-7")
  @Rule("TH-BEAR-10")
  @Rule("TH-BEAR-11")
  void onlyALivingTokenForThisApiIsActive(byte[] bytes) {
    Optional<JsonObject> response = JsonObject.parse(bytes);
    if (response.isEmpty()
        || IntrospectionJudge.firstBrokenRule(RULES, response.get()).isPresent()) {
      return;
    }
    JsonObject claims = response.get();
    assertThat(claims.get("active")).isEqualTo(true);
    assertThat(String.valueOf(claims.get("aud"))).contains(API);
    TokenVerdict.Active active = (TokenVerdict.Active) RULES.verdict(claims);
    assertThat(active.binding().isBound()).isEqualTo(claims.has("cnf"));
    assertThat(active.subject()).isNotBlank();
    assertThat(active.expiresAt()).isAfter(NOW);
    assertThat(active.scopes()).noneMatch(scope -> scope.contains(" "));
  }
}
