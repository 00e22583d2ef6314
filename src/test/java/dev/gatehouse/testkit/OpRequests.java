package dev.gatehouse.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The authentication requests that {@link StubOp} keeps (RFC 9126), and those it opens. */
final class OpRequests {
  private final Map<String, Map<String, List<String>>> pushed = new ConcurrentHashMap<>();
  private volatile JWK clientKey;

  /** Request objects have to be signed by this key. */
  void signedBy(JWK key) {
    clientKey = key;
  }

  /** Keeps a request; the name under which it is found again. */
  String push(Map<String, List<String>> form) {
    String name = "urn:ietf:params:oauth:request_uri:" + UUID.randomUUID();
    pushed.put(name, form);
    return name;
  }

  /** All parameters of a request, wherever they stand. */
  Map<String, List<String>> whole(Map<String, List<String>> query) {
    Map<String, List<String>> request = query;
    if (query.containsKey("request_uri")) {
      request = pushed.getOrDefault(query.get("request_uri").get(0), Map.of());
    }
    return request.containsKey("request") ? opened(request.get("request").get(0)) : request;
  }

  private Map<String, List<String>> opened(String object) {
    try {
      JWSObject jws = JWSObject.parse(object);
      if (clientKey == null || !verifies(jws)) {
        return Map.of();
      }
      Map<String, List<String>> request = new LinkedHashMap<>();
      jws.getPayload()
          .toJSONObject()
          .forEach(
              (name, value) ->
                  request.put(
                      name,
                      value instanceof List<?> list
                          ? list.stream().map(String::valueOf).toList()
                          : List.of(String.valueOf(value))));
      return request;
    } catch (ParseException | JOSEException e) {
      return Map.of();
    }
  }

  private boolean verifies(JWSObject jws) throws JOSEException {
    return clientKey instanceof RSAKey rsa
        ? jws.verify(new RSASSAVerifier(rsa.toRSAPublicKey()))
        : jws.verify(new ECDSAVerifier(((ECKey) clientKey).toECPublicKey()));
  }
}
