package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.gatehouse.Rule;
import dev.gatehouse.config.ConfigProblem;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Query;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Two OPs at one redirect URI: each has to name itself in its answers. */
class SharedRedirectUriTest extends ContractTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Override
  protected String configuration() {
    return """
        default-provider: staff
        login: {shared-redirect-uri: true}
        rules:
          - {path: /partners/**, access: login, provider: partners}
        """;
  }

  @Override
  protected Scene open(DoorKind kind) {
    return Scene.openWithTwoOps(
        kind, configuration(), StubOp::promiseIssuer, StubOp::promiseIssuer);
  }

  @Test
  @Rule("TH-CFG-12")
  void isRefusedAtStartWhereAnOpDoesNotNameItself() {
    assertThat(scene.gate().awaitProviders(PATIENCE)).isEmpty();

    try (Scene risky =
        Scene.openWithTwoOps(door, configuration(), StubOp::promiseIssuer, op -> {})) {
      assertThat(risky.gate().awaitProviders(PATIENCE))
          .extracting(ConfigProblem::code, ConfigProblem::key)
          .containsExactly(tuple("mixup-risk", "providers.partners.issuer"));
      assertRefused(risky.browser().get("/partners/x"), 502);
      assertThat(risky.otherOp().calls("authorize")).isEmpty();
    }
  }

  @Test
  @Rule("TH-CFG-12")
  void eachOpLogsItsUsersInThere() {
    for (String path : new String[] {"/partners/x", "/x"}) {
      LoginAttempt attempt = scene.login(scene.browser(), path);
      assertThat(attempt.request("redirect_uri"))
          .isEqualTo(Scene.PUBLIC_URL + "/gatehouse/callback");
      attempt.complete();
    }
  }

  @Test
  @Rule("TH-CB-6")
  @Rule("TH-CFG-12")
  void anAnswerInTheNameOfTheOtherOrOfNobodyIsRefused() {
    scene.otherOp().forgetCalls();
    for (String named : new String[] {"", "&iss=" + Query.encode(scene.otherOp().issuer())}) {
      LoginAttempt attempt = scene.login(scene.browser(), "/x");
      assertRefused(attempt.comeBackWith("?code={code}&state={state}" + named), 403);
    }
    assertNoTokenCall();
    assertThat(scene.otherOp().calls("token")).isEmpty();
  }
}
