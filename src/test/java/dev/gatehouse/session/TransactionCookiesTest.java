package dev.gatehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.seal.RandomTokens;
import dev.gatehouse.seal.SealingKeys;
import dev.gatehouse.seal.Secret;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TransactionCookiesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration LIFETIME = Duration.ofMinutes(10);
  private static final CookieNames NAMES = CookieNames.of(true);

  private final RandomTokens random = new RandomTokens(new SecureRandom());
  private final SealingKeys keys = SealingKeys.fresh(random);
  private final TransactionCookies cookies = cookies("transaction");

  private TransactionCookies cookies(String purpose) {
    return new TransactionCookies(
        keys.sealer(purpose, random), NAMES, new SetCookie(true), LIFETIME, 8);
  }

  private LoginTransaction transaction(String returnTarget, Instant createdAt) {
    return new LoginTransaction(
        Secret.of(random.next()),
        "provider",
        "https://op.example",
        "https://app.example/gatehouse/callback",
        Secret.of(random.next()),
        Secret.of(random.next()),
        returnTarget,
        createdAt,
        false,
        new AuthenticationDemand(
            List.of("gold", "silver"), Optional.of(Duration.ofMinutes(5)), Set.of("mail")),
        Optional.of(SessionKey.of("the-session-before")));
  }

  private static CookieJar jar(List<String> setCookies) {
    List<String> pairs =
        setCookies.stream()
            .filter(line -> !line.contains("Max-Age=0"))
            .map(line -> line.substring(0, line.indexOf(';')))
            .toList();
    return CookieJar.read(NAMES, List.of(String.join("; ", pairs)));
  }

  @Test
  @Rule("TH-STATE-2")
  @Rule("TH-STATE-3")
  void onlyTheBrowserThatBeganKnowsTheState() {
    LoginTransaction mine = transaction("/x?a=b", NOW);
    CookieJar browser = jar(cookies.begin(mine, jar(List.of()), false).setCookies());
    String state = mine.state().reveal();

    assertThat(cookies.find(state, browser, NOW))
        .isEqualTo(new TransactionCookies.Found.Valid(mine));
    assertThat(cookies.find(state, jar(List.of()), NOW))
        .isInstanceOf(TransactionCookies.Found.Missing.class);
    assertThat(cookies.find(random.next(), browser, NOW))
        .isInstanceOf(TransactionCookies.Found.Missing.class);
  }

  @Test
  @Rule("TH-STATE-6")
  void atTheLastInstantItIsTooLate() {
    LoginTransaction mine = transaction("/", NOW);
    CookieJar browser = jar(cookies.begin(mine, jar(List.of()), false).setCookies());
    String state = mine.state().reveal();

    assertThat(cookies.find(state, browser, NOW.plus(LIFETIME).minusMillis(1)))
        .isInstanceOf(TransactionCookies.Found.Valid.class);
    assertThat(cookies.find(state, browser, NOW.plus(LIFETIME)))
        .isInstanceOf(TransactionCookies.Found.Expired.class);
  }

  @Test
  @Rule("TH-STATE-7")
  void aCookieSealedForAnotherPurposeIsBroken() {
    LoginTransaction mine = transaction("/", NOW);
    CookieJar foreign = jar(cookies("session").begin(mine, jar(List.of()), false).setCookies());

    assertThat(cookies.find(mine.state().reveal(), foreign, NOW))
        .isInstanceOf(TransactionCookies.Found.Broken.class);
  }

  @Test
  @Rule("TH-STATE-9")
  void theCookieIsBoundToHostAndBrowser() {
    String line = cookies.begin(transaction("/", NOW), jar(List.of()), false).setCookies().get(0);

    assertThat(line)
        .startsWith("__Host-gh_t.")
        .contains("; Secure")
        .contains("; HttpOnly")
        .contains("; SameSite=Lax")
        .contains("; Path=/;")
        .contains("Max-Age=600")
        .doesNotContain("Domain");
  }

  @Test
  @Rule("TH-STATE-8")
  void nothingOfTheTransactionIsReadable() {
    LoginTransaction mine = transaction("/secret-page", NOW);
    String line = cookies.begin(mine, jar(List.of()), false).setCookies().get(0);

    assertThat(line)
        .doesNotContain("secret-page")
        .doesNotContain("op.example")
        .doesNotContain(mine.state().reveal())
        .doesNotContain(mine.codeVerifier().reveal());
  }

  @Test
  @Rule("TH-STATE-5")
  void theNinthTabDisplacesTheOldest() {
    List<String> lines = new ArrayList<>();
    List<LoginTransaction> begun = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      LoginTransaction transaction = transaction("/tab" + i, NOW.plusSeconds(i));
      TransactionCookies.Begun step = cookies.begin(transaction, jar(lines), false);
      assertThat(step.displaced()).isEmpty();
      lines.add(step.setCookies().get(0));
      begun.add(transaction);
    }

    TransactionCookies.Begun ninth =
        cookies.begin(transaction("/tab8", NOW.plusSeconds(8)), jar(lines), false);

    assertThat(ninth.displaced()).containsExactly(begun.get(0));
    assertThat(ninth.setCookies()).hasSize(2);
    assertThat(ninth.setCookies().get(1)).contains("Max-Age=0");
  }

  @Test
  @Rule("TH-STATE-5")
  void longPagesNeverMakeTheCookieFieldTooLong() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      LoginTransaction transaction = transaction("/" + "p".repeat(2000), NOW.plusSeconds(i));
      TransactionCookies.Begun step = cookies.begin(transaction, jar(lines), false);
      lines.add(step.setCookies().get(0));
      for (String removal : step.setCookies().subList(1, step.setCookies().size())) {
        String name = removal.substring(0, removal.indexOf('='));
        lines.removeIf(line -> line.startsWith(name + "=") && !line.equals(removal));
      }
      int bytes = lines.stream().mapToInt(line -> line.indexOf(';') + 2).sum();
      assertThat(bytes).isLessThan(8 * 1024);
    }
  }

  @Test
  void expiredAttemptsAreTidiedUp() {
    List<String> old = cookies.begin(transaction("/", NOW), jar(List.of()), false).setCookies();

    TransactionCookies.Begun next =
        cookies.begin(transaction("/", NOW.plus(LIFETIME)), jar(old), false);

    assertThat(next.displaced()).isEmpty();
    assertThat(next.setCookies()).hasSize(2);
    assertThat(next.setCookies().get(1)).contains("Max-Age=0");
  }
}
