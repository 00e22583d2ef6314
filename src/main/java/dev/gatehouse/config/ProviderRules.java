package dev.gatehouse.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonPointer;
import dev.gatehouse.config.Provider.ClientAuthentication;
import dev.gatehouse.config.Provider.Endpoints;
import dev.gatehouse.config.Provider.Proof;
import dev.gatehouse.config.Provider.Quirks;
import dev.gatehouse.config.Provider.Request;
import dev.gatehouse.config.Provider.Tokens;
import dev.gatehouse.config.Provider.Userinfo;
import dev.gatehouse.config.Provider.UserinfoUse;
import java.util.Set;

/** What the settings of one OP ask of each other. */
final class ProviderRules {
  private static final String MAC = "HS256";
  private static final int LEAST_MAC_SECRET_BYTES = 32;

  private final Values values;
  private final String prefix;

  /**
   * @param prefix the section of the OP with a dot, such as {@code provider.}
   */
  ProviderRules(Values values, String prefix) {
    this.values = values;
    this.prefix = prefix;
  }

  /** Who says who the user is. */
  void checkIdentity(Request request, Userinfo userinfo, Endpoints endpoints) {
    if (request.scopes().contains("openid")) {
      checkOpenId(userinfo);
    } else if (userinfo.claims().isEmpty()) {
      error(
          "scope-openid",
          "scopes",
          "lacks openid: without it the OP says nobody's name. Add openid; or, if the OP knows"
              + " OAuth alone, write userinfo-endpoint and userinfo-claims: {sub: /POINTER}");
    } else {
      checkWithoutOpenId(userinfo, endpoints);
    }
  }

  private void checkOpenId(Userinfo userinfo) {
    if (!userinfo.claims().isEmpty()) {
      error(
          "userinfo-claims",
          "userinfo-claims",
          "has no effect with the scope openid: the ID token says who the user is. Remove it, or"
              + " openid");
    }
    if (!userinfo.success().isEmpty()) {
      error(
          "userinfo-claims",
          "userinfo-success",
          "has no effect with the scope openid: userinfo is OpenID Connect's then. Remove it, or"
              + " openid");
    }
  }

  // Without openid only a pinned userinfo URL can say who the user is, and the file has to say how
  // (TH-IDT-15).
  private void checkWithoutOpenId(Userinfo userinfo, Endpoints endpoints) {
    if (!userinfo.claims().containsKey("sub")) {
      error(
          "userinfo-claims",
          "userinfo-claims",
          "says not where the user's id stands; write {sub: /POINTER}");
    }
    if (endpoints.authorization().isEmpty()) {
      error(
          "missing-key",
          "authorization-endpoint",
          "is missing: an OP that knows OAuth alone has no metadata to read it from");
    }
    if (endpoints.userinfo().isEmpty()) {
      error(
          "missing-key",
          "userinfo-endpoint",
          "is missing: without the scope openid it is what says who the user is");
    }
    if (userinfo.use() == UserinfoUse.NEVER || userinfo.signed()) {
      error(
          "userinfo-claims",
          userinfo.signed() ? "userinfo-format" : "userinfo",
          "does not go with scopes without openid: userinfo is read at each login, as JSON");
    }
    userinfo.claims().forEach((claim, pointer) -> checkPointer("userinfo-claims", pointer));
    userinfo.success().forEach((pointer, text) -> checkPointer("userinfo-success", pointer));
  }

  private void checkPointer(String name, String pointer) {
    try {
      JsonPointer.compile(pointer);
    } catch (IllegalArgumentException e) {
      error(
          "json-pointer",
          name,
          "holds what is no JSON pointer; it begins with a slash, such as /result/id (RFC 6901)");
    }
  }

  /** With the authorization endpoint in the file, nothing is discovered. */
  void checkEndpoints(Request request, Tokens tokens, Endpoints endpoints) {
    if (endpoints.authorization().isEmpty()) {
      return;
    }
    if (endpoints.token().isEmpty()) {
      error(
          "missing-key",
          "token-endpoint",
          "is missing: with authorization-endpoint nothing is discovered");
    }
    boolean openId = request.scopes().contains("openid");
    boolean macOnly = tokens.signingAlgorithms().equals(Set.of(MAC));
    if (openId && endpoints.jwks().isEmpty() && !macOnly) {
      error(
          "missing-key",
          "jwks-uri",
          "is missing: with authorization-endpoint nothing is discovered, and ID tokens have to be"
              + " verified");
    }
  }

  /**
   * Without PKCE only the nonce ties a code to this browser, and only credentials to this client
   * (TH-QUIRK-18, RFC 9700 §2.1.1).
   */
  void checkQuirks(Quirks quirks, Request request, Proof proof) {
    boolean openId = request.scopes().contains("openid");
    boolean confidential = proof.method() != ClientAuthentication.NONE;
    if (quirks.withoutPkce() && !(openId && confidential)) {
      error(
          "pkce-off",
          "pkce",
          "is off, which only a client with credentials and the scope openid can afford: nothing"
              + " else would tie a code to the browser that asked for it. Remove it");
    } else if (quirks.withoutPkce()) {
      values.warn(
          "pkce-off",
          prefix + "pkce",
          "is off: a code is tied to this browser by the nonce alone (RFC 9700 §2.1.1)");
    }
    if (quirks.missingTokenType()) {
      values.warn(
          "missing-token-type",
          prefix + "missing-token-type",
          "is accept: a token of a type that nobody names is sent as Bearer (RFC 6749 §7.1)");
    }
  }

  /**
   * A key for HS256 has at least 256 bits (RFC 7518 §3.2): anybody who saw one ID token could try
   * out shorter ones at leisure (TH-IDT-2).
   */
  void checkMac(Proof proof) {
    int bytes = proof.secret().map(secret -> secret.reveal().getBytes(UTF_8).length).orElse(0);
    values
        .items(prefix + "signing-algorithms")
        .forEach(
            (place, algorithm) -> {
              if (algorithm.text().equals(MAC) && bytes < LEAST_MAC_SECRET_BYTES) {
                values.error(
                    "weak-algorithm",
                    place,
                    "is HS256, whose key is the client secret: that must be there and have 32"
                        + " bytes or more. Have the OP sign with RS256 or ES256");
              }
            });
  }

  private void error(String code, String name, String message) {
    if (values.isSound(prefix + name)) {
      values.error(code, prefix + name, message);
    }
  }
}
