package dev.gatehouse.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.testkit.Allocation;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers of a user are made once for a session or a token, and not for a request. */
class IdentityFieldsOnceTest {
  private static final String EVERYTHING =
      """
      bearer: {audience: https://api.example, validation: jwt}
      rules:
        - {path: /api/**, access: bearer}
      identity:
        encoding: utf-8
        lists: repeat
        assertion: {audience: 'https://app.example/orders', claims: [groups]}
      """;

  private static List<HeaderField> told(Scene scene, FakeRequest request) {
    Decision decision = scene.gate().decide(request);
    assertThat(decision).isInstanceOf(Decision.ToApp.class);
    Forward forward = ((Decision.ToApp) decision).forward();
    return forward.added().stream()
        .filter(field -> !field.name().startsWith("X-Forwarded-"))
        .toList();
  }

  private static FakeRequest of(Browser browser, String path) {
    return FakeRequest.get(path)
        .with("Cookie", browser.cookieField())
        .with("Sec-Fetch-Site", "same-origin");
  }

  private static void assertSame(List<HeaderField> one, List<HeaderField> other) {
    assertThat(one).isNotEmpty().hasSameSizeAs(other);
    Map<HeaderField, Boolean> objects = new IdentityHashMap<>();
    one.forEach(field -> objects.put(field, true));
    assertThat(other).allMatch(objects::containsKey);
  }

  @ParameterizedTest
  @Rule("TH-HDR-13")
  @ValueSource(
      strings = {
        "  authorization: none\n",
        "  authorization: none\nsession: {store: cookie}\n",
        "  authorization: bearer-assertion\n",
        "  authorization: basic\n  basic: {password: between-app-and-gateway}\n",
        "  authorization: bearer-access-token\n",
      })
  void requestsOfASessionShareTheVeryFields(String changes) {
    try (Scene scene = Scene.open(DoorKind.PROXY, EVERYTHING + changes)) {
      Browser user = scene.signedIn(Plan.honest().claim("name", "山田"));

      List<HeaderField> first = told(scene, of(user, "/x"));

      assertThat(first)
          .extracting(HeaderField::name)
          .contains("X-Gatehouse-User", "X-Gatehouse-Assertion");
      assertSame(first, told(scene, of(user, "/x")));
      assertSame(first, told(scene, of(user, "/other")));
    }
  }

  @Test
  @Rule("TH-HDR-13")
  void requestsWithOneTokenShareThemToo() {
    try (Scene scene = Scene.open(DoorKind.PROXY, EVERYTHING)) {
      String token =
          scene.op().accessToken(TokenRecipe.correct().header("typ", "at+jwt"), Map.of());
      FakeRequest request = FakeRequest.get("/api/x").with("Authorization", "Bearer " + token);
      scene.browser().send(Ask.get("/api/x").header("Authorization", "Bearer " + token));

      assertSame(told(scene, request), told(scene, request));
    }
  }

  @Test
  void anotherUserGetsOthers() {
    try (Scene scene = Scene.open(DoorKind.PROXY, EVERYTHING)) {
      List<HeaderField> one = told(scene, of(scene.signedIn(), "/x"));
      List<HeaderField> other = told(scene, of(scene.signedIn(), "/x"));

      assertThat(Set.copyOf(one))
          .doesNotContainAnyElementsOf(
              other.stream().filter(field -> field.name().endsWith("Assertion")).toList());
    }
  }

  @Test
  void whatProvesTheUserCostsARequestNextToNothing() {
    double plain = bytes("");
    double all = bytes(EVERYTHING);

    assertThat(all - plain).isLessThan(256);
  }

  private static double bytes(String changes) {
    try (Scene scene = Scene.open(DoorKind.PROXY, changes)) {
      FakeRequest request = of(scene.signedIn(), "/x");
      return Allocation.bytesPerRun(() -> scene.gate().decide(request));
    }
  }
}
