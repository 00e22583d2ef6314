package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.TokenRecipe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Claims inside objects, as Keycloak sends roles, follow a refresh like any other. */
class RefreshedRolesTest extends ContractTest {
  private static final long LIFE = 300;

  @Override
  protected String configuration() {
    return """
        rules:
          - {path: /admin/**, access: login, require: {realm_access.roles: admins}}
        """;
  }

  @Test
  void aRoleThatTheOpTookAwayIsGoneAfterTheRefresh() {
    Browser browser =
        scene.signedIn(
            Plan.honest()
                .claim("realm_access", Map.of("roles", List.of("admins")))
                .refreshable(LIFE)
                .refreshedIdToken(
                    TokenRecipe.correct()
                        .claim("realm_access", Map.of("roles", List.of("users")))));
    assertThat(App.made(browser.get("/admin/x"))).isTrue();

    scene.clock().pass(Duration.ofSeconds(LIFE - 10));
    scene.app().forget();

    assertThat(browser.get("/admin/x").status()).isEqualTo(403);
    assertAppUnreached();
    assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");
  }

  @Test
  void aClaimThatTheOpSaysNoMoreIsGoneAfterTheRefresh() {
    Plan user =
        Plan.honest().claim("realm_access", Map.of("roles", List.of("admins"))).refreshable(LIFE);
    Browser browser = scene.signedIn(user);
    scene.clock().pass(Duration.ofSeconds(LIFE - 10));
    assertThat(App.made(browser.get("/admin/x"))).isTrue();

    user.claim("realm_access", null);
    scene.clock().pass(Duration.ofSeconds(LIFE - 10));

    assertThat(browser.get("/admin/x").status()).isEqualTo(403);
    assertThat(scene.userSeen(browser, "/x")).isEqualTo("alice-1");
  }
}
