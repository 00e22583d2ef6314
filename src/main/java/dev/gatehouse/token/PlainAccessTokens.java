package dev.gatehouse.token;

import dev.gatehouse.backchannel.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Tells the access tokens of OPs that do not write {@code at+jwt} from everything else that those
 * OPs sign (RFC 8725 §3.12). Whatever bears the mark of another kind of token is refused, and so is
 * a mark that is not known.
 */
final class PlainAccessTokens {
  private static final Set<String> TYPES = Set.of("jwt", "application/jwt");

  /** OpenID Connect Core §2 and §3.3.2.11, Back-Channel Logout §2.4, RFC 9449 §4.2, RFC 9701 §5. */
  private static final List<String> MARKS_OF_OTHERS =
      List.of(
          "nonce",
          "at_hash",
          "c_hash",
          "s_hash",
          "rt_hash",
          "sub_jwk",
          "events",
          "htm",
          "htu",
          "token_introspection");

  /** Where some OPs write what a token is for: Cognito and others, Keycloak, some more. */
  private static final List<String> KINDS = List.of("token_use", "typ", "token_type", "use");

  private static final Set<String> ACCESS =
      Set.of("access", "access_token", "bearer", "dpop", "at+jwt");

  private PlainAccessTokens() {}

  /** Whether a JWT with that header and those claims may be an access token. */
  static boolean mayBe(JsonObject header, JsonObject claims) {
    Optional<String> typ = header.text("typ").map(text -> text.toLowerCase(Locale.ROOT));
    boolean plainType = header.has("typ") ? typ.filter(TYPES::contains).isPresent() : true;
    return plainType
        && MARKS_OF_OTHERS.stream().noneMatch(claims::has)
        && KINDS.stream().allMatch(name -> saysNothingElse(claims, name));
  }

  private static boolean saysNothingElse(JsonObject claims, String name) {
    return !claims.has(name)
        || claims
            .text(name)
            .filter(kind -> ACCESS.contains(kind.toLowerCase(Locale.ROOT)))
            .isPresent();
  }
}
