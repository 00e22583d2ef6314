package dev.gatehouse.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.AttackList;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.LoginAttempt;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.SeenRequest;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What apps get that were written for other products, in names, value forms and lists. */
class IdentityPresetsTest extends ContractTest {
  private static final Map<String, List<String>> EXPECTED = new LinkedHashMap<>();

  static {
    EXPECTED.put(
        "gatehouse",
        List.of(
            "X-Gatehouse-User: alice-1",
            "X-Gatehouse-Email: alice@example.com",
            "X-Gatehouse-Groups: a b,x%2Cadmins"));
    EXPECTED.put(
        "oauth2-proxy",
        List.of(
            "X-Forwarded-User: alice-1",
            "X-Forwarded-Email: alice@example.com",
            "X-Forwarded-Groups: a b,x%2Cadmins",
            "X-Forwarded-Preferred-Username: alice"));
    EXPECTED.put(
        "auth-request",
        List.of(
            "X-Auth-Request-User: alice-1",
            "X-Auth-Request-Email: alice@example.com",
            "X-Auth-Request-Groups: a b,x%2Cadmins",
            "X-Auth-Request-Preferred-Username: alice"));
    EXPECTED.put(
        "mod-auth-openidc",
        List.of(
            "OIDC_CLAIM_sub: alice-1",
            "OIDC_CLAIM_iss: {op}",
            "OIDC_CLAIM_preferred_username: alice",
            "OIDC_CLAIM_name: Alicé A, Dr.",
            "OIDC_CLAIM_email: alice@example.com",
            "OIDC_CLAIM_email_verified: 1",
            "OIDC_CLAIM_groups: a b,x%2Cadmins"));
    EXPECTED.put(
        "remote-user",
        List.of(
            "Remote-User: alice-1",
            "Remote-Name: Alicé A, Dr.",
            "Remote-Email: alice@example.com",
            "Remote-Groups: a b,x%2Cadmins"));
    EXPECTED.put("webseal", List.of("iv-user: alice-1", "iv-groups: \"a%20b\",\"x%2Cadmins\""));
    EXPECTED.put(
        "siteminder",
        List.of(
            "SM_USER: alice-1",
            "SMUSER: alice-1",
            "SM_UNIVERSALID: alice-1",
            "SM_USERGROUPS: a b^x%2Cadmins"));
  }

  static List<String> presets() {
    return List.copyOf(EXPECTED.keySet());
  }

  private static final String NO_HEADERS = "identity: {headers: null, preset: %s}";

  private static Plan plan() {
    return Plan.honest()
        .claim("name", "Alicé A, Dr.")
        .claim("preferred_username", "alice")
        .claim("email_verified", true)
        .claim("groups", List.of("a b", "x,admins"));
  }

  private Scene open(String preset) {
    return Scene.open(door, NO_HEADERS.formatted(preset));
  }

  private static SeenRequest seen(Scene with, Browser browser, String path) {
    with.app().forget();
    assertThat(App.made(browser.get(path))).isTrue();
    return with.app().only();
  }

  /** As the app reads it: UTF-8 off the wire, a string from a servlet. */
  private String read(String value) {
    String utf8 = new String(value.getBytes(ISO_8859_1), UTF_8);
    return door.proxy() && !utf8.contains("\ufffd") ? utf8 : value;
  }

  @ParameterizedTest
  @MethodSource("presets")
  @Rule("TH-HDR-9")
  @Rule("TH-HDR-12")
  void appGetsExactlyTheHeadersOfItsProduct(String preset) {
    try (Scene with = open(preset)) {
      Browser user = with.signedIn(plan());
      List<HeaderField> without = seen(with, user, "/public/x").headers();
      List<String> added =
          seen(with, user, "/x").headers().stream()
              .filter(
                  field -> without.stream().noneMatch(o -> o.name().equalsIgnoreCase(field.name())))
              .map(field -> field.name() + ": " + read(field.value()))
              .toList();

      assertThat(added)
          .usingElementComparator(Comparator.comparing(IdentityPresetsTest::foldedName))
          .containsExactlyInAnyOrderElementsOf(
              EXPECTED.get(preset).stream()
                  .map(line -> line.replace("{op}", with.op().issuer()))
                  .toList());
    }
  }

  /** Containers may change the case of names; that of values counts. */
  private static String foldedName(String line) {
    int colon = line.indexOf(':');
    return line.substring(0, colon).toLowerCase(java.util.Locale.ROOT) + line.substring(colon);
  }

