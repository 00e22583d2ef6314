package dev.gatehouse.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import org.junit.jupiter.api.Test;

class NavigationTest {
  private static final FakeRequest BROWSER =
      FakeRequest.get("/x")
          .with("Accept", "text/html,*/*;q=0.8")
          .with("Sec-Fetch-Mode", "navigate")
          .with("Sec-Fetch-Dest", "document");

  @Test
  @Rule("TH-AUTHZ-12")
  void aPersonWhoOpensAPageIsRecognised() {
    assertThat(Navigation.topLevel(BROWSER)).isTrue();
    assertThat(Navigation.topLevel(BROWSER.method("HEAD"))).isTrue();
    assertThat(Navigation.topLevel(FakeRequest.get("/x").with("Accept", "text/html"))).isTrue();
  }

  @Test
  @Rule("TH-AUTHZ-12")
  @Rule("TH-AUTHZ-13")
  void everythingElseIsNot() {
    assertThat(Navigation.topLevel(BROWSER.method("POST"))).isFalse();
    assertThat(Navigation.topLevel(BROWSER.with("Sec-Fetch-Mode", "cors"))).isFalse();
    assertThat(Navigation.topLevel(BROWSER.with("Sec-Fetch-Dest", "iframe"))).isFalse();
    assertThat(Navigation.topLevel(BROWSER.with("Sec-Fetch-Dest", "object"))).isFalse();
    assertThat(Navigation.topLevel(BROWSER.with("Sec-Purpose", "prefetch;prerender"))).isFalse();
    assertThat(Navigation.topLevel(BROWSER.with("Purpose", "prefetch"))).isFalse();
    assertThat(Navigation.topLevel(BROWSER.with("Upgrade", "websocket"))).isFalse();
    assertThat(Navigation.topLevel(BROWSER.with("X-Requested-With", "XMLHttpRequest"))).isFalse();
    assertThat(Navigation.topLevel(FakeRequest.get("/x").with("Accept", "application/json")))
        .isFalse();
    assertThat(Navigation.topLevel(FakeRequest.get("/x"))).isFalse();
  }

  @Test
  @Rule("TH-CSRF-1")
  @Rule("TH-CSRF-4")
  void onlyHintsThatAllSayHomeAreHome() {
    FakeRequest post = FakeRequest.get("/x").method("POST");
    String home = "https://app.example";

    assertThat(Navigation.sameOrigin(post.with("Origin", home), home)).isTrue();
    assertThat(Navigation.sameOrigin(post.with("Sec-Fetch-Site", "same-origin"), home)).isTrue();
    assertThat(Navigation.sameOrigin(post, home)).isFalse();
    for (String foreign :
        new String[] {
          "null",
          "https://app.example.evil.example",
          "http://app.example",
          "https://app.example:8443",
          "https://APP.example/",
          ""
        }) {
      assertThat(Navigation.sameOrigin(post.with("Origin", foreign), home)).as(foreign).isFalse();
    }
    assertThat(Navigation.sameOrigin(post.with("Origin", home, "https://evil.example"), home))
        .isFalse();
    assertThat(
            Navigation.sameOrigin(post.with("Sec-Fetch-Site", "same-origin", "cross-site"), home))
        .isFalse();
    for (String site : new String[] {"cross-site", "same-site", "none"}) {
      assertThat(
              Navigation.sameOrigin(post.with("Origin", home).with("Sec-Fetch-Site", site), home))
          .as(site)
          .isFalse();
    }
  }
}
