package dev.gatehouse.demo;

/** The configuration of the demo, as an operator would write it for Northwind Expenses. */
final class DemoConfiguration {
  private static final String COMMON =
      """
      public-url: %s
      insecure-allow-http: true       # loopback development only
      provider:
        issuer: %s
        client-id: northwind-expenses
        client-secret: ${file:%s}
        scopes: [openid, profile, email]
      identity:
        headers:
          X-Gatehouse-User: sub
          X-Gatehouse-Name: name
          X-Gatehouse-Email: email
          X-Gatehouse-Groups: groups
        roles: groups
      rules:                          # what no rule names needs a login
        - {path: /, access: optional}
        - {path: /static/**, access: anonymous}
        - {path: /expenses/**, access: login}
        - {path: /admin/**, access: login, require: {groups: admins}}
      """;

  private DemoConfiguration() {}

  /** For the filter, which is inside the application. */
  static String forFilter(LoopbackPort door, String issuer, String secretFile) {
    return COMMON.formatted(door.origin(), issuer, secretFile);
  }

  /** For the standalone gateway, in front of the application. */
  static String forGateway(
      LoopbackPort door, LoopbackPort application, String issuer, String secretFile) {
    return "listen: 127.0.0.1:%d%nupstream: %s%n".formatted(door.number(), application.origin())
        + forFilter(door, issuer, secretFile);
  }
}
