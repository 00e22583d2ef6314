package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is spoken where the gateway listens, and what is refused. */
class ListenerSettingsTest {
  private static final String TRUSTED = "trusted-proxies: [10.0.0.0/8]";
  private static final String LISTEN = "listen: 127.0.0.1:8443";

  @Test
  void http2OverTlsIsOfferedAndNothingElseByItself() throws ConfigException {
    assertThat(OneFlaw.load(OneFlaw.GOOD).config().listener()).isEqualTo(Listener.DEFAULT);
  }

  @Test
  void allIsReadAsItIsWritten() throws ConfigException {
    String yaml =
        OneFlaw.changed(
            TRUSTED,
            TRUSTED
                + "\nlistener: {http2: false, h2c: true, proxy-protocol: true, redirect-from:"
                + " '[::1]:8080'}");

    assertThat(OneFlaw.load(yaml).config().listener())
        .isEqualTo(new Listener(false, true, true, Optional.of(new HostPort("::1", 8080))));
  }

  @Test
  void proxyHeadersFromAnybodyAreNoStart() throws ConfigException {
    OneFlaw.isRefused(
        TRUSTED,
        "listener: {proxy-protocol: true}",
        TRUSTED + "\\nlistener: {proxy-protocol: true}",
        "proxy-protocol-peers",
        "listener.proxy-protocol");
  }

  @ParameterizedTest
  @CsvSource({"8443", "9090"})
  void aPortInUseIsNoPortToRedirectFrom(int port) throws ConfigException {
    OneFlaw.isRefused(
        TRUSTED,
        TRUSTED + "\\nlistener: {redirect-from: '127.0.0.1:" + port + "'}",
        TRUSTED + "\\nlistener: {redirect-from: '127.0.0.1:8080'}",
        "port-conflict",
        "listener.redirect-from");
  }

  @Test
  void whatIsNoAddressIsNoPlaceToRedirectFrom() throws ConfigException {
    OneFlaw.isRefused(
        TRUSTED,
        TRUSTED + "\\nlistener: {redirect-from: 'port 80'}",
        TRUSTED + "\\nlistener: {redirect-from: '0.0.0.0:80'}",
        "listen",
        "listener.redirect-from");
  }

  @Test
  @Rule("TH-HTTP-15")
  void hstsIsOnByItself() throws ConfigException {
    assertThat(OneFlaw.load(OneFlaw.GOOD).config().hsts())
        .isEqualTo(new Hsts(true, Duration.ofDays(730), false, false))
        .extracting(Hsts::value)
        .isEqualTo("max-age=63072000");
  }

  @Test
  void hstsSaysWhatIsConfigured() throws ConfigException {
    String yaml =
        OneFlaw.changed(
            TRUSTED, TRUSTED + "\nhsts: {max-age: 365d, include-subdomains: true, preload: true}");

    assertThat(OneFlaw.load(yaml).config().hsts().value())
        .isEqualTo("max-age=31536000; includeSubDomains; preload");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hsts: {preload: true}",
        "hsts: {preload: true, include-subdomains: true, max-age: 364d}",
        "hsts: {preload: true, include-subdomains: true, enabled: false}",
      })
  void preloadThatNoListTakesIsRefused(String broken) throws ConfigException {
    OneFlaw.isRefused(
        TRUSTED,
        TRUSTED + "\\n" + broken,
        TRUSTED + "\\nhsts: {preload: true, include-subdomains: true}",
        "hsts-preload",
        "hsts.preload");
  }

  @Test
  void plainHttpHasNothingToRedirectTo() {
    String http =
        OneFlaw.GOOD
            .replace("https://app.example", "http://localhost:8443")
            .replace("insecure-allow-http: false", "insecure-allow-http: true")
            .replace(LISTEN, LISTEN + "\nlistener: {redirect-from: '127.0.0.1:8080'}");

    assertThat(OneFlaw.problems(http))
        .anySatisfy(
            problem -> {
              assertThat(problem.code()).isEqualTo("redirect-to-http");
              assertThat(problem.key()).isEqualTo("listener.redirect-from");
            });
  }
}
