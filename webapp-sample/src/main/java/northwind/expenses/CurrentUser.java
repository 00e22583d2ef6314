package northwind.expenses;

import jakarta.servlet.http.HttpServletRequest;

/** Who sent a request. The rest of the application asks nothing else. */
public interface CurrentUser {
  /** The login name; {@code guest} when nobody is signed in. */
  String getName();

  /** The name to greet with. */
  String getDisplayName();

  /** Whether somebody is signed in at all. */
  boolean isSignedIn();

  /** Whether the user belongs to {@code role}. */
  boolean isInRole(String role);

  /** How we know, for the diagnostic page. */
  String getSource();

  /**
   * The user of {@code request}: whom the container signed in, else whom the web server in front of
   * us names in the headers that {@code web.xml} lists, else a guest.
   */
  static CurrentUser of(HttpServletRequest request) {
    if (request.getUserPrincipal() != null) {
      return new ContainerUser(request);
    }
    return HeaderUser.find(request).orElse(Guest.INSTANCE);
  }
}