  @ParameterizedTest
  @MethodSource("presets")
  @Rule("TH-HDR-1")
  @Rule("TH-HDR-2")
  @Rule("TH-HDR-4")
  void noSpellingOfAnyPresetsNamesComesFromOutside(String preset) {
    Map<String, String> forged = new TreeMap<>();
    for (String name : AttackList.of("preset-spellings.txt")) {
      forged.put(name, "evil-admin");
    }
    try (Scene with = open(preset)) {
      for (Browser browser : List.of(with.signedIn(plan()), with.browser())) {
        for (String path : List.of("/public/x", "/optional/x")) {
          for (List<String> names : portions(List.copyOf(forged.keySet()))) {
            with.app().forget();
            Ask ask = Ask.get(path).header("X-Benign", "here");
            for (String name : names) {
              ask = ask.header(name, "evil-admin");
            }
            assertThat(App.made(browser.send(ask))).as("%s", names).isTrue();
            assertThat(with.app().only().header("X-Benign")).isEqualTo("here");
            assertThat(with.app().only().everything()).doesNotContain("evil-admin");
          }
        }
      }
    }
  }

  private static List<List<String>> portions(List<String> names) {
    return IntStream.range(0, (names.size() + 29) / 30)
        .mapToObj(i -> names.subList(i * 30, Math.min(names.size(), i * 30 + 30)))
        .toList();
  }

  @Test
  void headersOfTheConfigurationAddToAPresetAndReplace() {
    String changes =
        """
        identity:
          preset: oauth2-proxy
          headers:
            X-Gatehouse-User: null
            X-Gatehouse-Name: null
            X-Gatehouse-Email: null
            X-Gatehouse-Groups: null
            x_forwarded_user: email
            X-Name: name
          header-encodings: {X-Name: rfc2047}
          header-lists: {X-Forwarded-Groups: json}
        """;
    try (Scene with = Scene.open(door, changes)) {
      SeenRequest seen = seen(with, with.signedIn(plan()), "/x");

      assertThat(seen.header("x_forwarded_user")).isEqualTo("alice@example.com");
      assertThat(seen.headers("X-Forwarded-User")).isEmpty();
      assertThat(seen.header("X-Name")).isEqualTo("=?UTF-8?B?QWxpY8OpIEEsIERyLg==?=");
      assertThat(seen.header("X-Forwarded-Groups")).isEqualTo("[\"a b\",\"x,admins\"]");
      assertThat(seen.header("X-Forwarded-Email")).isEqualTo("alice@example.com");
    }
  }

  @ParameterizedTest
  @Rule("TH-HDR-8")
  @CsvSource(
      delimiter = '|',
      value = {
        "percent|山田% é|%E5%B1%B1%E7%94%B0%25 %C3%A9",
        "uri|山田% é|%E5%B1%B1%E7%94%B0%25%20%C3%A9",
        "rfc2047|山田% é|=?UTF-8?B?5bGx55SwJSDDqQ==?=",
        "base64url|山田% é|5bGx55SwJSDDqQ",
        "utf-8|山田 é|山田 é",
        "latin1-strict|Müller ÿ|Müller ÿ",
      })
  void textArrivesInTheDeclaredEncoding(String encoding, String name, String expected) {
    try (Scene with = Scene.open(door, "identity: {encoding: " + encoding + "}")) {
      SeenRequest seen = seen(with, with.signedIn(plan().claim("name", name)), "/x");
      String octets = seen.header("X-Gatehouse-Name");

      assertThat(encoding.equals("utf-8") ? read(octets) : octets).isEqualTo(expected);
    }
  }

  @Test
  @Rule("TH-HDR-7")
  @Rule("TH-HDR-8")
  void whatAnEncodingCannotCarryRefusesTheLogin() {
    assertRefused("latin1-strict", "Ōta", "Müller");
    assertRefused("latin1-strict", "user ", "user");
    assertRefused("utf-8", " 山田", "山田");
    for (String encoding : List.of("utf-8", "latin1-strict", "base64url", "rfc2047", "percent")) {
      assertRefused(encoding, "a\r\nX-Injected: 1", "a X-Injected: 1");
      assertRefused(encoding, "a\u0085b", "ab");
    }
  }

  private void assertRefused(String encoding, String bad, String good) {
    try (Scene with = Scene.open(door, "identity: {encoding: " + encoding + "}")) {
      LoginAttempt attempt = with.login(with.browser(), "/x").plan(plan().claim("name", bad));
      assertThat(attempt.comeBack().status()).as(encoding).isEqualTo(502);
      assertThat(with.app().seen()).isEmpty();
      // The same with the one thing mended.
      assertThat(with.userSeen(with.signedIn(plan().claim("name", good)), "/x")).isNotNull();
    }
  }

  @Test
  @Rule("TH-HDR-9")
  @Rule("TH-HDR-10")
  void repeatedFieldsCarryAnItemEachAndNotTooMany() {
    try (Scene with = Scene.open(door, "identity: {lists: repeat}")) {
      Browser user = with.signedIn(plan());
      assertThat(seen(with, user, "/x").headers("X-Gatehouse-Groups"))
          .containsExactly("a b", "x%2Cadmins");
      List<String> fifty = IntStream.range(0, 50).mapToObj(i -> "g" + i).toList();
      assertThat(
              seen(with, with.signedIn(plan().claim("groups", fifty)), "/x")
                  .headers("X-Gatehouse-Groups"))
          .isEqualTo(fifty);

      List<String> more = IntStream.range(0, 51).mapToObj(i -> "g" + i).toList();
      LoginAttempt attempt = with.login(with.browser(), "/x").plan(plan().claim("groups", more));
      assertThat(attempt.comeBack().status()).isEqualTo(502);
    }
  }

