package dev.gatehouse.identity;

import dev.gatehouse.access.ClaimText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The roles that {@code isUserInRole} answers true to (Servlet 6.0 §13.3), from one claim. */
final class RoleSet {
  private RoleSet() {}

  /**
   * The items of a list, or the one string: it is not split, since an OP that writes one role with
   * a comma in it means one. Objects and empty strings are no roles.
   *
   * @param claim a JSON value
   */
  static Set<String> of(Object claim) {
    Set<String> roles = new LinkedHashSet<>();
    List<?> items = claim instanceof List<?> list ? list : List.of(claim);
    items.stream()
        .filter(Objects::nonNull)
        .forEach(item -> ClaimText.of(item).filter(role -> !role.isEmpty()).ifPresent(roles::add));
    return roles;
  }
}
