package dev.gatehouse.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.AddressRule;
import dev.gatehouse.backchannel.JsonObject;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which metadata documents are believed (threats.md §1). */
class MetadataRulesTest {
  private static final String ISSUER = "https://op.example";

  private static Map<String, Object> good() {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("issuer", ISSUER);
    metadata.put("authorization_endpoint", ISSUER + "/authorize");
    metadata.put("token_endpoint", ISSUER + "/token");
    metadata.put("jwks_uri", ISSUER + "/jwks");
    metadata.put("code_challenge_methods_supported", List.of("plain", "S256"));
    return metadata;
  }

  private static String read(String name, Object value) {
    return read(
        new MetadataRules(ISSUER, new AddressRule("op.example", false), false), name, value);
  }

  /** The refusal's word, or the empty string where all is well. */
  private static String read(MetadataRules rules, String name, Object value) {
    Map<String, Object> changed = good();
    if (value == null) {
      changed.remove(name);
    } else {
      changed.put(name, value);
    }
    JsonObject document = JsonObject.parse(TestTokens.json(changed).getBytes(UTF_8)).orElseThrow();
    return rules.read(document) instanceof MetadataRules.Reading.Refused refused
        ? refused.reason()
        : "";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://op.example/",
        "https://OP.example",
        "http://op.example",
        "https://op.example:443",
        "https://op.example/.",
        " https://op.example",
        ""
      })
  @Rule("TH-CFG-2")
  void issuerIsComparedByteForByte(String named) {
    assertThat(read("issuer", ISSUER)).isEmpty();
    assertThat(read("issuer", named)).isEqualTo("issuer-mismatch");
    assertThat(read("issuer", null)).isEqualTo("issuer-mismatch");
    assertThat(read("issuer", List.of(ISSUER))).isEqualTo("issuer-mismatch");
  }

  static Stream<String> endpoints() {
    return Stream.of(
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
        "end_session_endpoint",
        "introspection_endpoint",
        "pushed_authorization_request_endpoint");
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  @Rule("TH-CFG-1")
  void everyEndpointIsHttps(String endpoint) {
    assertThat(read(endpoint, "https://other.example/x")).isEmpty();
    assertThat(read(endpoint, "http://op.example/x")).isEqualTo("insecure-endpoint");
    assertThat(read(endpoint, "http://127.0.0.1:9000/x")).isEqualTo("insecure-endpoint");
    assertThat(read(endpoint, "ftp://op.example/x")).isEqualTo("insecure-endpoint");
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:9000/x,''",
    "http://localhost:9000/x,''",
    "http://[::1]:9000/x,''",
    "http://op.example/x,insecure-endpoint",
    "http://127.0.0.1.nip.example/x,insecure-endpoint",
    "http://10.0.0.1/x,insecure-endpoint"
  })
  @Rule("TH-CFG-1")
  void developmentAllowsHttpOnLoopbackAlone(String url, String reason) {
    MetadataRules development =
        new MetadataRules(ISSUER, new AddressRule("op.example", true), true);

    assertThat(read(development, "token_endpoint", url)).isEqualTo(reason);
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void everyEndpointIsAnAbsoluteUrl(String endpoint) {
    for (Object wrong :
        List.of(
            "/token",
            "//op.example/token",
            "https:/token",
            "https:///token",
            "https://op.example/token#x",
            "https://user@op.example/token",
            "https://op.example/a b",
            "javascript:alert(1)",
            "",
            1,
            List.of("https://op.example/token"))) {
      assertThat(read(endpoint, wrong)).as("%s", wrong).isEqualTo("endpoint-syntax");
    }
  }

  @Test
  @Rule("TH-AUTHZ-11")
  void whoTakesPushedRequestsAloneSaysWhere() {
    assertThat(read("require_pushed_authorization_requests", true)).isEqualTo("endpoint-missing");
    assertThat(read("require_pushed_authorization_requests", false)).isEmpty();
  }

  @Test
  @Rule("TH-CFG-16")
  @Rule("TH-AUTHZ-11")
  void demandsOfARequestOutliveAReadingThatLacksThem() {
    RequestMetadata strict =
        new RequestMetadata(Optional.of(URI.create(ISSUER + "/par")), true, true);

    assertThat(RequestMetadata.NONE.keepingDemandsOf(strict)).isEqualTo(strict);
    assertThat(strict.keepingDemandsOf(RequestMetadata.NONE)).isEqualTo(strict);
  }

  @ParameterizedTest
  @ValueSource(strings = {"authorization_endpoint", "token_endpoint", "jwks_uri"})
  void whatTheCodeFlowNeedsIsThere(String endpoint) {
    assertThat(read(endpoint, null)).isEqualTo("endpoint-missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "0.0.0.0",
        "168.63.129.16",
        "224.0.0.1",
        "255.255.255.255",
        "2130706433",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]"
      })
  @Rule("TH-CFG-4")
  void privateAddressesAreRefusedOnOtherHosts(String host) {
    assertThat(read("token_endpoint", "https://198.41.0.4/t")).isEmpty();
    assertThat(read("token_endpoint", "https://" + host + "/t")).isEqualTo("endpoint-address");

    MetadataRules allowed = new MetadataRules(ISSUER, new AddressRule("op.example", true), false);
    assertThat(read(allowed, "token_endpoint", "https://" + host + "/t")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"169.254.169.254", "10.0.0.1", "[fe80::1]", "[fd00:ec2::254]"})
  @Rule("TH-CFG-4")
  void anOpOnThisMachineOpensThisMachineAndNoNeighbour(String host) {
    AddressRule loopback = new AddressRule("127.0.0.1", false);

    assertThat(loopback.allowsLiteral("[::1]")).isTrue();
    assertThat(loopback.allowsLiteral("127.0.0.2")).isTrue();
    assertThat(loopback.allowsLiteral(host)).isFalse();
  }

  static Stream<Object> methodsWithoutS256() {
    return Stream.of(List.of("plain"), List.of(), List.of("s256"), "S256", Map.of("S256", true));
  }

  @ParameterizedTest
  @MethodSource("methodsWithoutS256")
  @Rule("TH-AUTHZ-2")
  void pkceIsNotDowngraded(Object methods) {
    assertThat(read("code_challenge_methods_supported", List.of("S256"))).isEmpty();
    assertThat(read("code_challenge_methods_supported", null)).isEmpty();
    assertThat(read("code_challenge_methods_supported", methods)).isEqualTo("pkce-plain-only");
  }

  @ParameterizedTest
  @ValueSource(strings = {"state=x", "t=1&redirect_uri=https://evil.example", "request_uri=x"})
  @Rule("TH-AUTHZ-1")
  void queryOfTheEndpointHoldsNoneOfOurParameters(String query) {
    String endpoint = ISSUER + "/authorize?";
    assertThat(read("authorization_endpoint", endpoint + "t=1&statement=2")).isEmpty();
    assertThat(read("authorization_endpoint", endpoint + query)).isEqualTo("endpoint-query");
  }
}
