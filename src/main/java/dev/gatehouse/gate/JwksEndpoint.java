package dev.gatehouse.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.identity.AssertionKeys;
import dev.gatehouse.oidc.Providers;
import dev.gatehouse.page.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET /gatehouse/jwks}: the public halves of the keys that this gateway signs and decrypts
 * with, for the OPs and the app (RFC 7517 §5). Safe for concurrent use.
 */
final class JwksEndpoint {
  static final String PATH = "/gatehouse/jwks";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Providers providers;
  private final Optional<AssertionKeys> assertionKeys;
  private final Answers answers;

  JwksEndpoint(Providers providers, Optional<AssertionKeys> assertionKeys, Answers answers) {
    this.providers = providers;
    this.assertionKeys = assertionKeys;
    this.answers = answers;
  }

  private List<Map<String, Object>> keys() {
    List<Map<String, Object>> keys = new ArrayList<>(providers.publishedKeys());
    assertionKeys.map(AssertionKeys::published).ifPresent(keys::addAll);
    return keys;
  }

  Decision answer(ClientRequest request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return answers
          .refuse(request, 405, Page.Kind.METHOD_NOT_ALLOWED, "method")
          .header("Allow", "GET, HEAD")
          .answer();
    }
    try {
      byte[] keys = JSON.writeValueAsBytes(Map.of("keys", keys()));
      return answers.publicJson(keys, "jwks");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of strings can be written", e);
    }
  }
}
