package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs and addresses that are refused, each beside one that is taken. */
class UrlRefusalsTest {

  @ParameterizedTest
  @Rule("TH-CFG-1")
  @ValueSource(
      strings = {
        "http://op.example",
        "HTTP://op.example",
        "http://127.0.0.1:9000",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://2130706433"
      })
  void plainHttpIssuerIsRefused(String issuer) throws ConfigException {
    OneFlaw.isRefused(
        "issuer: https://op.example",
        "issuer: " + issuer,
        "issuer: https://other.example/realms/main",
        "insecure-endpoint",
        "provider.issuer");
  }

  @ParameterizedTest
  @Rule("TH-CFG-1")
  @ValueSource(strings = {"http://127.0.0.1:9000", "http://localhost:9000/x", "http://[::1]:9000"})
  void loopbackIssuerNeedsTheFlagAndWarns(String issuer) throws ConfigException {
    String plain = OneFlaw.changed("issuer: https://op.example", "issuer: " + issuer);
    assertThat(OneFlaw.problems(plain))
        .extracting(ConfigProblem::code)
        .containsExactly("insecure-endpoint");

    LoadedConfig loaded =
        OneFlaw.load(plain.replace("insecure-allow-http: false", "insecure-allow-http: true"));

    assertThat(loaded.config().provider().issuer()).isEqualTo(issuer);
    assertThat(loaded.warnings())
        .extracting(ConfigProblem::code)
        .containsExactly("insecure-endpoint", "insecure-allow-http");
  }

