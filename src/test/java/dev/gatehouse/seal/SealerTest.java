package dev.gatehouse.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Rule;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SealerTest {
  private static final Instant UNTIL = Instant.parse("2030-01-01T00:00:00Z");
  private static final byte[] TEXT = "who, when, what".getBytes(UTF_8);

  private final RandomTokens random = new RandomTokens(new SecureRandom());

  @Test
  void whatWasSealedOpensWithItsExpiry() {
    Sealer sealer = SealingKeys.fresh(random).sealer("session", random);

    Sealer.Opened opened = sealer.open(sealer.seal(TEXT, UNTIL)).orElseThrow();

    assertThat(opened.plaintext()).isEqualTo(TEXT);
    assertThat(opened.expiresAt()).isEqualTo(UNTIL);
  }

  @Test
  @Rule("TH-SES-8")
  void everyAlteredCharacterMakesItWorthless() {
    Sealer sealer = SealingKeys.fresh(random).sealer("session", random);
    String sealed = sealer.seal(TEXT, UNTIL);
    assertThat(sealer.open(sealed)).isPresent();

    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int i = 0; i < sealed.length(); i++) {
      for (int flip : new int[] {1, 2, 32}) {
        char other = alphabet.charAt(alphabet.indexOf(sealed.charAt(i)) ^ flip);
        String altered = sealed.substring(0, i) + other + sealed.substring(i + 1);
        assertThat(sealer.open(altered)).as("character %d", i).isEmpty();
      }
    }
  }

  @Test
  @Rule("TH-SES-8")
  void junkIsNobodysSeal() {
    Sealer sealer = SealingKeys.fresh(random).sealer("session", random);
    String sealed = sealer.seal(TEXT, UNTIL);

    for (String junk :
        List.of("", "A", "====", "null", sealed + "A", sealed + "=", sealed.substring(1), " ")) {
      assertThat(sealer.open(junk)).as(junk).isEmpty();
    }
  }

  @Test
  @Rule("TH-STATE-7")
  void aSealForOnePurposeOpensForNoOther() {
    SealingKeys keys = SealingKeys.fresh(random);
    String sealed = keys.sealer("session", random).seal(TEXT, UNTIL);

    assertThat(keys.sealer("session", random).open(sealed)).isPresent();
    assertThat(keys.sealer("transaction", random).open(sealed)).isEmpty();
  }

  @Test
  @Rule("TH-SEC-4")
  void duringRotationTheOldKeyStillOpensAndTheNewOneSeals() {
    Secret oldKey = Secret.of(random.next());
    Secret newKey = Secret.of(random.next());
    Sealer before = SealingKeys.of(List.of(oldKey)).sealer("session", random);
    Sealer during = SealingKeys.of(List.of(newKey, oldKey)).sealer("session", random);
    Sealer after = SealingKeys.of(List.of(newKey)).sealer("session", random);

    String early = before.seal(TEXT, UNTIL);
    String late = during.seal(TEXT, UNTIL);

    assertThat(during.open(early)).isPresent();
    assertThat(after.open(late)).isPresent();
    assertThat(after.open(early)).isEmpty();
  }

  @Test
  void twoSealsOfOneTextShareNothing() {
    Sealer sealer = SealingKeys.fresh(random).sealer("session", random);

    assertThat(sealer.seal(TEXT, UNTIL)).isNotEqualTo(sealer.seal(TEXT, UNTIL));
  }

  @Test
  @Rule("TH-SEC-9")
  void aShortKeyIsRefusedWithoutBeingNamed() {
    String shortKey = Base64.getUrlEncoder().encodeToString(new byte[31]);
    String longEnough = Base64.getUrlEncoder().encodeToString(new byte[32]);
    assertThat(SealingKeys.of(List.of(Secret.of(longEnough)))).isNotNull();

    assertThatThrownBy(() -> SealingKeys.of(List.of(Secret.of(shortKey))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("256 bits")
        .hasMessageNotContaining(shortKey);
  }

  @Test
  @Rule("TH-RAND-2")
  @Rule("TH-STATE-1")
  void tokensHave256BitsAndDoNotRepeat() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      String token = random.next();
      assertThat(token).hasSize(43).matches("[A-Za-z0-9_-]+");
      assertThat(seen.add(token)).isTrue();
    }
    assertThat(Base64.getUrlDecoder().decode(random.next())).hasSize(32);
  }

  @Test
  @Rule("TH-SEC-3")
  void aSecretDoesNotPrintItself() {
    Secret secret = Secret.of("do-not-print-me");

    assertThat(secret.toString()).doesNotContain("do-not-print-me");
    assertThat(secret).isEqualTo(Secret.of("do-not-print-me"));
    assertThat(secret).isNotEqualTo(Secret.of("do-not-print-mf"));
  }

  @Test
  @Rule("TH-SEC-4")
  void replacedKeyOpensWhatItSealedUntilTheNextChange() {
    Secret first = Secret.of(random.next());
    Secret second = Secret.of(random.next());
    Secret third = Secret.of(random.next());
    SealingKeys keys = SealingKeys.of(List.of(first));
    Sealer sealer = keys.sealer("session", random);
    Instant later = Instant.parse("2026-01-01T00:00:00Z");
    String byFirst = sealer.seal(new byte[] {1}, later);

    keys.replace(List.of(second));
    String bySecond = sealer.seal(new byte[] {2}, later);
    assertThat(sealer.open(byFirst)).isPresent();
    assertThat(SealingKeys.of(List.of(second)).sealer("session", random).open(bySecond))
        .isPresent();
    assertThat(SealingKeys.of(List.of(first)).sealer("session", random).open(bySecond)).isEmpty();

    keys.replace(List.of(third));
    assertThat(sealer.open(bySecond)).isPresent();
    assertThat(sealer.open(byFirst)).isEmpty();

    assertThatThrownBy(() -> keys.replace(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThat(sealer.open(bySecond)).isPresent();
  }
}
