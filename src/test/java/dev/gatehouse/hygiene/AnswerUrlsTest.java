package dev.gatehouse.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens in the URLs to which an app sends a browser. */
class AnswerUrlsTest {
  private static final AnswerUrls URLS =
      new AnswerUrls(new TokenScanner(WatchedNames.BY_DEFAULT, false));

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "https://x/?access_token=T https://x/",
        "https://x/?access_token=T&a=1 https://x/?a=1",
        "https://x/?a=%2F&access_token=T&b https://x/?a=%2F&b",
        "https://x/?a=1&access_token=T https://x/?a=1",
        "https://x/?a=1&access_token=T#f https://x/?a=1#f",
        "https://x/#access_token=T https://x/",
        "https://x/?a=1#access_token=T&s=2 https://x/?a=1#s=2",
        "https://x/?access_token=a,b;c'd https://x/",
        "0;url=/p?access_token=T 0;url=/p",
        "0;url='/p?a=1&jwt=T' 0;url='/p?a=1'",
        "</a?jwt=T>;rel=x,</b?jwt=T&c=1> </a>;rel=x,</b?c=1>"
      })
  @Rule("TH-LEAK-13")
  void parameterIsTakenOut(String value, String clean) {
    assertThat(URLS.without(value)).contains(clean);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://x/p;access_token=T",
        "/%3Faccess_token=T",
        "javascript:go('access_token=T')",
        "/a; access_token=T"
      })
  @Rule("TH-LEAK-13")
  void whatCannotBeTakenOutIsNotMended(String value) {
    assertThat(URLS.find(value)).isNotEmpty();
    assertThat(URLS.without(value)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "https://op.example/authorize?response_type=code%20id_token&client_id=a&redirect_uri=https%3A%2F%2Fx%2Fcb&state=x&nonce=y",
        "https://op.example/logout?id_token_hint=abc&post_logout_redirect_uri=/",
        "/cb?code=abc&state=x",
        "/search?q=access_token",
        "/docs/access_token",
        "/p?token_type_hint=access_token",
        "/p?a=%",
        "5"
      })
  void otherUrlsAreLeftAlone(String value) {
    assertThat(URLS.find(value)).isEmpty();
    assertThat(URLS.without(value)).isEqualTo(Optional.of(value));
  }

  @Test
  @Rule("TH-LEAK-13")
  void encodedUrlWithinAUrlIsLookedInto() {
    assertThat(URLS.find("/p?next=https%3A%2F%2Fy%2F%3Faccess_token%3DT"))
        .extracting(BodyHit::name)
        .containsExactly("access_token");
  }
}
