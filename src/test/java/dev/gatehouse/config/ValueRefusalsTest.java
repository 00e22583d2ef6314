package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values out of their range or of no meaning, each beside one that is taken. */
class ValueRefusalsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          idle-timeout: 30m        | idle-timeout: 30        | idle-timeout: 30s        | session.idle-timeout
          idle-timeout: 30m        | idle-timeout: 0s        | idle-timeout: 1s         | session.idle-timeout
          idle-timeout: 30m        | idle-timeout: -5m       | idle-timeout: 500000ms   | session.idle-timeout
          idle-timeout: 30m        | idle-timeout: 30 m      | idle-timeout: 30m        | session.idle-timeout
          idle-timeout: 30m        | idle-timeout: 30min     | idle-timeout: 8h         | session.idle-timeout
          idle-timeout: 30m        | idle-timeout: forever   | idle-timeout: 30m        | session.idle-timeout
          idle-timeout: 30m        | idle-timeout: 999999999999d | idle-timeout: 30m    | session.idle-timeout
          max-lifetime: 8h         | max-lifetime: 91d       | max-lifetime: 90d        | session.max-lifetime
          transaction-lifetime: 10m | transaction-lifetime: 61m | transaction-lifetime: 60m | login.transaction-lifetime
          max-pending: 8           | max-pending: 0          | max-pending: 1           | login.max-pending
          max-pending: 8           | max-pending: 33         | max-pending: 32          | login.max-pending
          max-pending: 8           | max-pending: 8.0        | max-pending: 8           | login.max-pending
          max-pending: 8           | max-pending: 0x8        | max-pending: 8           | login.max-pending
          max-pending: 8           | max-pending: 9999999999 | max-pending: 8           | login.max-pending
          max-head: 32KiB          | max-head: 32            | max-head: 32768B         | limits.max-head
          max-head: 32KiB          | max-head: 32KB          | max-head: 64KiB          | limits.max-head
          max-head: 32KiB          | max-head: 1023B         | max-head: 1KiB           | limits.max-head
          max-head: 32KiB          | max-head: 2MiB          | max-head: 1MiB           | limits.max-head
          max-body: 2GiB           | max-body: -1            | max-body: none           | limits.max-body
          max-body: 2GiB           | request-timeout: 0s     | request-timeout: 1h      | limits.request-timeout
          max-body: 2GiB           | max-connections: 0      | max-connections: 1       | limits.max-connections
          max-body: 2GiB           | min-body-rate: 1        | min-body-rate: 0B        | limits.min-body-rate
          store: memory            | store: disk             | store: cookie            | session.store
          store: memory            | store: MEMORY           | store: memory            | session.store
          insecure-allow-http: false | insecure-allow-http: no | insecure-allow-http: false | insecure-allow-http
          access: anonymous        | access: public          | access: optional         | rules[0].access
          client-secret-basic      | basic                   | client-secret-post       | provider.client-authentication
          """)
  void valueThatIsNoneIsRefused(String good, String broken, String mended, String key)
      throws ConfigException {
    OneFlaw.isRefused(good, broken, mended, "bad-value", key);
  }

  @Test
  void idleTimeoutLongerThanTheWholeSessionIsRefused() throws ConfigException {
    OneFlaw.isRefused(
        "idle-timeout: 30m",
        "idle-timeout: 9h",
        "idle-timeout: 8h",
        "session-lifetimes",
        "session.idle-timeout");
    String yaml = OneFlaw.changed("idle-timeout: 30m", "idle-timeout: 9h");

    assertThat(OneFlaw.problems(yaml).get(0).message())
        .isEqualTo(
            "is 9h, longer than session.max-lifetime (8h); the session would always end first."
                + " Lower it or raise the other");
  }

  @Test
  void sharedStoreIsNotInThisVersion() throws ConfigException {
    OneFlaw.isRefused(
        "store: memory", "store: redis", "store: cookie", "not-in-this-version", "session.store");
  }

  @Test
  @Rule("TH-SES-1")
  void strictSameSiteIsRefused() throws ConfigException {
    OneFlaw.isRefused(
        "  store: memory\n",
        "  store: memory\n  same-site: strict\n",
        "  store: memory\n  same-site: lax\n",
        "same-site",
        "session.same-site");
  }

  @Test
  void sameSiteNoneIsRefused() throws ConfigException {
    OneFlaw.isRefused(
        "  store: memory\n",
        "  store: memory\n  same-site: none\n",
        "  store: memory\n  same-site: lax\n",
        "bad-value",
        "session.same-site");
  }

  @Test
  void scopesWithoutOpenidAreRefused() throws ConfigException {
    OneFlaw.isRefused(
        "scopes: [openid, profile]",
        "scopes: [profile]",
        "scopes: [profile, openid]",
        "scope-openid",
        "provider.scopes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"openid profile", "a\"b", "a\\b", "é", ""})
  void scopeThatIsNoScopeTokenIsRefused(String scope) {
    String yaml =
        OneFlaw.changed(
            "scopes: [openid, profile]", "scopes:\n    - openid\n    - '" + scope + "'");

    assertThat(OneFlaw.problems(yaml)).hasSize(1);
  }

  @ParameterizedTest
  @Rule("TH-IDT-2")
  @ValueSource(strings = {"none", "nOnE", "HS256", "HS512", "RS1", "rs256", "'*'", "ES256K"})
  void signingAlgorithmsBeyondTheAsymmetricOnesAreRefused(String algorithm) throws ConfigException {
    OneFlaw.isRefused(
        "signing-algorithms: [RS256]",
        "signing-algorithms: [RS256, " + algorithm + "]",
        "signing-algorithms: [RS256, ES256, PS512, EdDSA]",
        "weak-algorithm",
        "provider.signing-algorithms[1]");
  }

  @Test
  void noSigningAlgorithmAtAllIsRefused() throws ConfigException {
    OneFlaw.isRefused(
        "signing-algorithms: [RS256]",
        "signing-algorithms: []",
        "signing-algorithms: [ES256]",
        "weak-algorithm",
        "provider.signing-algorithms");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a;b", "__Host-gh_s", "gh_s", "gh_t.x"})
  void appCookieThatIsNoneIsRefused(String name) throws ConfigException {
    OneFlaw.isRefused(
        "app-cookies: [JSESSIONID]",
        "app-cookies: ['" + name + "']",
        "app-cookies: [JSESSIONID, app.sid]",
        "cookie-name",
        "logout.app-cookies[0]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host", "Cookie", "Set-Cookie", "Authorization", "Proxy-Authorization", "Content-Length",
        "content-type", "Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding",
        "Upgrade", "Expect", "X-Forwarded-For", "x_forwarded_for", "X-Forwarded-Host", "Forwarded",
        "X-Real-IP", "Sec-Fetch-Site", "X Name", "X-User:", "''", "X-Üser"
      })
  void headerOfHttpItselfIsRefusedAsIdentityHeader(String name) throws ConfigException {
    OneFlaw.isRefused(
        "X-Mail: email",
        "? \"" + name.replace("'", "") + "\" : email",
        "X-Forwarded-User: email",
        "header-name",
        "identity.headers." + name.replace("'", ""));
  }

  @ParameterizedTest
  @Rule("TH-HDR-2")
  @ValueSource(strings = {"x-user", "X_User", "x.user", "X~User"})
  void twoSpellingsOfOneHeaderAreRefused(String name) throws ConfigException {
    OneFlaw.isRefused(
        "X-Mail: email",
        name + ": email",
        "X-User-Mail: email",
        "header-name",
        "identity.headers." + name);
  }

  @Test
  void requiredHeaderThatIsNotMappedIsRefused() throws ConfigException {
    OneFlaw.isRefused(
        "required: [X-User]",
        "required: [X-Name]",
        "required: [X-Mail]",
        "header-name",
        "identity.required[0]");
  }
}
