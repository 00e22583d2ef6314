package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.StubOp;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** Threat catalogue §7: an operator ends sessions, wherever they are stored. */
class OperatorLogoutTest extends ContractTest {
  /** What the audit log calls the session that {@code login} makes. */
  private static String fingerprint(Supplier<Browser> login) {
    Logger audit = (Logger) LoggerFactory.getLogger("dev.gatehouse.audit");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    audit.addAppender(log);
    try {
      login.get();
    } finally {
      audit.detachAppender(log);
    }
    return log.list.stream()
        .filter(event -> event.getMessage().equals("sign-in"))
        .map(ILoggingEvent::getKeyValuePairs)
        .flatMap(List::stream)
        .filter(pair -> pair.key.equals("session"))
        .map((KeyValuePair pair) -> String.valueOf(pair.value))
        .reduce((first, last) -> last)
        .orElseThrow();
  }

  @Test
  @Rule("TH-SES-13")
  void oneSessionEndsAndNoOther() {
    Browser one = scene.browser();
    String fingerprint = fingerprint(() -> scene.login(one, "/x").complete().browser());
    Browser other = scene.signedIn();
    assertSession(one, "alice-1");

    scene.gate().sessions().endSession(fingerprint);

    assertNoSession(one);
    assertSentToOp(one.get("/x"));
    assertSession(other, "alice-1");
  }

  @Test
  @Rule("TH-SES-13")
  void allSessionsOfAUserEnd() {
    Browser one = scene.signedIn();
    Browser two = scene.signedIn();
    Browser bob = scene.signedIn(Plan.honest().user(StubOp.BOB));

    scene.gate().sessions().endSubject(scene.op().issuer(), "alice-1");

    assertNoSession(one);
    assertNoSession(two);
    assertSession(bob, "bob-2");
    scene.clock().pass(Duration.ofSeconds(1));
    assertSession(scene.signedIn(), "alice-1");
  }

  @Test
  @Rule("TH-SES-13")
  void whatAnOperatorCannotHaveMeantIsRefused() {
    Browser browser = scene.signedIn();
    String issuer = scene.op().issuer();

    assertThatThrownBy(() -> scene.gate().sessions().endSubject(issuer + "/", "alice-1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no provider has the issuer");
    assertThatThrownBy(() -> scene.gate().sessions().endSubject(null, "alice-1"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> scene.gate().sessions().endSubject(issuer, ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertSession(browser, "alice-1");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "*", "0a1b2c3", "0a1b2c3d4", "0A1B2C3D", "alice-1"})
  void whatIsNoFingerprintIsRefused(String text) {
    assertThatThrownBy(() -> scene.gate().sessions().endSession(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Rule("TH-SES-13")
  void aLoginUnderWayIsOverToo() {
    LoginAttempt attempt = scene.login(scene.browser(), "/x");
    attempt.callbackUrl();

    scene.gate().sessions().endSubject(scene.op().issuer(), "alice-1");

    assertSentToOp(attempt.comeBack());
    assertNoSession(attempt.browser());
  }
}
