package dev.gatehouse.jose;

import dev.gatehouse.backchannel.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Whom a token was made for (RFC 7519 §4.1.3): one string or a list of strings. Anything else, such
 * as a number that looks like a client id when it is printed, is made for nobody.
 */
public final class Audiences {
  private Audiences() {}

  /** The values of {@code aud}; empty where there is none, or any of them is no string. */
  public static List<String> of(JsonObject claims) {
    Object aud = claims.get("aud");
    if (aud instanceof String one) {
      return List.of(one);
    }
    List<String> audiences = new ArrayList<>();
    for (Object member : aud instanceof List<?> list ? list : List.of()) {
      if (!(member instanceof String name)) {
        return List.of();
      }
      audiences.add(name);
    }
    return List.copyOf(audiences);
  }
}
