package dev.gatehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CookieJarTest {
  private static final CookieNames HTTPS = CookieNames.of(true);

  @Test
  void theSessionCookieIsFoundAmongOthers() {
    CookieJar jar = CookieJar.read(HTTPS, List.of("a=1; __Host-gh_s=S; b=2"));

    assertThat(jar.sessionChunks()).containsExactly("S");
    assertThat(jar.ambiguous()).isFalse();
  }

  @Test
  void transactionsAreFoundById() {
    CookieJar jar = CookieJar.read(HTTPS, List.of("__Host-gh_t.one=1; x=y", "__Host-gh_t.two=2"));

    assertThat(jar.transactions()).containsEntry("one", "1").containsEntry("two", "2").hasSize(2);
  }

  @ParameterizedTest
  @Rule("TH-SES-7")
  @ValueSource(
      strings = {
        "__Host-gh_s=A; __Host-gh_s=B",
        "__Host-gh_s=A; __Host-gh_s=A",
        "__Host-gh_s=A; __host-gh_s=B",
        "__Host-gh_s=A; gh_s=B",
        "__Host-gh_s=A; __Secure-gh_s=B",
        "__Host-gh_s=A; GH_S=B",
        "__Host-gh_s=A; __Host-gh_s.2=B",
        "__Host-gh_s=A; __Host-gh_s_chunks=99999999",
        "__Host-gh_s.1=A",
        "gh_s=A",
        "__Host-gh_s",
      })
  void lookalikesMakeTheSessionAmbiguous(String field) {
    assertThat(CookieJar.read(HTTPS, List.of("__Host-gh_s=A; other=B")).sessionChunks())
        .containsExactly("A");

    CookieJar jar = CookieJar.read(HTTPS, List.of(field));

    assertThat(jar.ambiguous()).isTrue();
    assertThat(jar.sessionChunks()).isEmpty();
  }

  @Test
  @Rule("TH-SES-7")
  void twoFieldLinesAreOneJar() {
    CookieJar jar = CookieJar.read(HTTPS, List.of("__Host-gh_s=A", "__Host-gh_s=B"));

    assertThat(jar.ambiguous()).isTrue();
  }

  @Test
  void chunksComeInTheirOrder() {
    CookieJar jar =
        CookieJar.read(HTTPS, List.of("__Host-gh_s.1=b; __Host-gh_s=a; __Host-gh_s.2=c"));

    assertThat(jar.sessionChunks()).containsExactly("a", "b", "c");
  }

  @Test
  @Rule("TH-SES-6")
  void theAppSeesItsOwnCookiesAsTheyCame() {
    assertThat(CookieJar.withoutOwn("a=1; __Host-gh_s=S; JSESSIONID=\"x y\"; __Host-gh_t.i=T; c"))
        .isEqualTo("a=1; JSESSIONID=\"x y\"; c");
    assertThat(CookieJar.withoutOwn("__Host-gh_s=S")).isNull();
    assertThat(CookieJar.withoutOwn("gh_s.1=S; gh_t.x=1; =; z==1;")).isEqualTo("z==1");
  }

  @Test
  @Rule("TH-DOS-9")
  void aFieldWithoutOurNamesIsNotTouched() {
    String field = "a=1;b=2;  c=\"3; ghost=4\"; $Version=1";

    assertThat(CookieJar.withoutOwn(field)).isSameAs(field);
  }

  @Test
  @Rule("TH-SES-6")
  void aSessionInsideQuotesDoesNotReachTheApp() {
    assertThat(CookieJar.withoutOwn("a=\"x; __Host-gh_s=S; y\"; b=1")).isEqualTo("a=\"x; y\"; b=1");
  }

  @Test
  @Rule("TH-SES-6")
  void reservedNamesAreRecognisedInEverySpelling() {
    for (String ours :
        List.of(
            "gh_s", "GH_S", "__Host-gh_s", "__HOST-GH_S", "__Secure-gh_s", "gh_t.x", "gh_s.3")) {
      assertThat(CookieNames.reserved(ours)).as(ours).isTrue();
    }
    for (String others : List.of("gh_session", "ghs", "gh_", "my_gh_s", "gh-s", "", "g")) {
      assertThat(CookieNames.reserved(others)).as(others).isFalse();
    }
  }

  @Test
  @Rule("TH-SES-3")
  @Rule("TH-SES-7")
  void aNameBehindASpaceOfUnicodeIsNotOurs() {
    assertThat(CookieJar.read(CookieNames.of(true), List.of("\t __Host-gh_s \t=a")).sessionChunks())
        .containsExactly("a");
    for (String space : List.of("\u2003", "\u3000", "\u2028", "\u001f", "\u000b")) {
      CookieJar jar =
          CookieJar.read(CookieNames.of(true), List.of(space + "__Host-gh_s=planted; x=1"));
      assertThat(jar.sessionChunks()).isEmpty();
    }
  }

  @Test
  @Rule("TH-SEC-6")
  void inWordsItTellsNoSecret() {
    CookieJar jar =
        CookieJar.read(CookieNames.of(true), List.of("__Host-gh_s=SECRET; __Host-gh_t.a=SEALED"));

    assertThat(jar.sessionChunks()).containsExactly("SECRET");
    assertThat(jar.toString()).doesNotContain("SECRET").doesNotContain("SEALED");
  }
}
