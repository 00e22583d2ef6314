package dev.gatehouse.oidc;

import dev.gatehouse.access.ClaimPath;
import dev.gatehouse.config.Provider.UserinfoUse;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether userinfo has to be asked (OpenID Connect Core §5.3). Immutable. */
final class UserinfoNeed {
  private final UserinfoUse use;
  private final List<ClaimPath> wanted;

  /**
   * @param wanted names of claims, or ways to members of one
   */
  UserinfoNeed(UserinfoUse use, Set<String> wanted) {
    this.use = use;
    this.wanted = wanted.stream().map(ClaimPath::new).toList();
  }

  /** Whether {@code claims}, which the ID token has, are not enough. */
  boolean isThere(Map<String, Object> claims) {
    return switch (use) {
      case ALWAYS -> true;
      case NEVER -> false;
      case WHEN_NEEDED -> wanted.stream().anyMatch(claim -> claim.in(claims).isEmpty());
    };
  }

  /** Whether nobody signs in at an OP that has no userinfo. */
  boolean isAbsolute() {
    return use == UserinfoUse.ALWAYS;
  }
}