  @Test
  @Rule("TH-CFG-1")
  void flagDoesNotAllowHttpBeyondLoopback() {
    String yaml =
        OneFlaw.changed("issuer: https://op.example", "issuer: http://10.0.0.7:9000")
            .replace("insecure-allow-http: false", "insecure-allow-http: true");

    assertThat(OneFlaw.problems(yaml))
        .extracting(ConfigProblem::code)
        .contains("insecure-endpoint");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "op.example",
        "https://op.example?x=1",
        "https://op.example#x",
        "https://user:pw@op.example",
        "https://",
        "https://op.example:99999",
        "http://127.1",
        "ftp://op.example"
      })
  void issuerThatIsNoPlainUrlIsRefused(String issuer) throws ConfigException {
    OneFlaw.isRefused(
        "issuer: https://op.example",
        "issuer: " + issuer,
        "issuer: https://op.example:8443/",
        "issuer",
        "provider.issuer");
  }

  @ParameterizedTest
  @Rule("TH-CFG-6")
  @ValueSource(
      strings = {
        "https://app.example/#x",
        "/app",
        "//app.example",
        "app.example",
        "https://user@app.example",
        "https://app.example/?x=1",
        "https://*.app.example",
        "https://app.example/*",
        "https://app.example/a//b",
        "https://app.example/a/../b",
        "https://app.example/a;x",
        "https://app.example/%61",
        "https:///x",
        "https:app.example",
        "https://app.example:0",
        "https://app.example:65536",
        "https://app_1.example"
      })
  void publicUrlThatIsNoPlainBaseIsRefused(String url) throws ConfigException {
    OneFlaw.isRefused(
        "public-url: https://app.example",
        "public-url: " + url,
        "public-url: https://app.example:8443/shop/v1.2/",
        "public-url",
        "public-url");
  }

  @ParameterizedTest
  @Rule("TH-CFG-7")
  @ValueSource(
      strings = {
        "oob",
        "urn:ietf:wg:oauth:2.0:oob",
        "urn:ietf:wg:oauth:2.0:oob:auto",
        "javascript:alert(1)",
        "data:text/html,x",
        "myapp://cb",
        "ftp://app.example"
      })
  void publicUrlOfAnotherSchemeIsRefused(String url) throws ConfigException {
    OneFlaw.isRefused(
        "public-url: https://app.example",
        "public-url: " + url,
        "public-url: https://app.example",
        "redirect-scheme",
        "public-url");
  }

  @ParameterizedTest
  @Rule("TH-CFG-7")
  @CsvSource({
    "redirect-uri: 'urn:ietf:wg:oauth:2.0:oob', redirect-scheme",
    "redirect_uri: oob, redirect-scheme",
    "redirect-uri: 'myapp://cb', redirect-scheme",
    "redirect-uri: 'https://app.example/gatehouse/callback', unknown-key"
  })
  void redirectUriIsNoSetting(String line, String code) throws ConfigException {
    OneFlaw.isRefused(
        "  client-id: gw\n",
        "  client-id: gw\n  " + line + "\n",
        "  client-id: gw\n",
        code,
        "provider." + line.split(":")[0]);
  }

  @ParameterizedTest
  @Rule("TH-CFG-8")
  @ValueSource(strings = {"http://app.example", "http://127.0.0.1:8080", "http://localhost"})
  void plainHttpPublicUrlIsRefused(String url) throws ConfigException {
    OneFlaw.isRefused(
        "public-url: https://app.example",
        "public-url: " + url,
        "public-url: https://127.0.0.1:8443",
        "insecure-redirect",
        "public-url");
  }

  @Test
  @Rule("TH-CFG-8")
  void loopbackPublicUrlNeedsTheFlagAndWarns() throws ConfigException {
    String yaml =
        OneFlaw.changed("public-url: https://app.example", "public-url: http://127.0.0.1:8443")
            .replace("insecure-allow-http: false", "insecure-allow-http: true");

    LoadedConfig loaded = OneFlaw.load(yaml);

    assertThat(loaded.config().publicUrl().https()).isFalse();
    assertThat(loaded.warnings())
        .extracting(ConfigProblem::code)
        .containsExactly("insecure-redirect", "insecure-allow-http");
  }

  @Test
  @Rule("TH-CFG-8")
  void flagDoesNotAllowAPlainPublicUrlBeyondLoopback() {
    String yaml =
        OneFlaw.changed("public-url: https://app.example", "public-url: http://app.example")
            .replace("insecure-allow-http: false", "insecure-allow-http: true");

    assertThat(OneFlaw.problems(yaml))
        .extracting(ConfigProblem::code)
        .contains("insecure-redirect");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8080/app",
        "http://127.0.0.1:8080?x",
        "http://127.0.0.1:8080#x",
        "http://u:p@127.0.0.1:8080",
        "127.0.0.1:8080",
        "ws://127.0.0.1:8080",
        "http://127.0.0.1:70000"
      })
  void upstreamThatIsNoOriginIsRefused(String url) throws ConfigException {
    OneFlaw.isRefused(
        "upstream: http://127.0.0.1:8080",
        "upstream: " + url,
        "upstream: https://app.internal/",
        "upstream",
        "upstream");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:8443", "http://localhost:8443/"})
  void upstreamThatIsTheGatewayItselfIsRefused(String url) throws ConfigException {
    OneFlaw.isRefused(
        "upstream: http://127.0.0.1:8080",
        "upstream: " + url,
        "upstream: http://127.0.0.1:8444",
        "upstream-loop",
        "upstream");
  }

  @ParameterizedTest
  @ValueSource(strings = {"8443", ":8443", "127.0.0.1", "127.0.0.1:65536", "::1:8443", "a b:1"})
  void listenAddressThatIsNoneIsRefused(String address) throws ConfigException {
    OneFlaw.isRefused(
        "listen: 127.0.0.1:8443",
        "listen: '" + address + "'",
        "listen: '[::1]:8443'",
        "listen",
        "listen");
  }

  @Test
  void managementOnThePortOfTheGatewayIsRefused() throws ConfigException {
    OneFlaw.isRefused(
        "management: {listen: 127.0.0.1:9090}",
        "management: {listen: 127.0.0.1:8443}",
        "management: {listen: 127.0.0.1:8444}",
        "port-conflict",
        "management.listen");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1/8",
        "10.0.0.0/33",
        "0.0.0.0/0",
        "'::/0'",
        "proxy.example",
        "10.0.0.256/32",
        "10.0.0/24",
        "all"
      })
  void blockThatIsNoneOrEverybodyIsRefused(String block) throws ConfigException {
    OneFlaw.isRefused(
        "trusted-proxies: [10.0.0.0/8]",
        "trusted-proxies: [" + block + "]",
        "trusted-proxies: [10.1.2.3, 'fd00::/8', '::1']",
        "cidr",
        "trusted-proxies[0]");
  }

  @Test
  void plainListenerOpenToTheNetworkWarns() throws ConfigException {
    String yaml = OneFlaw.changed("listen: 127.0.0.1:8443", "listen: 0.0.0.0:8443");
    assertThat(OneFlaw.load(yaml).warnings()).isEmpty();

    LoadedConfig loaded = OneFlaw.load(yaml.replace("[10.0.0.0/8]", "[]"));

    assertThat(loaded.warnings())
        .extracting(ConfigProblem::code)
        .containsExactly("listen-plain-http");
  }

  @Test
  void managementOpenToTheNetworkWarns() throws ConfigException {
    String yaml = OneFlaw.changed("management: {listen: 127", "management: {listen: 10");

    assertThat(OneFlaw.load(yaml).warnings())
        .extracting(ConfigProblem::code)
        .containsExactly("management-exposed");
  }
}