  @Test
  @Rule("TH-HDR-12")
  @Rule("TH-HDR-5")
  void appCallsTheUserByTheClaimThatIsConfigured() {
    String changes =
        "identity: {headers: null, preset: siteminder, remote-user: preferred_username}";
    try (Scene with = Scene.open(door, changes)) {
      SeenRequest seen = seen(with, with.signedIn(plan()), "/x");

      assertThat(seen.header("SM_USER")).isEqualTo("alice");
      assertThat(seen.header("SM_UNIVERSALID")).isEqualTo("alice-1");
      if (!door.proxy()) {
        assertThat(seen.remoteUser()).contains("alice");
      }
    }
  }

  @Test
  @Rule("TH-HDR-11")
  @Rule("TH-HDR-12")
  void userWithoutThatClaimIsNobodyRatherThanSomebodyElse() {
    String changes = "identity: {headers: null, preset: remote-user, remote-user: email}";
    try (Scene with = Scene.open(door, changes)) {
      for (Plan plan :
          List.of(
              plan().claim("email", null),
              plan().claim("email_verified", false),
              plan().claim("email_verified", null))) {
        LoginAttempt attempt = with.login(with.browser(), "/x").plan(plan);
        assertThat(attempt.comeBack().status()).isEqualTo(403);
      }
      assertThat(with.app().seen()).isEmpty();
      assertThat(seen(with, with.signedIn(plan()), "/x").header("Remote-User"))
          .isEqualTo("alice@example.com");
    }
  }

  @ParameterizedTest
  @Rule("TH-IDT-16")
  @CsvSource({
    "oauth2-proxy, X-Forwarded-Email",
    "auth-request, X-Auth-Request-Email",
    "remote-user, Remote-Email",
  })
  void addressThatTheOpSaysIsNotVerifiedIsNotTold(String preset, String header) {
    try (Scene with = open(preset)) {
      for (Object denied : List.of(false, "false", "true")) {
        Browser user = with.signedIn(plan().claim("email_verified", denied));
        assertThat(seen(with, user, "/x").headers(header)).isEmpty();
      }
      Browser verified = with.signedIn(plan());
      assertThat(seen(with, verified, "/x").header(header)).isEqualTo("alice@example.com");
      // Some OPs never say.
      Browser unsaid = with.signedIn(plan().claim("email_verified", null));
      assertThat(seen(with, unsaid, "/x").header(header)).isEqualTo("alice@example.com");
    }
  }

  @Test
  @Rule("TH-HDR-3")
  @Rule("TH-HTTP-2")
  void connectionFieldCannotNameAPresetsHeader() {
    try (Scene with = open("webseal")) {
      Browser user = with.signedIn(plan());
      for (String named : List.of("iv-user", "IV_USER", "iv-groups", "iv.creds", "SM_USER")) {
        with.app().forget();
        assertThat(user.send(Ask.get("/x").header("Connection", "close, " + named)).status())
            .as(named)
            .isEqualTo(400);
        assertThat(with.app().seen()).isEmpty();
      }
      with.app().forget();
      assertThat(App.made(user.send(Ask.get("/x").header("Connection", "close, X-Hop")))).isTrue();
      assertThat(with.app().only().header("iv-user")).isEqualTo("alice-1");
    }
  }

  @Test
  @Rule("TH-HDR-2")
  void trailerBringsNoHeaderOfAPreset() {
    try (Scene with = open("siteminder")) {
      Browser user = with.signedIn(plan());
      String fields =
          List.of("SM_USER", "SM-User", "smuser", "X-Auth-Request-User", "OIDC_CLAIM_sub").stream()
              .map(name -> name + ": evil-admin\r\n")
              .collect(Collectors.joining());
      for (String trailers : List.of(fields, "X-Benign: here\r\n")) {
        with.app().forget();
        String head =
            "POST /x HTTP/1.1\r\nHost: app.example\r\nAccept: text/html\r\nCookie: "
                + user.cookieField()
                + "\r\nOrigin: https://app.example\r\nSec-Fetch-Site: same-origin\r\n"
                + "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n"
                + "Connection: close\r\n\r\n";
        assertThat(user.raw(head + "3\r\nabc\r\n0\r\n" + trailers + "\r\n"))
            .hasValueSatisfying(reply -> assertThat(App.made(reply)).isTrue());
        assertThat(with.app().only().everything()).doesNotContain("evil-admin");
        assertThat(with.app().only().header("SM_USER")).isEqualTo("alice-1");
      }
    }
  }
}
