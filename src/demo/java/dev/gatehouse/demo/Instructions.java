package dev.gatehouse.demo;

/** What the demo prints when it is ready: what to open and what to press. */
final class Instructions {
  private static final String STEPS =
      """

      Gatehouse demo: Northwind Expenses, an old web application, behind a modern login.

        Open in a browser:  %s/

        1. Choose "My claims". You are sent to the OpenID provider to sign in.
        2. Press "alice" there; nothing has to be typed. You come back, and the application
           knows you. "Who am I" shows which headers it received.
        3. Choose "Approvals": alice is refused, because she is not in the group admins.
        4. Sign out, sign in again and press "root", who is.

      """;

  private Instructions() {}

  /** With the standalone gateway in front of the application. */
  static String withGateway(LoopbackPort door, String issuer, LoopbackPort application) {
    return STEPS.formatted(door.origin())
        + part("Gateway", door.origin() + "/")
        + part("Application", application.origin() + "/   as it is, without a login")
        + part("OpenID provider", issuer + "   for development: believes everybody")
        + end();
  }

  /** With the filter inside the application. */
  static String withFilter(LoopbackPort door, String issuer) {
    return STEPS.formatted(door.origin())
        + part("Application", door.origin() + "/   with the filter in its web.xml")
        + part("OpenID provider", issuer + "   for development: believes everybody")
        + end();
  }

  private static String part(String name, String address) {
    return "  %-17s %s%n".formatted(name, address);
  }

  private static String end() {
    return "%nReady. Press Ctrl-C to stop.%n".formatted();
  }
}
