package dev.gatehouse.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.testkit.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the app learns of the user, method by method. */
class FilterIdentityTest extends FilterInContainers {
  FilterIdentityTest(ContainerKind kind) {
    super(kind);
  }

  @Test
  @Rule("TH-HDR-5")
  void everyMethodTellsTheSameUser() {
    assertThat(lines(container.get(APP + "/spy")))
        .contains(
            "header.X-Gatehouse-User=alice",
            "all.X-Gatehouse-User=[alice]",
            "headers.X-Gatehouse-User=[alice]",
            "name=X-Gatehouse-User",
            "user=alice",
            "principal=User[issuer=https://op.example, subject=alice]",
            "auth-type=OIDC",
            "staff=true",
            "any-role=true",
            "admin=false",
            "attribute=dev.gatehouse.identity")
        .anyMatch(line -> line.startsWith("identity=Identity[issuer=https://op.example"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Gatehouse-User: mallory",
        "x-gatehouse-user: mallory",
        "X_Gatehouse_User: mallory",
        "X.Gatehouse.User: mallory",
        "X-Gatehouse-Groups: mallory",
        "X-Gatehouse-Level: 77",
        "X-Gatehouse-Date: Sun, 06 Nov 1994 08:49:37 GMT",
        "Remote-User: mallory"
      })
  @Rule("TH-HDR-5")
  @Rule("TH-HDR-1")
  @Rule("TH-HDR-2")
  void noMethodTellsWhatTheClientMadeUp(String spoofed) {
    String harmless = "X-Harmless" + spoofed.substring(spoofed.indexOf(':'));

    assertThat(container.get(APP + "/spy", harmless).text())
        .containsAnyOf("mallory", "77", "1994")
        .contains("header.X-Gatehouse-User=alice");
    assertThat(lines(container.get(APP + "/spy", spoofed)))
        .contains("header.X-Gatehouse-User=alice", "all.X-Gatehouse-User=[alice]")
        .contains("header.X_Gatehouse_User=null", "int=-1", "date=-1")
        .doesNotContain("name=Remote-User")
        .noneMatch(line -> line.contains("mallory") || line.contains("77"))
        .noneMatch(line -> line.contains("1994"));
  }

  @Test
  @Rule("TH-HDR-5")
  void numbersAndDatesOfOtherFieldsAreRead() {
    assertThat(
            lines(
                container.get(
                    APP + "/spy",
                    "X-Harmless-Level: 77",
                    "X-Harmless-Date: Sun, 06 Nov 1994 08:49:37 GMT")))
        .contains("int-harmless=77", "date-harmless=784111777000");
  }

  @Test
  @Rule("TH-HDR-2")
  void trailerFieldsOfTheGatewayAreDropped() {
    String body = "1\r\nx\r\n0\r\nX-Gatehouse-User: mallory\r\nX-Harmless: late\r\n\r\n";

    Reply reply =
        container.ask(
            "POST",
            APP + "/spy",
            body,
            "Transfer-Encoding: chunked",
            "Trailer: X-Gatehouse-User, X-Harmless");

    assertThat(lines(reply))
        .anyMatch(line -> line.equalsIgnoreCase("trailers={x-harmless=late}"))
        .noneMatch(line -> line.contains("mallory"));
  }

  @Test
  @Rule("TH-SES-6")
  void theAppSeesItsOwnCookiesOnly() {
    assertThat(lines(container.get(APP + "/spy", "Cookie: a=1; gh_s=secret; b=2")))
        .contains("cookie-header=a=1; b=2", "cookie=a=1", "cookie=b=2")
        .noneMatch(line -> line.contains("secret"));
    assertThat(lines(container.get(APP + "/spy", "Cookie: gh_s=secret")))
        .contains("cookie-header=null")
        .noneMatch(line -> line.startsWith("cookie=") || line.equalsIgnoreCase("name=cookie"));
  }

  @Test
  @Rule("TH-HDR-5")
  void nobodyIsNobodyInEveryMethod() {
    passAs(FakeForward.nobody(Access.OPTIONAL));

    assertThat(lines(container.get(APP + "/spy", "X-Gatehouse-User: mallory")))
        .contains("header.X-Gatehouse-User=null", "all.X-Gatehouse-User=[]", "user=null")
        .contains("principal=null", "auth-type=null", "staff=false", "any-role=false")
        .contains("identity=null")
        .noneMatch(line -> line.contains("mallory"));
  }

  @Test
  void logoutOfTheAppHoldsForTheRestOfTheRequest() {
    assertThat(lines(container.get(APP + "/logout")))
        .contains("user=null", "principal=null", "auth-type=null", "staff=false", "identity=null");
    assertThat(lines(container.get(APP + "/spy"))).contains("user=alice");
  }

  @Test
  void authenticateSaysWhetherThereIsAUser() {
    assertThat(container.get(APP + "/authenticate").text()).startsWith("true");

    passAs(FakeForward.nobody(Access.OPTIONAL));

    Reply redirect = container.get(APP + "/authenticate?a=1&b=2");
    assertThat(redirect.status()).isEqualTo(302);
    assertThat(redirect.location()).endsWith("/app/gatehouse/login?rd=%2F%3Fa%3D1%26b%3D2");
    assertThat(container.ask("POST", APP + "/authenticate", "").status()).isEqualTo(401);

    passAs(FakeForward.nobody(Access.ANONYMOUS));

    assertThat(container.get(APP + "/authenticate").status()).isEqualTo(401);
  }

  @Test
  @Rule("TH-LEAK-15")
  void authenticateLeadsBackWithoutATokenThatIsOnlyReported() {
    passAs(FakeForward.nobody(Access.OPTIONAL));

    Reply redirect = container.get(APP + "/authenticate?a=1&access_token=T0K3N&b=2");

    assertThat(redirect.location()).endsWith("/app/gatehouse/login?rd=%2F%3Fa%3D1%26b%3D2");
  }

  @Test
  @Rule("TH-AUTHZ-15")
  void theAppCannotLogInWithAPassword() {
    assertThat(container.get(APP + "/login").status()).isEqualTo(500);
  }
}
