package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Access rules that could not do what they say. */
class RuleRefusalsTest {

  @ParameterizedTest
  @Rule("TH-CFG-14")
  @ValueSource(strings = {"/gatehouse/**", "/gatehouse", "/gatehouse/", "/Gatehouse/login"})
  void ruleForTheReservedPrefixIsRefused(String path) throws ConfigException {
    OneFlaw.isRefused("/static/**", path, "/gatehouses/**", "reserved-prefix", "rules[0].path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "static/**",
        "'**'",
        "/a//b",
        "/a/../b",
        "/a/./b",
        "/a/**/b",
        "/a*b",
        "/a;x",
        "'/a?x=1'",
        "'/a#b'",
        "/%61",
        "'/a\\b'",
        "https://app.example/a"
      })
  void patternThatMatchesNoCanonicalPathIsRefused(String path) throws ConfigException {
    OneFlaw.isRefused("/static/**", path, "/a/*/b.css", "path-pattern", "rules[0].path");
  }

  @Test
  void pollingPathThatMatchesNothingIsRefused() throws ConfigException {
    OneFlaw.isRefused(
        "[/poll]", "[poll]", "[/poll/**]", "path-pattern", "session.polling-paths[0]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "Post", "'GET POST'", "''"})
  void methodThatNoRequestHasIsRefused(String method) throws ConfigException {
    OneFlaw.isRefused(
        "methods: [GET]",
        "methods: [POST, " + method + "]",
        "methods: [POST, REPORT]",
        method.equals("''") ? "wrong-kind" : "method",
        method.equals("''") ? "rules[1].methods" : "rules[1].methods[1]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          anonymous, require: {groups: admins} | rules[0].require
          anonymous, scopes: [a]               | rules[0].scopes
          optional, require: {groups: admins}  | rules[0].require
          deny, require: {groups: admins}      | rules[0].require
          optional, scopes: [a]                | rules[0].scopes
          optional, max-age: 5m                | rules[0].max-age
          anonymous, provider: provider        | rules[0].provider
          """)
  void conditionThatWouldNeverBeLookedAtIsRefused(String access, String key)
      throws ConfigException {
    OneFlaw.isRefused(
        "anonymous}", access + "}", "login, require: {groups: [a, b]}}", "rule-conflict", key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{groups: []}", "{groups: ['']}"})
  void requirementWithoutAnyValueIsRefused(String require) {
    assertThat(OneFlaw.problems(OneFlaw.changed("{groups: admins}", require)))
        .isNotEmpty()
        .allSatisfy(
            problem -> {
              assertThat(problem.key()).isEqualTo("rules[1].require.groups");
              assertThat(problem.line()).isEqualTo(25);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"bearer", "login-or-bearer"})
  void ruleForBearerTokensNeedsTheirAudience(String access) throws ConfigException {
    String yaml = OneFlaw.changed("access: anonymous", "access: " + access + ", scopes: [read]");

    assertThat(OneFlaw.problems(yaml))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo("bearer-missing");
              assertThat(problem.line()).isEqualTo(24);
            });
    String bearer = "bearer: {audience: https://api.example, validation: introspection}\n";
    assertThat(OneFlaw.load(yaml + bearer).warnings()).isEmpty();
    assertThat(OneFlaw.problems(yaml.replace("[read]", "[read write]") + bearer))
        .extracting(ConfigProblem::key)
        .containsExactly("rules[0].scopes[0]");
  }

  @Test
  void bearerSectionNeedsAnAudience() {
    assertThat(OneFlaw.problems(OneFlaw.GOOD + "bearer: {validation: jwt}\n"))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo("missing-key");
              assertThat(problem.key()).isEqualTo("bearer.audience");
              assertThat(problem.line()).isEqualTo(32);
            });
  }

  @Test
  @Rule("TH-PATH-8")
  void ruleThatNeverHoldsWarns() throws ConfigException {
    String rule = "  - {path: /static/**, access: anonymous}\n";

    LoadedConfig loaded =
        OneFlaw.load(OneFlaw.changed(rule, rule + "  - {path: /static/**, access: deny}\n"));

    assertThat(loaded.warnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo("shadowed-rule");
              assertThat(warning.line()).isEqualTo(24);
            });
  }

  @Test
  @Rule("TH-CFG-15")
  void withoutRulesThereIsNoneThatOpens() throws ConfigException {
    int start = OneFlaw.GOOD.indexOf("rules:");
    int end = OneFlaw.GOOD.indexOf("trusted-proxies:");
    String yaml = OneFlaw.GOOD.substring(0, start) + OneFlaw.GOOD.substring(end);

    assertThat(OneFlaw.load(yaml).config().rules()).isEmpty();
  }
}
