package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be asked of logins, and what cannot. */
class RequestSettingsTest {
  private static final String PLACE = "  client-id: gw\n";

  private static String with(String line) {
    return PLACE + "  " + line + "\n";
  }

  @Test
  void signedRequestNeedsAKey() throws ConfigException {
    OneFlaw.isRefused(
        PLACE,
        with("request-object: always"),
        with("request-object: when-required"),
        "client-key-missing",
        "provider.request-object");
  }

  @ParameterizedTest
  @Rule("TH-AUTHZ-14")
  @ValueSource(strings = {"https://a/#x", "https://a/#", "/api", "a", "urn:x"})
  void resourceIsAbsoluteAndHasNoFragment(String resource) throws ConfigException {
    OneFlaw.isRefused(
        PLACE,
        with("resource: ['" + resource + "']"),
        with("resource: [https://a/]"),
        "resource",
        "provider.resource[0]");
  }

  @Test
  @Rule("TH-AUTHZ-6")
  void linksMaySetNothingElse() throws ConfigException {
    OneFlaw.isRefused(
        PLACE,
        with("forwarded-parameters: [login_hint, scope]"),
        with("forwarded-parameters: [login_hint]"),
        "reserved-parameter",
        "provider.forwarded-parameters[1]");
  }

  @Test
  @Rule("TH-CB-2")
  void formsOverHttpAreWarnedOf() throws ConfigException {
    String http =
        OneFlaw.changed(PLACE, with("response-mode: form_post"))
            .replace("https://app.example", "http://127.0.0.1:8443")
            .replace("insecure-allow-http: false", "insecure-allow-http: true");

    assertThat(OneFlaw.load(http).warnings())
        .anySatisfy(warning -> assertThat(warning.code()).isEqualTo("form-post-http"));
    assertThat(OneFlaw.load(OneFlaw.changed(PLACE, with("response-mode: form_post"))).warnings())
        .isEmpty();
  }
}
