package northwind.expenses;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** The user whom the web server in front of us names in request headers. Immutable. */
final class HeaderUser implements CurrentUser {
  private final String name;
  private final String displayName;
  private final Set<String> groups;
  private final String source;

  private HeaderUser(String name, String displayName, Set<String> groups, String source) {
    this.name = name;
    this.displayName = displayName;
    this.groups = groups;
    this.source = source;
  }

  /** The user that the headers name; empty when they name nobody. */
  static Optional<CurrentUser> find(HttpServletRequest request) {
    return IdentityHeader.USER.read(request).map(name -> read(request, name));
  }

  private static CurrentUser read(HttpServletRequest request, String name) {
    Set<String> groups = new LinkedHashSet<>();
    // Each group is encoded by itself, so that a comma in a name does not make two of one.
    for (String group : IdentityHeader.GROUPS.raw(request).orElse("").split(",")) {
      if (!group.trim().isEmpty()) {
        groups.add(IdentityHeader.decode(group.trim()));
      }
    }
    return new HeaderUser(
        name,
        IdentityHeader.DISPLAY_NAME.read(request).orElse(name),
        groups,
        "request header " + IdentityHeader.USER.fieldName(request));
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public String getDisplayName() {
    return displayName;
  }

  @Override
  public boolean isSignedIn() {
    return true;
  }

  @Override
  public boolean isInRole(String role) {
    return groups.contains(role);
  }

  @Override
  public String getSource() {
    return source;
  }
}
