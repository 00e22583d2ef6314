package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.gate.RequestPath.Parsed;
import dev.gatehouse.testkit.AttackList;
import java.net.URI;
import java.net.URLEncoder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnTargetTest {
  private static final PublicUrl APP = PublicUrl.of(URI.create("https://app.example"));
  private static final PublicUrl SHOP = PublicUrl.of(URI.create("https://app.example/shop"));
  private static final List<String> NONE = List.of();
  private static final List<String> LISTED =
      List.of("https://app.example", "https://other.example:8443");

  static List<String> attacks() {
    return AttackList.of("open-redirects.txt");
  }

  @Rule("TH-REDIR-2")
  @Rule("TH-REDIR-3")
  @Rule("TH-REDIR-5")
  @ParameterizedTest
  @MethodSource("attacks")
  void attackEndsAtTheRoot(String attack) {
    for (List<String> allowed : List.of(NONE, LISTED)) {
      assertThat(ReturnTarget.safe(attack, APP, allowed)).isEqualTo("/");
      assertThat(ReturnTarget.safe(URLEncoder.encode(attack, UTF_8), APP, allowed)).isEqualTo("/");
      assertThat(ReturnTarget.safe(attack, SHOP, allowed)).isEqualTo("/shop/");
    }
  }

  static List<String> escapedAttacks() {
    // Broken escapes cannot be decoded; they are attacks as they are.
    return attacks().stream().filter(attack -> !attack.matches(".*%(?![0-9A-Fa-f]{2}).*")).toList();
  }

  @Rule("TH-REDIR-2")
  @ParameterizedTest
  @MethodSource("escapedAttacks")
  void attackDecodedOnceEndsAtTheRoot(String attack) {
    String decoded = ServletReading.decoded(attack);

    assertThat(ReturnTarget.safe(decoded, APP, NONE)).isEqualTo("/");
    assertThat(ReturnTarget.safe(decoded, APP, LISTED)).isEqualTo("/");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/ /",
        "/x /x",
        "/x/ /x/",
        "/a/b.html?q=1&r=2 /a/b.html?q=1&r=2",
        "/x?q=%26&q=%27&b=a+b%20c&empty=&x /x?q=%26&q=%27&b=a+b%20c&empty=&x",
        "/x?next=//e.test /x?next=//e.test",
        "/x?next=https://e.test/%2f%5c%25%0d%0a;a /x?next=https://e.test/%2f%5c%25%0d%0a;a",
        "/x? /x?",
        "/x?? /x??",
        "/x#part /x",
        "/x#//e.test /x",
        "/x?q#part /x?q",
        "/a/../b /b",
        "/a/./b/. /a/b/",
        "/a/b/.. /a/",
        "/.. /",
        "/%2e%2e/x /x",
        "/%61bc /abc",
        "/%E5%B1%B1/%20x /%E5%B1%B1/%20x",
        "/x:80@y /x:80@y",
        "/@e.test /@e.test",
        "/:80@e.test /:80@e.test",
        "/https://e.test /",
        "/gatehousekeeping /gatehousekeeping",
        "/app/gatehouse/logout /app/gatehouse/logout",
        "/x?q=a|b{c}[d]^ /x?q=a%7Cb%7Bc%7D%5Bd%5D%5E",
        "/x?q=100% /x?q=100%25",
        "/x|y /x%7Cy"
      })
  void pageOfTheAppIsKept(String candidate, String target) {
    assertThat(ReturnTarget.safe(candidate, APP, NONE)).isEqualTo(target);
  }

  @Rule("TH-REDIR-3")
  @ParameterizedTest
  @CsvSource({
    "https://app.example/x?y=1, https://app.example/x?y=1",
    "https://app.example, https://app.example/",
    "https://app.example?y, https://app.example/?y",
    "https://app.example#@e.test, https://app.example/",
    "HTTPS://APP.Example:443/X, https://app.example/X",
    "https://other.example:8443/a/../b, https://other.example:8443/b",
    "https://other.example:8443/gatehousekeeping, https://other.example:8443/gatehousekeeping"
  })
  void absoluteUrlOfAnAllowedOriginIsKept(String candidate, String target) {
    assertThat(ReturnTarget.safe(candidate, APP, NONE)).isEqualTo("/");

    assertThat(ReturnTarget.safe(candidate, APP, LISTED)).isEqualTo(target);
  }

  @Rule("TH-REDIR-3")
  @Test
  void ownOriginCountsBelowTheBasePathOnly() {
    assertThat(ReturnTarget.safe("https://app.example/shop/x", SHOP, LISTED))
        .isEqualTo("https://app.example/shop/x");

    assertThat(ReturnTarget.safe("https://app.example/other", SHOP, LISTED)).isEqualTo("/shop/");
    assertThat(ReturnTarget.safe("https://app.example/shop/gatehouse/logout", SHOP, LISTED))
        .isEqualTo("/shop/");
  }

  @Test
  void targetStaysBelowTheBasePath() {
    assertThat(ReturnTarget.safe("/shop/x?y", SHOP, NONE)).isEqualTo("/shop/x?y");
    assertThat(ReturnTarget.safe("/shop", SHOP, NONE)).isEqualTo("/shop");

    assertThat(ReturnTarget.safe("/", SHOP, NONE)).isEqualTo("/shop/");
    assertThat(ReturnTarget.safe("/shopping", SHOP, NONE)).isEqualTo("/shop/");
    assertThat(ReturnTarget.safe("/shop/../x", SHOP, NONE)).isEqualTo("/shop/");
    assertThat(ReturnTarget.safe("/shop/gatehouse/logout", SHOP, NONE)).isEqualTo("/shop/");
  }

  @Rule("TH-REDIR-2")
  @Test
  void onlyOneParameterCounts() {
    assertThat(ReturnTarget.safe(List.of("/ok"), APP, NONE)).isEqualTo("/ok");

    assertThat(ReturnTarget.safe(List.of("/ok", "//e.test"), APP, NONE)).isEqualTo("/");
    assertThat(ReturnTarget.safe(List.of("/ok", "/ok"), APP, NONE)).isEqualTo("/");
    assertThat(ReturnTarget.safe(List.of(), APP, NONE)).isEqualTo("/");
  }

  @Rule("TH-REDIR-2")
  @Test
  void emptyOrMissingOneEndsAtTheRoot() {
    assertThat(ReturnTarget.safe("", APP, NONE)).isEqualTo("/");
    assertThat(ReturnTarget.safe((String) null, APP, NONE)).isEqualTo("/");
  }

  @Rule("TH-REDIR-2")
  @Test
  void longestTargetIs2048Characters() {
    String longest = "/" + "x".repeat(2047);

    assertThat(ReturnTarget.safe(longest, APP, NONE)).isEqualTo(longest);
    assertThat(ReturnTarget.safe(longest + "x", APP, NONE)).isEqualTo("/");
    assertThat(ReturnTarget.safe("/" + "x".repeat(4999), APP, NONE)).isEqualTo("/");
    assertThat(ReturnTarget.safe("/x?" + "|".repeat(2000), APP, NONE)).isEqualTo("/");
  }

  @Rule("TH-REDIR-1")
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      nullValues = "-",
      value = {
        "/x - /x",
        "/x '' /x?",
        "/secret/deep/page-1.html q=%26&q=%27&b=a+b%20c&empty=&x"
            + " /secret/deep/page-1.html?q=%26&q=%27&b=a+b%20c&empty=&x",
        "/x rd=//evil.example /x?rd=//evil.example",
        "/x q=%zz&p=100%|\"<> /x?q=%zz&p=100%|\"<>",
        "/x a=1;b=2?c=\\d /x?a=1;b=2?c=\\d",
        "/a%25b - /a%25b",
        "/%E5%B1%B1%20x/ y /%E5%B1%B1%20x/?y",
        "/a;jsessionid=1 q /a?q",
        "/%61 q /a?q"
      })
  void interceptedPageComesBackWithItsQueryByteForByte(String path, String query, String target) {
    assertThat(ReturnTarget.intercepted(path(path), query, APP)).isEqualTo(target);
  }

  @Rule("TH-REDIR-1")
  @Rule("TH-REDIR-5")
  @ParameterizedTest
  @ValueSource(strings = {"/gatehouse/logout", "/%67atehouse/callback", "/GATEHOUSE/x", "*"})
  void interceptedPathThatIsNoPageEndsAtTheRoot(String path) {
    assertThat(ReturnTarget.intercepted(path(path), "q", APP)).isEqualTo("/");
  }

  @Rule("TH-REDIR-4")
  @ParameterizedTest
  @ValueSource(
      strings = {"a\r\nSet-Cookie:x=1", "a\tb", "a b", "\u0000", "\u00e9", "a#b", "\u2028"})
  void interceptedQueryThatNoBrowserSendsEndsAtTheRoot(String query) {
    assertThat(ReturnTarget.intercepted(path("/x"), "ab", APP)).isEqualTo("/x?ab");

    assertThat(ReturnTarget.intercepted(path("/x"), query, APP)).isEqualTo("/");
  }

  @Rule("TH-REDIR-1")
  @Test
  void requestForAnotherHostInItsPathHasNoPathToComeBackTo() {
    assertThat(RequestPath.parse("//evil.example/x", "", Optional.empty()))
        .isEqualTo(new Parsed.Refused("empty-segment"));
    assertThat(ReturnTarget.safe("//evil.example/x", APP, NONE)).isEqualTo("/");
  }

  @Test
  void interceptedPageBelowTheBasePathKeepsIt() {
    Parsed parsed = RequestPath.parse("/shop/x", "/shop", Optional.empty());

    assertThat(ReturnTarget.intercepted(((Parsed.Ok) parsed).path(), "q", SHOP))
        .isEqualTo("/shop/x?q");
  }

  @Test
  void interceptedPageThatIsTooLongEndsAtTheRoot() {
    assertThat(ReturnTarget.intercepted(path("/x"), "q".repeat(2045), APP)).hasSize(2048);

    assertThat(ReturnTarget.intercepted(path("/x"), "q".repeat(2046), APP)).isEqualTo("/");
  }

  private static RequestPath path(String raw) {
    return ((Parsed.Ok) RequestPath.parse(raw, "", Optional.empty())).path();
  }
}
