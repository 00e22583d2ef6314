package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands print, and the exit status they end with: design page §4. */
class CommandLineTest {
  private static final Map<String, String> ENVIRONMENT = Map.of("SECRET", "Jx7-marker-of-a-secret");
  private static final String GOOD =
      """
      public-url: https://app.example/shop
      listen: 127.0.0.1:0
      upstream: http://127.0.0.1:8080
      provider: {issuer: https://op.example, client-id: gw, client-secret: '${env:SECRET}'}
      identity: {headers: {X-User: sub, X-Mail: email}, required: [X-User]}
      rules:
        - {path: /static/**, access: anonymous}
        - {path: /admin/**, access: login, require: {groups: admins}}
        - {path: /**, access: optional, methods: [GET]}
        - {path: /closed/**, access: deny}
      """;

  @TempDir Path folder;

  private record Outcome(int status, String out, String err) {}

  private static Outcome run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Commands.line(ENVIRONMENT)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Outcome(status, out.toString(), err.toString());
  }

  private String file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("gatehouse.yaml"), yaml).toString();
  }

  @Test
  void checkOfWhatHoldsEndsWithZero() throws IOException {
    String file = file(GOOD);

    for (Outcome outcome :
        List.of(run("check", "-c", file), run("check", "--strict", "-c", file))) {
      assertThat(outcome).isEqualTo(new Outcome(0, file + ": holds\n", ""));
    }
  }

  @Test
  void warningsFailTheStrictCheckAlone() throws IOException {
    String file = file(GOOD.replace("'${env:SECRET}'", "literal-4711"));

    Outcome lenient = run("check", "-c", file);
    Outcome strict = run("check", "--strict", "-c", file);

    assertThat(lenient.status()).isZero();
    assertThat(strict.status()).isEqualTo(1);
    assertThat(strict.out())
        .isEqualTo(lenient.out())
        .startsWith(file + ":4: warning: provider.client-secret: ")
        .contains("[secret-inline]\n")
        .endsWith(": holds, with 1 warning\n")
        .doesNotContain("4711");
  }

  @Test
  void checkListsAllProblemsWithLineKeyAndRemedy() throws IOException {
    String file = file(GOOD.replace("127.0.0.1:0", "nowhere").replace("/admin/**", "admin"));

    Outcome outcome = run("check", "-c", file);

    assertThat(outcome.status()).isEqualTo(78);
    assertThat(outcome.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith(file + ":2: error: listen: ").contains("ADDRESS"),
            line -> assertThat(line).startsWith(file + ":8: error: rules[1].path: ").contains("/"),
            line -> assertThat(line).isEqualTo(file + ": refused"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"check", "run"})
  void refusedConfigurationEndsWith78AndServesNothing(String command) throws IOException {
    String file = file(GOOD.replace("public-url:", "public-ulr:"));

    Outcome outcome = run(command, "-c", file);

    assertThat(outcome.status()).isEqualTo(78);
    assertThat(outcome.out() + outcome.err())
        .contains("public-ulr: is no setting; did you mean public-url?")
        .doesNotContain("ready:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"check", "run"})
  void missingFileEndsWith78(String command) {
    Outcome outcome = run(command, "-c", folder.resolve("none.yaml").toString());

    assertThat(outcome.status()).isEqualTo(78);
    assertThat(outcome.out() + outcome.err()).contains("none.yaml does not exist");
  }

  @Test
  void addressThatCannotBeListenedOnEndsWithOne() throws IOException {
    // 192.0.2.0/24 is for documentation (RFC 5737): no machine has it.
    String file =
        file(
            GOOD.replace("127.0.0.1:0", "192.0.2.1:8443")
                .replace("https://op.example", "https://127.0.0.1:9"));

    Outcome outcome = run("run", "-c", file);

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("cannot start");
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  @Rule("TH-SEC-9")
  @Rule("TH-RAND-2")
  void keygenPrintsAnother256BitsEachTime() {
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      Outcome outcome = run("keygen");
      assertThat(outcome.status()).isZero();
      assertThat(outcome.out()).matches("[A-Za-z0-9_-]{43}\n");
      assertThat(Base64.getUrlDecoder().decode(outcome.out().strip())).hasSize(32);
      keys.add(outcome.out());
    }
    assertThat(keys).hasSize(50);
  }

  @Test
  void versionNamesJavaAndBuild() {
    Outcome outcome = run("version");

    assertThat(outcome.status()).isZero();
    assertThat(outcome.out())
        .containsPattern("(?m)^gatehouse \\S+$")
        .contains("\njava " + Runtime.version())
        .containsPattern("(?m)^build \\S+");
    assertThat(run("--version").out()).isEqualTo(outcome.out());
  }

  @ParameterizedTest
  @CsvSource({"''", "audit", "check --no-such-option", "explain GET"})
  void wrongUsageEndsWithTwoAndShowsHelp(String arguments) {
    Outcome outcome = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("Usage: gatehouse");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET  | /shop/static/a.css               | line 7: /static/** access anonymous
          GET  | https://app.example/shop/static/ | line 7: /static/** access anonymous
          GET  | /shop/admin/x?y=/static/z        | line 8: /admin/** access login, require groups [admins]
          GET  | /shop/other                      | line 9: /** GET access optional
          POST | /shop/other                      | no rule names it: access login
          GET  | /shop/closed/x                   | 403 for everybody
          GET  | /shop/gatehouse/login            | by the gateway itself
          GET  | /other                           | 404: outside-base-path
          GET  | /shop/a%2fb                      | 400: forbidden-escape
          GET  | https://evil.example/shop/x      | 421
          GET  | https://app.example.evil/shop/x  | 421
          TRACE | /shop/x                         | 405
          """)
  void explainNamesTheRule(String method, String url, String expected) throws IOException {
    Outcome outcome = run("explain", "-c", file(GOOD), method, url);

    assertThat(outcome.status()).isZero();
    assertThat(outcome.out()).contains(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://app.example/x            | 302 to a page that lets the user choose a provider
          https://app.example/partners/x   | 302 to partners for a page
          https://app.example/partners/x   | access login, provider partners
          https://other.example/x          | 302 to staff for a page
          https://third.example/x          | 421: no other host is served
          """)
  void explainNamesTheProvider(String url, String expected) throws IOException {
    String several =
        """
        public-url: https://app.example
        listen: 127.0.0.1:0
        upstream: http://127.0.0.1:1
        providers:
          staff: {issuer: https://op.example, client-id: gw, client-secret: '${env:SECRET}'}
          partners: {issuer: https://two.example, client-id: gw, client-secret: '${env:SECRET}'}
        hosts: {other.example: staff}
        trusted-proxies: [10.0.0.0/8]
        rules:
          - {path: /partners/**, access: login, provider: partners}
        """;

    Outcome outcome = run("explain", "-c", file(several), "GET", url);

    assertThat(outcome.status()).as(outcome.out() + outcome.err()).isZero();
    assertThat(outcome.out()).contains(expected);
  }

  @Test
  void explainNamesTheUpstream() throws IOException {
    String several =
        GOOD
            + "\nupstreams:\n"
            + "  - {path: /old/**, targets: [http://a:1, unix:/b], replace-prefix: /legacy}\n";

    assertThat(run("explain", "-c", file(several), "GET", "/shop/old/x").out())
        .contains("upstream  /old/** → http://a:1, unix:/b, as /legacy/x");
    assertThat(run("explain", "-c", file(several), "GET", "/shop/x").out())
        .contains("upstream  /** → http://", ", as /shop/x");
    assertThat(run("explain", "-c", file(GOOD), "GET", "/shop/x").out())
        .doesNotContain("upstream  ");
  }

  @Test
  void explainShowsTheRulesThatGaveWay() throws IOException {
    Outcome outcome = run("explain", "-c", file(GOOD), "GET", "/shop/static/a.css");

    assertThat(outcome.out()).contains("not       line 9: /** GET access optional");
  }

  @Test
  void explainShowsPresetEncodingAndProofsWithoutASecret() throws IOException {
    String yaml =
        """
        identity:
          preset: webseal
          authorization: basic
          basic: {password: between-app-and-gateway}
          assertion: {audience: https://app.example/orders}
        """;

    Outcome outcome =
        explain(
            GOOD.replace(
                "identity: {headers: {X-User: sub, X-Mail: email}, required: [X-User]}\n", yaml),
            "{\"sub\": \"alice\", \"groups\": [\"a b\", \"c\"]}",
            "GET",
            "/shop/x");

    assertThat(outcome.out())
        .contains("iv-user: alice")
        .contains("iv-groups: \"a%20b\",\"c\"")
        .contains("X-Gatehouse-Assertion: (a JWT for https://app.example/orders")
        .contains("Authorization: (Basic and the shared password)")
        .doesNotContain("between-app-and-gateway");
  }

  @Test
  void explainShowsWhatTheAppReceives() throws IOException {
    Path claims = folder.resolve("claims.json");
    Files.writeString(claims, "{\"sub\": \"a,b%\", \"groups\": [\"admins\"]}");

    Outcome outcome =
        run("explain", "-c", file(GOOD), "GET", "/shop/admin/x", "--claims", claims.toString());

    assertThat(outcome.status()).isZero();
    assertThat(outcome.out())
        .contains("X-User: a%2Cb%25\n")
        .contains("(no X-Mail: this user has no such claim)")
        .contains("X-Forwarded-Host: app.example\n")
        .contains("roles     [admins]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"sub": "a", "groups": ["users"]}  | 403: this user lacks what the rule requires
          {"sub": "a", "groups": "Admins"}   | 403: this user lacks what the rule requires
          {"sub": "a\\r\\nX: b"}             | 502 at login: claim-chars
          """)
  void explainSaysWhyAUserIsRefused(String claims, String expected) throws IOException {
    Path file = Files.writeString(folder.resolve("claims.json"), claims);

    Outcome outcome =
        run("explain", "-c", file(GOOD), "GET", "/shop/admin/x", "--claims", file.toString());

    assertThat(outcome.out()).contains(expected).doesNotContain("X-User:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bearer          | {"sub": "a", "scope": "read write"} | true  | false
          bearer          | {"sub": "a", "scope": "reader"}     | false | true
          bearer          | {"sub": "a"}                        | false | true
          login-or-bearer | {"sub": "a"}                        | true  | true
          """)
  void explainJudgesScopes(String access, String claims, boolean passes, boolean lacking)
      throws IOException {
    Path user = Files.writeString(folder.resolve("claims.json"), claims);
    String rule = "  - {path: /api/**, access: " + access + ", scopes: [read]}\n";
    String file = file(GOOD + rule + "bearer: {audience: api}\n");

    Outcome outcome = run("explain", "-c", file, "GET", "/shop/api/x", "--claims", user.toString());

    assertThat(outcome.out().contains("X-User: a\n")).isEqualTo(passes);
    assertThat(outcome.out().contains("without the scopes [read]")).isEqualTo(lacking);
  }

  private static final String RICH =
      GOOD.replace(
              "rules:\n",
              """
              hosts: {other.example: provider}
              token-hygiene: strip
              rules:
                - {path: /in/**, access: login, networks: [10.0.0.0/8]}
                - {path: /lan/**, access: anonymous, networks: [10.0.0.0/8]}
                - {path: /there/**, access: anonymous, hosts: [other.example]}
                - {path: /gold/**, access: login, acr: [gold], max-age: 5m}
                - {path: /api/**, access: bearer, acr: [gold], cors-preflight: to-app}
                - {path: /form/**, access: login, cross-site: allow}
                - {path: /old/**, access: login, token-hygiene: report, reason: until spring}
                - path: /mix/**
                  access: login
                  require: {any: [{groups: admins}, {all: [{dept: it}, {not: {status: external}}]}]}
              """)
          + "bearer: {audience: api}\n";

  private Outcome explain(String yaml, String claims, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("explain", "-c", file(yaml)));
    all.addAll(List.of(arguments));
    if (!claims.isEmpty()) {
      Path user = Files.writeString(folder.resolve("claims.json"), claims);
      all.addAll(List.of("--claims", user.toString()));
    }
    Outcome outcome = run(all.toArray(String[]::new));
    assertThat(outcome.status()).as(outcome.out() + outcome.err()).isZero();
    return outcome;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          /shop/in/x  | 10.1.2.3    | 10.1.2.3 is within its networks
          /shop/in/x  | 192.0.2.1   | 403: 192.0.2.1 is outside the networks of that rule
          /shop/in/x  | 2001:db8::1 | 403: 2001:db8:0:0:0:0:0:1 is outside
          /shop/in/x  | -           | an address within its networks; name another with --from
          /shop/lan/x | 10.1.2.3    | the app's, for everybody
          /shop/lan/x | 192.0.2.1   | is outside its networks, where it opens nothing
          /shop/lan/x | 192.0.2.1   | rule      no rule names it: access login
          https://other.example/shop/there/x | - | /there/** at other.example access anonymous
          /shop/there/x | -         | /** GET access optional
          /shop/old/x | -           | tokens    in its URLs and forms: report, because: until spring
          /shop/x     | -           | tokens    in its URLs and forms: strip
          /shop/x     | -           | what other sites do with a user's session: refuse-unsafe
          /shop/form/x | -          | what other sites do: allow
          /shop/api/x | -           | CORS preflights go to the app
          /shop/gold/x | -          | acr [gold], max-age 300s
          /shop/x;jsessionid=1 | -  | ;jsessionid=… is no part of what is judged
          """)
  void explainSaysWhatARuleWants(String url, String from, String expected) throws IOException {
    Outcome outcome =
        from == null
            ? explain(RICH, "", "GET", url)
            : explain(RICH, "", "GET", url, "--from", from);

    assertThat(outcome.out()).contains(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /shop/mix/x  | {"sub": "a", "groups": ["admins"]}           | X-User: a
          /shop/mix/x  | {"sub": "a", "dept": "it", "status": "in"}   | X-User: a
          /shop/mix/x  | {"sub": "a", "dept": "it"}                   | not told, so no: not (status [external])
          /shop/mix/x  | {"sub": "a", "dept": "hr", "groups": []}     | no: dept [it]
          /shop/gold/x | {"sub": "a", "acr": "gold", "auth_time": 99999999999} | X-User: a
          /shop/gold/x | {"sub": "a", "acr": "silver", "auth_time": 99999999999} | acr is none of [gold]
          /shop/gold/x | {"sub": "a", "acr": "gold", "auth_time": 1000000000}  | auth_time is none, or longer ago
          /shop/gold/x | {"sub": "a", "acr": "gold"}                  | auth_time is none, or longer ago
          /shop/api/x  | {"sub": "a"}                                 | 401 insufficient_user_authentication
          /shop/api/x  | {"sub": "a", "acr": "gold"}                  | X-User: a
          """)
  void explainSaysHowClaimsAreJudged(String url, String claims, String expected)
      throws IOException {
    Outcome outcome = explain(RICH, claims, "GET", url);

    assertThat(outcome.out()).contains(expected);
    assertThat(outcome.out().contains("X-User: a")).isEqualTo(expected.equals("X-User: a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/8", "localhost", "10.0.0", "10.0.0.1, 10.0.0.2", ""})
  void explainTakesNoAddressThatIsNone(String from) throws IOException {
    assertThat(run("explain", "-c", file(GOOD), "GET", "/shop/x", "--from", "10.0.0.1").status())
        .isZero();

    Outcome outcome = run("explain", "-c", file(GOOD), "GET", "/shop/x", "--from", from);

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("--from takes an IP address");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"sub": "a",NL x}               | claims.json:2: is no JSON object
          {"sub": "a", "sub": "b"}       | is no JSON object
          {"sub": "a"} {"sub": "b"}      | is no JSON object
          {"groups": ["x"]}              | has no text "sub"
          """)
  void explainSaysWhatIsWrongWithClaims(String claims, String expected) throws IOException {
    Path file = folder.resolve("claims.json");
    Files.writeString(file, claims.replace("NL", "\n"));

    Outcome outcome =
        run("explain", "-c", file(GOOD), "GET", "/shop/x", "--claims", file.toString());

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains(expected);
  }

  @Test
  void explainNamesAClaimsFileThatIsNotThere() throws IOException {
    Outcome outcome =
        run("explain", "-c", file(GOOD), "GET", "/shop/x", "--claims", "/nowhere.json");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("/nowhere.json does not exist");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{}", "{\"sub\": 7}", "nothing"})
  void explainTakesNoClaimsWithoutASubject(String claims) throws IOException {
    Path file = Files.writeString(folder.resolve("claims.json"), claims);

    Outcome outcome =
        run("explain", "-c", file(GOOD), "GET", "/shop/x", "--claims", file.toString());

    assertThat(outcome.status()).isEqualTo(2);
  }
}
