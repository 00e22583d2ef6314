package dev.gatehouse.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.oidc.Providers;
import dev.gatehouse.page.Page;
import java.util.Map;

/**
 * {@code GET /gatehouse/jwks}: the public halves of the keys that this gateway signs and decrypts
 * with, for the OPs (RFC 7517 §5). Safe for concurrent use.
 */
final class JwksEndpoint {
  static final String PATH = "/gatehouse/jwks";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Providers providers;
  private final Answers answers;

  JwksEndpoint(Providers providers, Answers answers) {
    this.providers = providers;
    this.answers = answers;
  }

  Decision answer(ClientRequest request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return answers
          .refuse(request, 405, Page.Kind.METHOD_NOT_ALLOWED, "method")
          .header("Allow", "GET, HEAD")
          .answer();
    }
    try {
      byte[] keys = JSON.writeValueAsBytes(Map.of("keys", providers.publishedKeys()));
      return answers.publicJson(keys, "jwks");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of strings can be written", e);
    }
  }
}
