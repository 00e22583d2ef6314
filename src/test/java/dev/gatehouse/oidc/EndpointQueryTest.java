package dev.gatehouse.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.AddressRule;
import dev.gatehouse.backchannel.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metadata of an OP that wants in the URL what belongs into the body of a POST. */
class EndpointQueryTest {
  private static MetadataRules.Reading read(String name, String url) {
    String document =
        """
        {"issuer":"https://op.example","authorization_endpoint":"https://op.example/a",
        "token_endpoint":"https://op.example/t","jwks_uri":"https://op.example/k",
        "introspection_endpoint":"https://op.example/i","revocation_endpoint":"https://op.example/r",
        "code_challenge_methods_supported":["S256"]}
        """;
    String plain = "https://op.example/" + name.charAt(0);
    assertThat(document).contains(plain + '"');
    JsonObject changed =
        JsonObject.parse(document.replace(plain + '"', url + '"').getBytes(UTF_8)).orElseThrow();
    return new MetadataRules("https://op.example", new AddressRule("op.example", false), false)
        .read(changed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "client_secret=s",
        "x=1&client_secret=s",
        "x=1;CLIENT_SECRET",
        "client%5Fsecret=s",
        "client_assertion=a",
        "grant_type=authorization_code",
        "code=",
        "access_token=t",
        "refresh_token"
      })
  @Rule("TH-QUIRK-13")
  @Rule("TH-TOK-1")
  void secretInTheQueryOfAnEndpointIsRefused(String query) {
    for (String name : new String[] {"token", "introspection", "revocation"}) {
      String plain = "https://op.example/" + name.charAt(0);
      assertThat(read(name, plain + "?policy=sign-in"))
          .isInstanceOf(MetadataRules.Reading.Accepted.class);

      assertThat(read(name, plain + "?" + query))
          .isInstanceOfSatisfying(
              MetadataRules.Reading.Refused.class,
              refused -> {
                assertThat(refused.reason()).isEqualTo("secret-in-url");
                assertThat(refused.detail()).contains(name + "_endpoint");
              });
    }
  }
}
