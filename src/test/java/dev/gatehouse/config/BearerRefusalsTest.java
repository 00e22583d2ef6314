package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.GatehouseConfig.Bearer;
import dev.gatehouse.config.GatehouseConfig.BindingDemand;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings about access tokens that would not do what they seem to. */
class BearerRefusalsTest {
  private static final String PLACE = "trusted-proxies: [10.0.0.0/8]";

  private static String bearer(String settings) {
    return PLACE + "\nbearer: {audience: https://api.example" + settings + "}";
  }

  private static void isRefused(String settings, String mended, String code, String key)
      throws ConfigException {
    OneFlaw.isRefused(PLACE, bearer(settings), bearer(mended), code, "bearer." + key);
  }

  @Test
  void whatIsWrittenIsRead() throws ConfigException {
    Bearer bearer =
        OneFlaw.load(
                OneFlaw.changed(
                    PLACE,
                    bearer(
                        ", cache-lifetime: 5s, stale-grace: 10s, sender-constraint: required,"
                            + " dpop-nonce: true, client-certificate-header: Client-Cert,"
                            + " resource: https://app.example/api")))
            .config()
            .bearer()
            .orElseThrow();

    assertThat(bearer.cacheLifetime()).isEqualTo(Duration.ofSeconds(5));
    assertThat(bearer.staleGrace()).isEqualTo(Duration.ofSeconds(10));
    assertThat(bearer.resource()).contains(URI.create("https://app.example/api"));
    assertThat(bearer.binding().demanded()).isEqualTo(BindingDemand.REQUIRED);
    assertThat(bearer.binding().nonces()).isTrue();
    assertThat(bearer.binding().certificateHeader()).contains("Client-Cert");
  }

  @ParameterizedTest
  @CsvSource({
    "cache-lifetime, 11m, 10m",
    "cache-lifetime, 0s, 1s",
    "stale-grace, 61s, 60s",
    "sender-constraint, always, required",
    "dpop-nonce, maybe, true"
  })
  void valueOutOfRangeIsRefused(String key, String broken, String mended) throws ConfigException {
    isRefused(", " + key + ": " + broken, ", " + key + ": " + mended, "bad-value", key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://app.example/api",
        "https://other.example/api",
        "https://app.example:8443/api",
        "https://app.example/api?a=1",
        "https://app.example/api#a",
        "https://a@app.example/api",
        "https://app.example/a%2Fb",
        "https://app.example//api",
        "/api",
        "urn:api"
      })
  void resourceThatCannotBeServedHereIsRefused(String url) throws ConfigException {
    isRefused(
        ", resource: '" + url + "'",
        ", resource: 'https://app.example/api'",
        "resource",
        "resource");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "cookie", "DPoP", "X-Forwarded-For", "a b", "a:b"})
  void headerThatMeansSomethingElseIsRefused(String name) throws ConfigException {
    isRefused(
        ", client-certificate-header: '" + name + "'",
        ", client-certificate-header: Client-Cert",
        "header-name",
        "client-certificate-header");
  }

  @Test
  void certificatesThatNobodyEverSeesAreRefused() throws ConfigException {
    isRefused(
        ", sender-constraint: mtls",
        ", sender-constraint: mtls, client-certificate-header: Client-Cert",
        "client-certificates-missing",
        "sender-constraint");
  }

  @Test
  void headerThatNobodyMayTellIsWarnedOf() throws ConfigException {
    String yaml =
        OneFlaw.changed(PLACE, bearer(", client-certificate-header: Client-Cert"))
            .replace(PLACE, "trusted-proxies: []");

    assertThat(OneFlaw.load(yaml).warnings())
        .extracting(ConfigProblem::code)
        .contains("trusted-proxies-missing");
  }
}
