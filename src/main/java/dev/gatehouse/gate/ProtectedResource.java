package dev.gatehouse.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.GatehouseConfig.Bearer;
import dev.gatehouse.config.GatehouseConfig.BindingDemand;
import dev.gatehouse.config.Provider;
import dev.gatehouse.jose.SelfKeyedJws;
import dev.gatehouse.page.Page;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code /.well-known/oauth-protected-resource}: what a client has to know to get an access token
 * for the app (RFC 9728). Says nothing that differs from request to request. Immutable, safe for
 * concurrent use.
 */
final class ProtectedResource {
  private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";
  private static final Set<Access> WITH_TOKEN = Set.of(Access.BEARER, Access.LOGIN_OR_BEARER);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String path;
  private final byte[] document;
  private final Answers answers;

  /**
   * @param resource the resource identifier (§1.2)
   */
  ProtectedResource(URI resource, Bearer bearer, GatehouseConfig config, Answers answers) {
    this.path = metadataPath(resource);
    this.document = document(resource, bearer, config);
    this.answers = answers;
  }

  /** Where the metadata of {@code resource} are (§3.1). */
  static String metadataUrl(URI resource) {
    return resource.getScheme() + "://" + resource.getRawAuthority() + metadataPath(resource);
  }

  // §3.1: the well-known part stands between host and path; a slash alone is no path.
  private static String metadataPath(URI resource) {
    String path = resource.getRawPath();
    return path.equals("/") ? WELL_KNOWN : WELL_KNOWN + path;
  }

  /** Whether a request is for the metadata: they lie beside the base path, not below it. */
  boolean isAt(ClientRequest request) {
    return path.equals(request.rawPath());
  }

  Decision answer(ClientRequest request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return answers
          .refuse(request, 405, Page.Kind.METHOD_NOT_ALLOWED, "method")
          .header("Allow", "GET, HEAD")
          .answer();
    }
    // Clients that are web pages of other origins read it too; it is the same for everybody.
    return Answers.with(
        answers.publicJson(document, "resource-metadata"), "Access-Control-Allow-Origin", "*");
  }

  private static byte[] document(URI resource, Bearer bearer, GatehouseConfig config) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("resource", resource.toString());
    members.put("authorization_servers", issuers(bearer, config.providers()));
    Set<String> scopes = scopes(config.rules());
    if (!scopes.isEmpty()) {
      members.put("scopes_supported", scopes);
    }
    members.put("bearer_methods_supported", List.of("header"));
    members.put("dpop_signing_alg_values_supported", SelfKeyedJws.algorithms());
    BindingDemand demand = bearer.binding().demanded();
    if (demand == BindingDemand.DPOP) {
      members.put("dpop_bound_access_tokens_required", true);
    }
    if (demand == BindingDemand.MTLS) {
      members.put("tls_client_certificate_bound_access_tokens", true);
    }
    try {
      return JSON.writeValueAsBytes(members);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of strings can be written", e);
    }
  }

  private static List<String> issuers(Bearer bearer, Map<String, Provider> providers) {
    return providers.values().stream()
        .filter(provider -> bearer.provider().map(provider.name()::equals).orElse(true))
        .map(Provider::issuer)
        .toList();
  }

  private static Set<String> scopes(List<AccessRule> rules) {
    Set<String> scopes = new TreeSet<>();
    rules.stream()
        .filter(rule -> WITH_TOKEN.contains(rule.access()))
        .forEach(rule -> scopes.addAll(rule.scopes()));
    return scopes;
  }
}
