package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.config.PathPrefix;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.gate.RequestPath;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * References, cookies and paths whose prefix is another at the app, and what hostile ones become.
 */
class AppReferencesTest {
  private static final PublicUrl PUBLIC = new PublicUrl("https", "app.example", "");
  private static final List<URI> APP = List.of(URI.create("http://app.internal:8080"));

  private static String rewritten(String publicPrefix, String appPrefix, String reference) {
    return new AppReferences(new AppOrigins(APP, PUBLIC), new PathPrefix(publicPrefix, appPrefix))
        .rewrite(reference, appPrefix + "/a/b");
  }

  @ParameterizedTest
  @Rule("TH-HTTP-12")
  @CsvSource({
    // What would be another host to a browser is kept at this one.
    "/legacy//evil.example, https://app.example//evil.example",
    "/legacy/\\evil.example, https://app.example/\\evil.example",
    "/legacy/x/..//evil.example, https://app.example//evil.example",
    "/legacy/%2e%2E/legacy//evil.example, https://app.example//evil.example",
    "/legacy, /",
    "/legacy?x, /?x",
    "/legacy/a, /a",
    "//evil.example/legacy/a, //evil.example/legacy/a",
    "/\\evil.example/legacy, /\\evil.example/legacy",
    "http://app.internal:8080/legacy//evil.example, https://app.example//evil.example",
    "http://app.internal:8080@evil.example/legacy/a, http://app.internal:8080@evil.example/legacy/a"
  })
  void aRewrittenReferenceNeverLeadsElsewhere(String reference, String expected) {
    assertThat(rewritten("", "/legacy", reference)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "/, /shop/",
    "http://app.internal:8080, https://app.example/shop/",
    "http://app.internal:8080?a, https://app.example/shop/?a",
    "/x/../y, /shop/y",
    "../../../y, /shop/y",
    "../y, /shop/y",
    "y, y",
    "./y, ./y",
    "javascript:alert(1), javascript:alert(1)",
    "a:b/../c, a:b/../c"
  })
  void whereThePrefixIsNoneAllIsBelowThePublicOne(String reference, String expected) {
    assertThat(rewritten("/shop", "", reference)).isEqualTo(expected);
  }

  @Property
  void noValueThrowsAndNoneGrowsALine(
      @ForAll("hostile") String value,
      @ForAll("prefixes") String publicPrefix,
      @ForAll("prefixes") String appPrefix) {
    String reference = rewritten(publicPrefix, appPrefix, value);
    String cookie =
        new AppCookies(
                List.of("app.internal"), "app.example", new PathPrefix(publicPrefix, appPrefix))
            .rewrite(value);

    for (char c : new char[] {'\r', '\n', '\0'}) {
      if (value.indexOf(c) < 0) {
        assertThat(reference).doesNotContain("" + c);
        assertThat(cookie).doesNotContain("" + c);
      }
    }
    // Never more than the prefix and the origin in addition.
    assertThat(reference.length()).isLessThan(value.length() + 64);
  }

  @Provide
  Arbitrary<String> hostile() {
    return Arbitraries.of(
            "/",
            "//",
            "\\",
            "..",
            ".",
            "%2e",
            "?",
            "#",
            ";",
            "=",
            "a",
            "legacy",
            "shop",
            "http:",
            "app.internal:8080",
            "evil.example",
            "Path=",
            "Domain=",
            "__Host-",
            ",",
            " ",
            "\t",
            "\"",
            "<",
            ">",
            "[",
            "]",
            ":",
            "\u00e9")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> prefixes() {
    return Arbitraries.of("", "/shop", "/legacy", "/legacy/app", "/a.b");
  }

  @Property
  @Rule("TH-PATH-1")
  void thePathThatWasJudgedIsThePathThatArrives(
      @ForAll("paths") String raw, @ForAll("prefixes") String appPrefix) {
    PathPrefix prefix = new PathPrefix("/base/shop", appPrefix);
    if (!(RequestPath.parse("/base/shop" + raw, "/base", Optional.empty())
        instanceof RequestPath.Parsed.Ok judged)) {
      return;
    }
    if (!judged.path().canonical().startsWith("/shop/")) {
      return; // no route would lead here
    }

    String sent = prefix.toApp(judged.path().forwarded());

    assertThat(RequestPath.parse(sent, "", Optional.empty()))
        .isInstanceOfSatisfying(
            RequestPath.Parsed.Ok.class,
            ok ->
                assertThat(ok.path().canonical())
                    .isEqualTo(appPrefix + judged.path().canonical().substring("/shop".length())));
    assertThat(prefix.toPublic(sent)).isEqualTo(judged.path().forwarded());
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.of(
            "/",
            "a",
            "b",
            ".",
            "..",
            "%2e",
            "%2E%2e",
            "%41",
            "%20",
            "%c3%a9",
            "{",
            "~",
            "shop",
            "base",
            ";jsessionid=1",
            ";",
            "%3b",
            "%2f",
            "%5c",
            "'",
            "+",
            "%00",
            "%25")
        .list()
        .ofMaxSize(8)
        .map(parts -> "/" + String.join("", parts));
  }

  @Test
  @Rule("TH-PATH-4")
  void aSessionIdStaysOnItsSegmentOrGoes() {
    assertThat(new PathPrefix("/shop", "/legacy").toApp("/shop;jsessionid=1"))
        .isEqualTo("/legacy;jsessionid=1");
    assertThat(new PathPrefix("/shop", "").toApp("/shop;jsessionid=1")).isEqualTo("/");
    assertThat(new PathPrefix("/shop", "").toApp("/shop/a;jsessionid=1"))
        .isEqualTo("/a;jsessionid=1");
    assertThat(new PathPrefix("/shop", "").toApp("*")).isEqualTo("*");
  }
}
