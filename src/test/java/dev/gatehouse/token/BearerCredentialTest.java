package dev.gatehouse.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.testkit.CredentialAttack;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of bearer credentials (RFC 6750 §2.1). */
class BearerCredentialTest {
  private static BearerCredential read(String... fields) {
    return BearerCredential.read(List.of(fields));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer T", "bEaReR T", "bearer T", "BEARER   T"})
  @Rule("TH-BEAR-1")
  void schemeIsReadInAnyCase(String field) {
    assertThat(read(field)).isEqualTo(BearerCredential.Token.of(Secret.of("T")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a-._~+/b==", "eyJ.eyJ.sig", "0", "a="})
  @Rule("TH-BEAR-1")
  @Rule("TH-QUIRK-17")
  void everyB64tokenIsRead(String token) {
    assertThat(read("Bearer " + token)).isEqualTo(BearerCredential.Token.of(Secret.of(token)));
  }

  static Stream<CredentialAttack> attacks() {
    return CredentialAttack.all().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  @Rule("TH-BEAR-1")
  void brokenCredentialIsMalformed(CredentialAttack attack) {
    assertThat(BearerCredential.read(CredentialAttack.with("T", attack.good())))
        .isInstanceOf(BearerCredential.Token.class);
    assertThat(BearerCredential.read(CredentialAttack.with("T", attack.bad())))
        .isEqualTo(new BearerCredential.Malformed());
  }

  /** What a server cuts off before anybody sees it, should it ever come through. */
  @ParameterizedTest
  @ValueSource(
      strings = {"Bearer T ", "Bearer T\t", "Bearer T\r\nX-Evil: 1", "Bearer T\n", "Bearer "})
  @Rule("TH-BEAR-1")
  void whatNoServerLetsThroughIsMalformedToo(String field) {
    assertThat(read(field)).isEqualTo(new BearerCredential.Malformed());
  }

  /** The low byte of each is one that a token may have; no octet of HTTP becomes such a thing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer \u0141",
        "Bearer T\ud83d\ude41",
        "Bearer T\ud841",
        "Bearer \u0120T",
        "Bearer ?"
      })
  @Rule("TH-BEAR-1")
  void characterBeyondOctetsIsNoneOfAToken(String field) {
    assertThat(read(field)).isEqualTo(new BearerCredential.Malformed());
  }

  @Test
  @Rule("TH-BEAR-18")
  void theOtherSchemeIsReadInAnyCaseToo() {
    assertThat(read("dPoP  T"))
        .isEqualTo(BearerCredential.Token.of(BearerCredential.Scheme.DPOP, Secret.of("T")))
        .isNotEqualTo(BearerCredential.Token.of(Secret.of("T")));
  }

  @Test
  @Rule("TH-BEAR-1")
  void twoFieldsAreMalformed() {
    assertThat(read("Bearer T", "Bearer T")).isEqualTo(new BearerCredential.Malformed());
    assertThat(read("Bearer T", "Basic x")).isEqualTo(new BearerCredential.Malformed());
  }

  @Test
  @Rule("TH-BEAR-1")
  void fieldOfMoreThan8KiBIsMalformed() {
    int most = 8 * 1024 - "Bearer ".length();

    assertThat(read("Bearer " + "a".repeat(most))).isInstanceOf(BearerCredential.Token.class);
    assertThat(read("Bearer " + "a".repeat(most + 1))).isEqualTo(new BearerCredential.Malformed());
  }

  @Test
  @Rule("TH-BEAR-2")
  void otherSchemesAreNoBearerCredential() {
    for (String field :
        List.of("Basic dXNlcg==", "DPoPx T", "Bearerx T", "Bear T", "", "Digest a")) {
      assertThat(read(field)).as(field).isEqualTo(new BearerCredential.Absent());
    }
    assertThat(read()).isEqualTo(new BearerCredential.Absent());
  }

  @Test
  @Rule("TH-BEAR-12")
  void hashTellsTokensApartAndShowsNone() {
    TokenHash one = TokenHash.of(Secret.of("one"));

    assertThat(one).isEqualTo(TokenHash.of(Secret.of("one")));
    assertThat(one).isNotEqualTo(TokenHash.of(Secret.of("two")));
    assertThat(one).hasToString("7692c3ad");
    assertThat(read("Bearer s3cr3t-token").toString()).doesNotContain("s3cr3t");
  }
}
