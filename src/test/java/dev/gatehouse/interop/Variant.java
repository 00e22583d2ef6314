package dev.gatehouse.interop;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a client and its OP have agreed upon, beyond a secret and the plain code flow. */
enum Variant {
  /** Nothing. */
  PLAIN(Map.of(), "", false),
  /** RFC 9126. */
  PUSHED_REQUEST(
      Map.of("require_pushed_authorization_requests", true), "pushed-authorization: always", true),
  /** RFC 7523. */
  PRIVATE_KEY(
      Map.of("token_endpoint_auth_method", "private_key_jwt"),
      "client-authentication: private-key-jwt",
      false),
  /** RFC 9101. */
  SIGNED_REQUEST(
      Map.of("request_object_signing_alg", "ES256", "require_signed_request_object", true),
      "request-object: always",
      false),
  /** JARM. */
  SIGNED_RESPONSE(
      Map.of("authorization_signed_response_alg", "ES256"), "response-mode: jwt", false),
  /** OAuth 2.0 Form Post Response Mode. */
  POSTED_RESPONSE(Map.of(), "response-mode: form_post", false),
  /** RFC 9449, with a nonce of the OP's each time. */
  KEY_BOUND_TOKENS(Map.of("dpop_bound_access_tokens", true), "sender-constraint: dpop", false),
  /** What FAPI 2.0 asks for. */
  FAPI_2(
      Map.of(
          "require_pushed_authorization_requests",
          true,
          "token_endpoint_auth_method",
          "private_key_jwt",
          "id_token_signed_response_alg",
          "ES256",
          "dpop_bound_access_tokens",
          true),
      "profile: fapi2\n  client-authentication: private-key-jwt\n  sender-constraint: dpop",
      true);

  private static final ECKey KEY = key();
  private static final Path FILE = file();

  private final Map<String, Object> metadata;
  private final String settings;
  private final boolean pushes;

  Variant(Map<String, Object> metadata, String settings, boolean pushes) {
    this.metadata = metadata;
    this.settings = settings;
    this.pushes = pushes;
  }

  /** What the client says at its registration. */
  Map<String, Object> metadata() {
    Map<String, Object> all = new LinkedHashMap<>(metadata);
    all.put("jwks", new JWKSet(List.of(KEY)).toJSONObject(true));
    return all;
  }

  /** The lines of the gateway's configuration below {@code provider}. */
  String settings(Object secret) {
    String proof =
        settings.contains("private-key-jwt")
            ? "client-secret: null"
            : "client-secret: \"" + secret + "\"";
    String key =
        settings.contains("private-key-jwt") || settings.contains("request-object")
            ? "\n  client-key: " + FILE
            : "";
    return settings + "\n  " + proof + key;
  }

  /** Whether requests reach the OP without the browser. */
  boolean pushes() {
    return pushes;
  }

  private static ECKey key() {
    try {
      return new ECKeyGenerator(Curve.P_256)
          .keyID("client")
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.ES256)
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path file() {
    try {
      Path file =
          Files.createTempFile(
              "client",
              ".jwk",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      file.toFile().deleteOnExit();
      return Files.writeString(file, KEY.toJSONString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
