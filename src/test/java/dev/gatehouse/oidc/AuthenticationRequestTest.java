package dev.gatehouse.oidc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Rule;
import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.ClientAuthentication;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The URLs that browsers are sent to. */
class AuthenticationRequestTest {
  private static final AuthenticationRequest REQUEST =
      new AuthenticationRequest(
          URI.create("https://app.example/gatehouse/callback"),
          "state-of-the-test",
          "nonce-of-the-test",
          "verifier-verifier-verifier-verifier-verifier",
          "id-of-the-test",
          AuthenticationDemand.NONE,
          Map.of(),
          false);

  private static Provider provider(Map<String, String> extra) {
    return Provider.of(
            "https://op.example",
            "gw & co",
            Provider.Proof.bySecret(ClientAuthentication.CLIENT_SECRET_BASIC, Secret.of("s")))
        .withRequest(Provider.Request.DEFAULT.with(List.of("openid", "profile"), extra));
  }

  private static String at(String endpoint, Map<String, String> extra) {
    return AuthenticationRequestUrl.at(
            URI.create(endpoint),
            new RequestParameters(provider(extra), Optional.empty()).of(REQUEST))
        .toString();
  }

  private static List<String> names(String url) {
    List<String> names = new ArrayList<>();
    for (String parameter : URI.create(url).getRawQuery().split("&")) {
      names.add(parameter.split("=", 2)[0]);
    }
    return names;
  }

  private static String value(String url, String name) {
    for (String parameter : URI.create(url).getRawQuery().split("&")) {
      if (parameter.startsWith(name + "=")) {
        return URLDecoder.decode(parameter.substring(name.length() + 1), UTF_8);
      }
    }
    return null;
  }

  @Test
  @Rule("TH-AUTHZ-1")
  @Rule("TH-AUTHZ-9")
  void everyParameterIsSentOnce() {
    String url = at("https://op.example/authorize", Map.of());

    assertThat(names(url))
        .containsExactlyInAnyOrder(
            "response_type",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method");
    assertThat(value(url, "response_type")).isEqualTo("code");
    assertThat(value(url, "client_id")).isEqualTo("gw & co");
    assertThat(value(url, "redirect_uri")).isEqualTo("https://app.example/gatehouse/callback");
    assertThat(value(url, "scope")).isEqualTo("openid profile");
    assertThat(value(url, "state")).isEqualTo("state-of-the-test");
    assertThat(value(url, "nonce")).isEqualTo("nonce-of-the-test");
  }

  @Test
  @Rule("TH-AUTHZ-2")
  @Rule("TH-AUTHZ-3")
  void challengeIsTheHashOfTheVerifier() throws NoSuchAlgorithmException {
    String url = at("https://op.example/authorize", Map.of());

    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(REQUEST.codeVerifier().getBytes(US_ASCII));
    assertThat(value(url, "code_challenge_method")).isEqualTo("S256");
    assertThat(value(url, "code_challenge")).isEqualTo(TestTokens.base64url(hash));
    assertThat(url).doesNotContain(REQUEST.codeVerifier());
  }

  @Test
  @Rule("TH-AUTHZ-7")
  void queryOfTheEndpointIsKept() {
    assertThat(at("https://op.example/a?t=1", Map.of()))
        .startsWith("https://op.example/a?t=1&response_type=code&");
    assertThat(at("https://op.example/a?t=%2f&u=a+b", Map.of()))
        .startsWith("https://op.example/a?t=%2f&u=a+b&response_type=code&");
    assertThat(at("https://op.example/a?", Map.of()))
        .startsWith("https://op.example/a?response_type=code&");
    assertThat(at("https://op.example/a?t&", Map.of()))
        .startsWith("https://op.example/a?t&response_type=code&");
  }

  @Test
  @Rule("TH-AUTHZ-8")
  void urlEndsInAnEmptyFragment() {
    assertThat(at("https://op.example/authorize", Map.of())).endsWith("#").doesNotContain("##");
  }

  @Test
  @Rule("TH-AUTHZ-6")
  void configuredParametersAreAddedButReplaceNone() {
    assertThat(value(at("https://op.example/a", Map.of("hd", "a&b")), "hd")).isEqualTo("a&b");
    assertThatThrownBy(() -> at("https://op.example/a", Map.of("state", "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("state");
  }

  private static final URI RETURN = URI.create("https://app.example/gatehouse/logged-out");

  private static String logout(Optional<Secret> idToken) {
    return new EndSessionUrl("gw")
        .at(URI.create("https://op.example/end?x=1"), idToken, "alice-1", RETURN, "state-1")
        .toString();
  }

  @Test
  @Rule("TH-OUT-2")
  void logoutRequestNamesTokenClientAndWayBack() {
    String url = logout(Optional.of(Secret.of("a.b.c")));

    assertThat(url).startsWith("https://op.example/end?x=1&");
    assertThat(value(url, "id_token_hint")).isEqualTo("a.b.c");
    assertThat(value(url, "client_id")).isEqualTo("gw");
    assertThat(value(url, "post_logout_redirect_uri")).isEqualTo(RETURN.toString());
    assertThat(value(url, "state")).isEqualTo("state-1");
    assertThat(names(url)).doesNotContain("logout_hint");
  }

  @Test
  @Rule("TH-OUT-3")
  void logoutRequestStaysBelow8KiB() {
    int frame = logout(Optional.of(Secret.of(""))).length();
    String fits = logout(Optional.of(Secret.of("x".repeat(8192 - frame))));
    String over = logout(Optional.of(Secret.of("x".repeat(8193 - frame))));

    assertThat(fits).hasSize(8192);
    assertThat(names(fits)).contains("id_token_hint");
    assertThat(names(over)).doesNotContain("id_token_hint").contains("client_id");
    assertThat(value(over, "logout_hint")).isEqualTo("alice-1");
    assertThat(value(logout(Optional.empty()), "logout_hint")).isEqualTo("alice-1");
  }
}
