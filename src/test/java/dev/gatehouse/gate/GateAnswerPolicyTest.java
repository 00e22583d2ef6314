package dev.gatehouse.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.identity.HeaderField;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateAnswerPolicyTest {
  private static final Optional<HeaderField> HSTS =
      Optional.of(new HeaderField("Strict-Transport-Security", "max-age=1"));

  private final AnswerPolicy known = new GateAnswerPolicy(HSTS, true, true, List.of());
  private final AnswerPolicy anonymous = new GateAnswerPolicy(HSTS, false, false, List.of());

  @ParameterizedTest
  @Rule("TH-SES-10")
  @Rule("TH-HTTP-14")
  @CsvSource(
      delimiter = '|',
      value = {
        "public, max-age=600 | private, max-age=600",
        "max-age=600,s-maxage=900 | private, max-age=600",
        "no-store | no-store",
        "No-Store, public | No-Store",
        "no-store, must-understand, max-age=600 | no-store, max-age=600",
        "no-cache | private, no-cache",
        "private | private",
        "private=\"set-cookie\", max-age=5 | private, max-age=5",
        "immutable | private, immutable",
      })
  void whatBelongsToAUserIsForNoSharedCache(String fromApp, String toBrowser) {
    assertThat(known.field("Cache-Control", fromApp)).isEqualTo(toBrowser);
    assertThat(anonymous.field("Cache-Control", fromApp)).isEqualTo(fromApp);
  }

  @Test
  @Rule("TH-SES-10")
  void whereTheAppSaysNothingNothingIsStored() {
    assertThat(known.defaults()).contains(new HeaderField("Cache-Control", "private, no-store"));
    assertThat(known.added()).contains(new HeaderField("Vary", "Cookie, Authorization"));
    assertThat(anonymous.defaults()).noneMatch(field -> field.name().equals("Cache-Control"));
    assertThat(anonymous.added()).isEmpty();
  }

  @Test
  @Rule("TH-SES-10")
  void cachesThatReadTheirOwnFieldAreToldNothing() {
    assertThat(known.field("CDN-Cache-Control", "max-age=600")).isNull();
    assertThat(known.field("Surrogate-Control", "max-age=600")).isNull();
    assertThat(anonymous.field("CDN-Cache-Control", "max-age=600")).isEqualTo("max-age=600");
  }

  @ParameterizedTest
  @Rule("TH-SES-6")
  @ValueSource(
      strings = {
        "__Host-gh_s=x; Path=/",
        "gh_s=x",
        "GH_S=x",
        "gh_t.abc=x",
        " gh_s = x",
        "=gh_s=x",
        "=__Host-gh_s=x; Secure",
        "gh_s",
        "gh_s.1=x"
      })
  void theAppCannotSetTheGatewaysCookies(String line) {
    assertThat(known.field("Set-Cookie", "mine=1; Path=/")).isEqualTo("mine=1; Path=/");
    assertThat(known.field("Set-Cookie", line)).isNull();
    assertThat(anonymous.field("set-cookie", line)).isNull();
  }

  @ParameterizedTest
  @Rule("TH-LEAK-12")
  @CsvSource(
      delimiter = '|',
      value = {
        "unsafe-url | strict-origin-when-cross-origin",
        "no-referrer-when-downgrade | strict-origin-when-cross-origin",
        "origin | strict-origin-when-cross-origin",
        "no-referrer, unsafe-url | strict-origin-when-cross-origin",
        "no-referrer | no-referrer",
        "same-origin | same-origin",
        "Strict-Origin | Strict-Origin",
      })
  void aReferrerPolicyMayBeStricterButNotWeaker(String fromApp, String toBrowser) {
    assertThat(anonymous.field("Referrer-Policy", fromApp)).isEqualTo(toBrowser);
  }

  @Test
  @Rule("TH-HTTP-15")
  void httpsIsForGood() {
    assertThat(known.defaults())
        .anyMatch(field -> field.name().equals("Strict-Transport-Security"));
    assertThat(new GateAnswerPolicy(Optional.empty(), true, true, List.of()).defaults())
        .noneMatch(field -> field.name().equals("Strict-Transport-Security"));
  }
}
