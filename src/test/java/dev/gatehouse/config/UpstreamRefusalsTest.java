package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.UpstreamRoute.Statuses;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that are refused or doubted, each beside one that holds. */
class UpstreamRefusalsTest {
  private static final String ONE = "upstream: http://127.0.0.1:8080\n";

  private static String with(String entries) {
    return ONE + "upstreams: [" + entries + "]\n";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{target: http://a} | {path: /a/**, target: http://a} | missing-key | upstreams[0].path",
        "{path: /a/**} | {path: /a/**, target: http://a} | missing-key | upstreams[0].target",
        "{path: /a/**, targets: []} | {path: /a/**, targets: [http://a]} | missing-key | upstreams[0].target",
        "{path: a, target: http://a} | {path: /a, target: http://a} | path-pattern | upstreams[0].path",
        "{path: /gatehouse/**, target: http://a} | {path: /gate/**, target: http://a} | reserved-prefix | upstreams[0].path",
        "{path: /a/**, target: http://a/b} | {path: /a/**, target: http://a, replace-prefix: /b} | upstream | upstreams[0].target",
        "{path: /a/**, target: 'ftp://a'} | {path: /a/**, target: http://a} | upstream | upstreams[0].target",
        "{path: /a/**, target: 'unix:run/x'} | {path: /a/**, target: 'unix:/run/x'} | upstream | upstreams[0].target",
        "{path: /a/**, targets: [http://a, http://a]} | {path: /a/**, targets: [http://a, http://b]} | duplicate-target | upstreams[0].targets",
        "{path: /a/**, target: http://a, targets: [http://b]} | {path: /a/**, targets: [http://b]} | target-twice | upstreams[0].target",
        "{path: /a/**, target: 'http://127.0.0.1:8443'} | {path: /a/**, target: 'http://127.0.0.1:8444'} | upstream-loop | upstreams[0].target",
        "{path: /a/**, host: other.example, target: http://a} | {path: /a/**, host: app.example, target: http://a} | unknown-host | upstreams[0].host[0]",
        "{path: /a, target: http://a, replace-prefix: /b} | {path: /a/**, target: http://a, replace-prefix: /b} | replace-prefix | upstreams[0].replace-prefix",
        "{path: /*/a/**, target: http://a, replace-prefix: /b} | {path: /a/**, target: http://a, replace-prefix: /b} | replace-prefix | upstreams[0].replace-prefix",
        "{path: /a/**, target: http://a, replace-prefix: /b/../c} | {path: /a/**, target: http://a, replace-prefix: /b/c} | replace-prefix | upstreams[0].replace-prefix",
        "{path: /a/**, target: http://a, replace-prefix: '//b'} | {path: /a/**, target: http://a, replace-prefix: /b/} | replace-prefix | upstreams[0].replace-prefix",
        "{path: /a/**, target: http://a, replace-prefix: '/b%2e'} | {path: /a/**, target: http://a, replace-prefix: /} | replace-prefix | upstreams[0].replace-prefix",
        "{path: /a/**, targets: [http://a, http://b], balance: random} | {path: /a/**, targets: [http://a, http://b], balance: least-connections} | bad-value | upstreams[0].balance",
        "{path: /a/**, target: http://a, health-check: {interval: 1s}} | {path: /a/**, target: http://a, health-check: {path: /h}} | missing-key | upstreams[0].health-check.path",
        "{path: /a/**, target: http://a, health-check: {path: h}} | {path: /a/**, target: http://a, health-check: {path: /h}} | bad-value | upstreams[0].health-check.path",
        "{path: /a/**, target: http://a, health-check: {path: /h, status: [399-200]}} | {path: /a/**, target: http://a, health-check: {path: /h, status: [200-399]}} | bad-value | upstreams[0].health-check.status[0]",
        "{path: /a/**, targets: [http://a, http://b], eject: {for: 10m}} | {path: /a/**, targets: [http://a, http://b], eject: {for: 1m}} | bad-value | upstreams[0].eject.at-most",
        "{path: /a/**, tarjet: http://a} | {path: /a/**, target: http://a} | unknown-key | upstreams[0].tarjet",
        "{path: /a/**, target: http://a}, {path: /a/**, target: http://b} | {path: /a/**, target: http://a}, {path: /b/**, target: http://b} | duplicate-upstream | upstreams",
        "http://a | {path: /a/**, target: http://a} | wrong-kind | upstreams[0]",
        "{path: /**, target: http://b} | {path: /x/**, target: http://b} | duplicate-upstream | upstreams"
      })
  void whatCannotBeMeantIsRefused(String wrong, String right, String code, String key)
      throws ConfigException {
    OneFlaw.isRefused(ONE, with(wrong), with(right), code, key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "upstreams: [{path: /a/**, target: http://a}] | no-upstream",
        "upstreams: [{path: /a/**, target: http://a, balance: round-robin}, {path: /**, target: http://b}] | idle-setting",
        "upstreams: [{path: /a/**, target: http://a, eject: {after: 1}}, {path: /**, target: http://b}] | idle-setting",
        "upstreams: [{path: /a/**, target: http://a}, {path: /**, host: app.example, target: http://b}] | shadowed-upstream"
      })
  void whatIsHardlyMeantIsTold(String upstreams, String code) throws ConfigException {
    assertThat(OneFlaw.load(OneFlaw.GOOD.replace(ONE, upstreams + "\n")).warnings())
        .extracting(ConfigProblem::code)
        .contains(code);
    assertThat(
            OneFlaw.load(OneFlaw.GOOD.replace(ONE, with("{path: /a/**, target: http://a}")))
                .warnings())
        .extracting(ConfigProblem::code)
        .doesNotContain("no-upstream", "idle-setting", "shadowed-upstream");
  }

  @Test
  void everythingIsRead() throws ConfigException {
    String entry =
        "{path: /a/**, host: app.example, targets: [HTTP://a:1, https://b], replace-prefix: /,"
            + " balance: least-connections, health-check: {path: /h, interval: 1s, timeout: 1s,"
            + " status: [200, 300-399], rise: 1, fall: 1}, eject: {after: 2, for: 1s, at-most: 2s,"
            + " on-status: true}}";
    Upstreams upstreams = OneFlaw.load(OneFlaw.GOOD.replace(ONE, with(entry))).config().upstreams();

    assertThat(upstreams.isSingle()).isFalse();
    UpstreamRoute route = upstreams.routes().get(0);
    assertThat(route.targets())
        .containsExactly(
            UpstreamTarget.at(URI.create("http://a:1")),
            UpstreamTarget.at(URI.create("https://b")));
    assertThat(route.replacePrefix()).contains("");
    assertThat(route.balance()).isEqualTo(UpstreamRoute.Balance.LEAST_CONNECTIONS);
    assertThat(route.healthCheck().orElseThrow().expected())
        .containsExactly(new Statuses(200, 200), new Statuses(300, 399));
    assertThat(route.ejection())
        .isEqualTo(
            new UpstreamRoute.Ejection(2, Duration.ofSeconds(1), Duration.ofSeconds(2), true));
    assertThat(OneFlaw.load(OneFlaw.GOOD).config().upstreams().isSingle()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"unix:/run/app.sock", "unix:///run/app.sock", "http://unix:/run/app.sock"})
  void aSocketMayBeWrittenAsElsewhere(String text) {
    assertThat(UpstreamTarget.parse(text).flatMap(UpstreamTarget::socket))
        .isEqualTo(Optional.of(Path.of("/run/app.sock")));
  }
}
