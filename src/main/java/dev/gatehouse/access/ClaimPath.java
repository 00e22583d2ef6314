package dev.gatehouse.access;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The name of a claim, or the way to a member of one, such as {@code realm_access.roles}. A claim
 * whose own name has the dot, such as {@code https://app.example/roles}, wins. Immutable.
 *
 * @param name as in the configuration
 */
public record ClaimPath(String name) {
  public ClaimPath {
    Objects.requireNonNull(name, "name");
  }

  /** The value in {@code claims}; empty when it is absent or JSON null. */
  public Optional<Object> in(Map<?, ?> claims) {
    return Optional.ofNullable(find(claims));
  }

  /** The value in {@code claims}; null when it is absent or JSON null. */
  Object find(Map<?, ?> claims) {
    return find(name, claims);
  }

  private static Object find(String name, Map<?, ?> claims) {
    Object direct = claims.get(name);
    if (direct != null) {
      return direct;
    }
    // The longest beginning first, so that each part may have dots of its own.
    for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
      if (claims.get(name.substring(0, dot)) instanceof Map<?, ?> members) {
        Object value = find(name.substring(dot + 1), members);
        if (value != null) {
          return value;
        }
      }
    }
    return null;
  }
}
