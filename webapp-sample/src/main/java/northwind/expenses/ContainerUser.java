package northwind.expenses;

import jakarta.servlet.http.HttpServletRequest;

/** The user whom the servlet container, or a filter in front of us, has signed in. */
final class ContainerUser implements CurrentUser {
  private final HttpServletRequest request;

  ContainerUser(HttpServletRequest request) {
    this.request = request;
  }

  @Override
  public String getName() {
    return request.getUserPrincipal().getName();
  }

  @Override
  public String getDisplayName() {
    return IdentityHeader.DISPLAY_NAME.read(request).orElse(getName());
  }

  @Override
  public boolean isSignedIn() {
    return true;
  }

  @Override
  public boolean isInRole(String role) {
    return request.isUserInRole(role);
  }

  @Override
  public String getSource() {
    return "servlet container (" + request.getAuthType() + ")";
  }
}
