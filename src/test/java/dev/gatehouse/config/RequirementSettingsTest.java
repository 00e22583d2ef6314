package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.Cidr;
import dev.gatehouse.access.CrossSiteMode;
import dev.gatehouse.access.LetterCase;
import dev.gatehouse.access.PreflightMode;
import dev.gatehouse.access.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a rule may require, from where, at which host; each refusal beside what would be right. */
class RequirementSettingsTest {
  private static final String PLAIN = "require: {groups: admins}";

  private static AccessRule admin(String change) throws ConfigException {
    LoadedConfig loaded = OneFlaw.load(OneFlaw.changed(PLAIN, change));
    assertThat(loaded.warnings()).isEmpty();
    return loaded.config().rules().get(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {any: [{groups: [admins, ops]}, {all: [{dept: it}, {not: {status: external}}]}]} | \
            groups [admins, ops] or (dept [it] and not (status [external]))
          {groups: admins, dept: it}                    | groups [admins] and dept [it]
          {groups: admins, not: {status: [x, y]}}       | groups [admins] and not (status [x, y])
          {any: [{groups: a, dept: b}]}                 | groups [a] and dept [b]
          {not: {any: [{a: x}, {b: y}]}}                | not (a [x] or b [y])
          {all: [{level: 3}, {staff: true}]}            | level [3] and staff [true]
          {realm_access.roles: admin}                   | realm_access.roles [admin]
          {groups: '${env:SESSION_KEY}'} | groups [q0XyJ8mV3nB5tZ7wE1rK9pL2sD4fG6hU8iO0aQcYxTs]
          {}                                            | ''
          """)
  void requirementIsReadAsItIsWritten(String written, String read) throws ConfigException {
    Requirement require = admin("require: " + written.replaceAll("\\s*\\\\\\s*", " ")).require();

    assertThat(require).hasToString(read);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {any: {groups: admins}}            | {any: [{groups: admins}]} | wrong-kind | any
          {any: []}                          | {any: [{a: b}]}           | wrong-kind | any
          {any: admins}                      | {any: [{a: b}]}           | wrong-kind | any
          {any: [admins]}                    | {any: [{a: b}]}           | wrong-kind | any[0]
          {any: [{}]}                        | {any: [{a: b}]}           | wrong-kind | any[0]
          {all: [{a: b}, [x]]}               | {all: [{a: b}]}           | wrong-kind | all[1]
          {not: [{a: b}]}                    | {not: {a: b}}             | wrong-kind | not
          {not: external}                    | {not: {status: external}} | wrong-kind | not
          {not: {}}                          | {not: {a: b}}             | wrong-kind | not
          {address: {country: KR}}           | {address.country: KR}     | wrong-kind | address
          {or: [{a: b}]}                     | {any: [{a: b}]}           | wrong-kind | or
          {any: [{a: [[x]]}]}                | {any: [{a: [x]}]}         | wrong-kind | any[0].a
          {any: [{a: []}]}                   | {any: [{a: [x]}]}         | empty      | any[0].a
          {any: [{a: ''}]}                   | {any: [{a: x}]}           | empty      | any[0].a
          {not: {a: null}}                   | {not: {a: x}}             | empty      | not.a
          {any: [{acr: gold}, {a: b}]}       | {acr: gold, a: b}         | wrong-place | any[0].acr
          {not: {acr: gold}}                 | {acr: gold}               | wrong-place | not.acr
          {not: {not: {not: {not: {not: {not: {a: b}}}}}}} | \
            {not: {not: {not: {not: {a: b}}}}} | too-deep | not.not.not.not.not.not
          """)
  void wrongShapeIsNamedWithItsPlace(String broken, String mended, String code, String key)
      throws ConfigException {
    OneFlaw.isRefused(
        PLAIN,
        "require: " + broken,
        "require: " + mended.replaceAll("\\s*\\\\\\s*", " "),
        code,
        "rules[1].require." + key);
  }

  @Test
  void messageSaysWhatWouldBeRight() {
    assertThat(message("{any: {groups: admins}}")).contains("any: [{groups: admins}, {dept: it}]");
    assertThat(message("{not: [{a: b}]}")).contains("not: {any: [");
    assertThat(message("{address: {country: KR}}")).contains("address.member: value");
    assertThat(message("{or: [{a: b}]}")).contains("any");
    assertThat(message("{and: {a: b}}")).contains("all");
    assertThat(message("{any: [{acr: gold}]}")).contains("acr: [");
  }

  private static String message(String require) {
    return OneFlaw.problems(OneFlaw.changed(PLAIN, "require: " + require)).get(0).message();
  }

  @Test
  @Rule("TH-PATH-8")
  void whatNobodyCanMeetWarns() throws ConfigException {
    String never = "require: {groups: admins, all: [{dept: it}, {not: {groups: admins}}]}";

    assertThat(OneFlaw.load(OneFlaw.changed(PLAIN, never)).warnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo("shadowed-rule");
              assertThat(warning.line()).isEqualTo(25);
              assertThat(warning.message())
                  .contains("lets nobody pass")
                  .contains("groups [admins] and its opposite");
            });
  }

