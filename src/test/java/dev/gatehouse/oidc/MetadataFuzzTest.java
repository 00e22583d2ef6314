package dev.gatehouse.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.AddressRule;
import dev.gatehouse.backchannel.JsonObject;
import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;

/** Any JSON object for the OP's metadata: no endpoint is believed that breaks a rule. */
class MetadataFuzzTest {
  private static final MetadataRules RULES =
      new MetadataRules(FuzzedTokens.ISSUER, new AddressRule("op.example", false), false);

  @FuzzTest
  @Rule("TH-CFG-1")
  @Rule("TH-CFG-2")
  @Rule("TH-CFG-4")
  void believedEndpointsAreSafeUrls(byte[] bytes) {
    Optional<JsonObject> document = JsonObject.parse(bytes);
    if (document.isEmpty()) {
      return;
    }
    MetadataWeaknesses.of(document.get());
    if (!(RULES.read(document.get()) instanceof MetadataRules.Reading.Accepted accepted)) {
      return;
    }
    assertThat(document.get().get("issuer")).isEqualTo(FuzzedTokens.ISSUER);
    ProviderMetadata metadata = accepted.metadata();
    Stream.of(
            Optional.of(metadata.authorizationEndpoint()),
            Optional.of(metadata.tokenEndpoint()),
            metadata.jwksUri(),
            metadata.userinfoEndpoint(),
            metadata.endSessionEndpoint(),
            metadata.introspectionEndpoint(),
            metadata.revocationEndpoint())
        .flatMap(Optional::stream)
        .forEach(MetadataFuzzTest::assertSafe);
  }

  private static void assertSafe(URI endpoint) {
    assertThat(endpoint.getScheme()).isEqualToIgnoringCase("https");
    assertThat(endpoint.getHost()).isNotEmpty().doesNotMatch("(127|10|192\\.168|169\\.254)\\..*");
    assertThat(endpoint.getRawFragment()).isNull();
    assertThat(endpoint.getRawUserInfo()).isNull();
    assertThat(endpoint.toString()).doesNotContainAnyWhitespaces();
  }
}
