package dev.gatehouse.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.gate.RequestPath.Parsed;
import dev.gatehouse.testkit.Allocation;
import dev.gatehouse.testkit.AttackList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {

  static List<List<String>> tricks() {
    return AttackList.columnsOf("path-tricks.txt");
  }

  @Rule("TH-PATH-2")
  @Rule("TH-PATH-3")
  @Rule("TH-PATH-4")
  @Rule("TH-PATH-5")
  @ParameterizedTest
  @MethodSource("tricks")
  void ambiguousPathIsRefusedAndItsMendedTwinIsNot(List<String> trick) {
    assertThat(parse(trick.get(2))).isInstanceOf(Parsed.Ok.class);

    assertThat(parse(trick.get(1))).isEqualTo(new Parsed.Refused(trick.get(0)));
  }

  @Rule("TH-PATH-2")
  @ParameterizedTest
  @MethodSource("tricks")
  void basePathHidesNoAmbiguity(List<String> trick) {
    String below = trick.get(1).startsWith("/") ? "/shop" + trick.get(1) : trick.get(1);

    assertThat(RequestPath.parse(below, "/shop", Optional.empty()))
        .isInstanceOf(Parsed.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/admin",
        "/admin/",
        "/a/b/c.html",
        "/a.b/..c/d../e...f",
        "/~user/-_.!$&'()*+,=:@",
        "/file.tar.gz",
        "/a..b"
      })
  void plainPathIsJudgedAndForwardedAsItCame(String raw) {
    RequestPath path = ok(raw);

    assertThat(path).isEqualTo(new RequestPath(raw, raw, false));
  }

  @Rule("TH-PATH-1")
  @Rule("TH-PATH-10")
  @ParameterizedTest
  @CsvSource({
    "/%61dmin, /admin, /admin",
    "/%41%5a%7e%2d%5F%39, /AZ~-_9, /AZ~-_9",
    "/a%2ejson, /a.json, /a.json",
    "/.well-known/x, /.well-known/x, /.well-known/x",
    "/%2ewell-known, /.well-known, /.well-known",
    "/a%20b, /a b, /a%20b",
    "/%e5%B1%b1, /山, /%e5%B1%b1",
    "/%F0%9F%98%80, /😀, /%F0%9F%98%80",
    "/a%25b, /a%b, /a%25b",
    "/100%2525, /100%25, /100%2525",
    "/what%3f%23, /what?#, /what%3f%23",
    "/a%21+%2b, /a!++, /a%21+%2b",
    "/%25zz, /%zz, /%25zz",
    "/a|b[1]{2}^\"<>`, /a|b[1]{2}^\"<>`, /a%7Cb%5B1%5D%7B2%7D%5E%22%3C%3E%60"
  })
  void escapedPathIsDecodedOnceForTheRulesAndKeptForTheApp(
      String raw, String canonical, String forwarded) {
    assertThat(ok(raw)).isEqualTo(new RequestPath(canonical, forwarded, false));
  }

  @Rule("TH-PATH-4")
  @ParameterizedTest
  @CsvSource({
    "/admin;jsessionid=1, /admin",
    "/a/b.jsp;jsessionid=0A1B2C.node-1, /a/b.jsp",
    "/x;jsessionid=abc!123!456, /x",
    "/%61dmin;jsessionid=a:b=c, /admin"
  })
  void sessionIdAtTheEndIsTakenOffAndCounted(String raw, String expected) {
    assertThat(ok(raw)).isEqualTo(new RequestPath(expected, expected, true));
  }

  @Test
  void asteriskIsNoPathBelowAnyBase() {
    RequestPath asterisk = new RequestPath("*", "*", false);

    assertThat(ok("*")).isEqualTo(asterisk);
    assertThat(RequestPath.parse("*", "/shop", Optional.empty()))
        .isEqualTo(new Parsed.Ok(asterisk));
  }

  @Test
  void nothingIsNoPath() {
    assertThat(parse(null)).isEqualTo(new Parsed.Refused("not-a-path"));
    assertThat(parse("")).isEqualTo(new Parsed.Refused("not-a-path"));
  }

  @ParameterizedTest
  @CsvSource({
    "/shop/x, /x, /shop/x",
    "/shop/, /, /shop/",
    "/shop, /, /shop",
    "/%73hop/%61, /a, /shop/a",
    "/shop;jsessionid=1, /, /shop"
  })
  void basePathIsTakenOffForTheRulesOnly(String raw, String canonical, String forwarded) {
    assertThat(RequestPath.parse(raw, "/shop", Optional.empty()))
        .isEqualTo(
            new Parsed.Ok(new RequestPath(canonical, forwarded, raw.contains(";jsessionid"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/x", "/shopping", "/SHOP/x", "/sho", "/x/shop/y"})
  void pathBesideTheBasePathIsRefused(String raw) {
    assertThat(RequestPath.parse(raw, "/shop", Optional.empty()))
        .isEqualTo(new Parsed.Refused("outside-base-path"));
  }

  @Test
  void basePathMayItselfBeEscaped() {
    assertThat(RequestPath.parse("/caf%c3%A9/x", "/caf%C3%A9", Optional.empty()))
        .isEqualTo(new Parsed.Ok(new RequestPath("/x", "/caf%c3%A9/x", false)));
  }

  @Rule("TH-PATH-9")
  @ParameterizedTest
  @CsvSource({
    "/admin, /admin",
    "/a%20b/c, /a b/c",
    "/admin;jsessionid=1, /admin",
    "/, /",
    "/, ''",
    "/, /index.jsp",
    "/docs/, /docs/faces/index.xhtml"
  })
  void pathThatTheContainerReadsTheSameWayPasses(String raw, String mapped) {
    assertThat(RequestPath.parse(raw, "", Optional.of(mapped))).isInstanceOf(Parsed.Ok.class);
  }

  @Rule("TH-PATH-9")
  @ParameterizedTest
  @CsvSource({
    "/public, /admin",
    "/public, /public/",
    "/public, /public/admin",
    "/public/, /admin/",
    "/public/, /public",
    "/ADMIN, /admin",
    "/a%20b, /a+b",
    "/x, ''"
  })
  void pathThatTheContainerReadsOtherwiseIsRefused(String raw, String mapped) {
    assertThat(RequestPath.parse(raw, "", Optional.of(mapped)))
        .isEqualTo(new Parsed.Refused("mapping-mismatch"));
  }

  @Test
  void plainPathAllocatesNothingButItsResult() {
    Optional<String> none = Optional.empty();

    double bytes =
        Allocation.bytesPerRun(() -> RequestPath.parse("/a/b/c.html", "", none).hashCode());

    // The record, and the Ok around it.
    assertThat(bytes).isLessThanOrEqualTo(24 + 16);
  }

  private static RequestPath ok(String raw) {
    assertThat(parse(raw)).isInstanceOf(Parsed.Ok.class);
    return ((Parsed.Ok) parse(raw)).path();
  }

  private static Parsed parse(String raw) {
    return RequestPath.parse(raw, "", Optional.empty());
  }
}