  @Test
  @Rule("TH-PATH-8")
  void rulesThatOnlyTheirNetworksTellApartWarn() throws ConfigException {
    String rule = "  - {path: /static/**, access: anonymous}\n";
    String second = "  - {path: /static/**, access: login, networks: [10.0.0.0/8]}\n";

    assertThat(OneFlaw.load(OneFlaw.changed(rule, rule + second)).warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning.message()).contains("chooses no rule"));
  }

  @Test
  void contextsAreOfTheRule() throws ConfigException {
    assertThat(admin("acr: [platinum, gold]").acr()).containsExactly("platinum", "gold");
    assertThat(admin("require: {acr: gold}").acr()).containsExactly("gold");
    assertThat(admin("require: {acr: gold}").require().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          acr: [gold], require: {acr: gold} | acr: [gold]          | rule-conflict | require.acr
          hosts: [other.example]            | hosts: [app.example] | unknown-host  | hosts[0]
          networks: [10.0.0.1/8]            | networks: [10.0.0.0/8] | cidr        | networks[0]
          networks: [home]                  | networks: ['::1']    | cidr          | networks[0]
          networks: []                      | networks: [10.1.1.1] | empty         | networks
          cors-preflight: pass              | cors-preflight: to-app | bad-value   | cors-preflight
          cross-site: refuse-all            | cross-site: refuse   | bad-value     | cross-site
          """)
  void conditionThatCannotHoldIsRefused(String broken, String mended, String code, String key)
      throws ConfigException {
    OneFlaw.isRefused(PLAIN, broken, mended, code, "rules[1]." + key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          deny, networks: [10.0.0.0/8] | networks
          deny, cors-preflight: to-app | cors-preflight
          deny, cross-site: refuse     | cross-site
          anonymous, acr: [gold]       | acr
          """)
  void conditionThatWouldNeverBeLookedAtIsRefused(String access, String key)
      throws ConfigException {
    OneFlaw.isRefused("anonymous}", access + "}", "deny}", "rule-conflict", "rules[0]." + key);
  }

  @Test
  void whatTheRuleSaysIsRead() throws ConfigException {
    AccessRule rule =
        admin(
            "hosts: [app.example], networks: [10.0.0.0/8, '2001:db8::/32'],"
                + " cors-preflight: to-app, cross-site: allow");

    assertThat(rule.hosts()).containsExactly("app.example");
    assertThat(rule.networks())
        .containsExactly(
            Cidr.parse("10.0.0.0/8").orElseThrow(), Cidr.parse("2001:db8::/32").orElseThrow());
    assertThat(rule.handling().preflight()).contains(PreflightMode.TO_APP);
    assertThat(rule.handling().crossSite()).contains(CrossSiteMode.ALLOW);
  }

  @Test
  void whatBrowsersMayDoIsReadAndSafeByDefault() throws ConfigException {
    GatehouseConfig.AppTraits plain = OneFlaw.load(OneFlaw.GOOD).config().app();
    assertThat(plain.letterCase()).isEqualTo(LetterCase.EXACT);
    assertThat(plain.preflight()).isEqualTo(PreflightMode.REFUSE);
    assertThat(plain.crossSite().mode()).isEqualTo(CrossSiteMode.REFUSE_UNSAFE);

    GatehouseConfig.AppTraits app =
        OneFlaw.load(
                OneFlaw.GOOD
                    + """
                    app: {case-insensitive: true}
                    cors-preflight: to-app
                    cross-site:
                      policy: refuse
                      same-site: refuse
                      unknown: refuse
                      trusted-origins: ['https://pay.example', 'https://b.example:8443']
                    """)
            .config()
            .app();
    assertThat(app.letterCase()).isEqualTo(LetterCase.FOLDED);
    assertThat(app.preflight()).isEqualTo(PreflightMode.TO_APP);
    assertThat(app.crossSite().mode()).isEqualTo(CrossSiteMode.REFUSE);
    assertThat(app.crossSite().refuseSameSite()).isTrue();
    assertThat(app.crossSite().refuseUnknown()).isTrue();
    assertThat(app.crossSite().trustedOrigins())
        .containsExactlyInAnyOrder("https://pay.example", "https://b.example:8443");
  }

  @ParameterizedTest
  @CsvSource({
    "https://pay.example/, origin",
    "https://pay.example/x, origin",
    "pay.example, origin",
    "https://*.pay.example, origin",
    "https://u@pay.example, origin",
    "https://pay.example?x, origin",
    "'null', origin",
    "http://pay.example, insecure-origin",
  })
  void trustedOriginIsAnOriginAndNothingElse(String origin, String code) throws ConfigException {
    String place = "logout: {app-cookies: [JSESSIONID]}";
    String before = place + "\\ncross-site: {trusted-origins: [";

    OneFlaw.isRefused(
        place,
        before + "'" + origin + "']}",
        before + "'https://pay.example']}",
        code,
        "cross-site.trusted-origins[0]");
  }
}
