package dev.gatehouse.oidc;

import java.util.Map;

/** Signs with the client's own key (RFC 7515). Safe for concurrent use. */
interface RequestSigner {
  /**
   * A JWT in compact form.
   *
   * @param type the {@code typ} of its header
   */
  String sign(String type, Map<String, Object> claims);
}
