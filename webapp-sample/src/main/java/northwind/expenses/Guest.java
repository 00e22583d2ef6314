package northwind.expenses;

/** Nobody is signed in. */
enum Guest implements CurrentUser {
  INSTANCE;

  @Override
  public String getName() {
    return "guest";
  }

  @Override
  public String getDisplayName() {
    return "Guest";
  }

  @Override
  public boolean isSignedIn() {
    return false;
  }

  @Override
  public boolean isInRole(String role) {
    return false;
  }

  @Override
  public String getSource() {
    return "nobody is signed in";
  }
}
