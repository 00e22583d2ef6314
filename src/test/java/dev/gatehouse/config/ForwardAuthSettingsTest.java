package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.GatehouseConfig.ForwardAuth;
import dev.gatehouse.config.GatehouseConfig.ForwardAuth.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the question of other proxies is set up, and what is refused. */
class ForwardAuthSettingsTest {
  private static final String TRUSTED = "trusted-proxies: [10.0.0.0/8]";

  @Test
  void nobodyToTrustIsNoStart() throws ConfigException {
    String on = "forward-auth: {enabled: true}";
    assertThat(OneFlaw.load(OneFlaw.changed(TRUSTED, TRUSTED + "\n" + on)).warnings()).isEmpty();

    assertThat(OneFlaw.problems(OneFlaw.changed(TRUSTED, on)))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo("forward-auth-peers");
              assertThat(problem.key()).isEqualTo("forward-auth.enabled");
              assertThat(problem.message()).contains("trusted-proxies");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "x-original, auto, X_ORIGINAL, false",
    "x-forwarded, auto, X_FORWARDED, true",
    "path, auto, PATH, true",
    "x-forwarded, status, X_FORWARDED, false",
    "x-original, redirect, X_ORIGINAL, true",
  })
  void answersFollowTheProxyUnlessTold(
      String request, String answers, Source source, boolean redirects) throws ConfigException {
    String yaml =
        OneFlaw.changed(
            TRUSTED,
            TRUSTED
                + "\nforward-auth: {enabled: true, request: %s, answers: %s}"
                    .formatted(request, answers));

    ForwardAuth forwardAuth = OneFlaw.load(yaml).config().forwardAuth().orElseThrow();

    assertThat(forwardAuth.source()).isEqualTo(source);
    assertThat(forwardAuth.redirects()).isEqualTo(redirects);
  }

  @Test
  void itIsOffByItself() throws ConfigException {
    assertThat(OneFlaw.load(OneFlaw.GOOD).config().forwardAuth()).isEmpty();
  }

  @Test
  void shortKeyIsRefused() throws ConfigException {
    OneFlaw.isRefused(
        TRUSTED,
        TRUSTED + "\\nforward-auth: {enabled: true, key: \"${env:CLIENT_SECRET}x x\"}",
        TRUSTED + "\\nforward-auth: {enabled: true, key: \"${env:SESSION_KEY}\"}",
        "weak-key",
        "forward-auth.key");
  }
}
