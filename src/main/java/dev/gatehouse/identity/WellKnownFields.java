package dev.gatehouse.identity;

import java.util.List;
import java.util.stream.Stream;

/**
 * Header fields that applications, frameworks and servers believe about the user because some
 * gateway is known to write them (TH-HDR-4). Behind this gateway nobody but it may.
 *
 * <p>Not in the list, on purpose: what a client may send as its own credential to the app, such as
 * {@code X-Auth-Token}, {@code X-Access-Token} and {@code X-Api-Key}.
 */
final class WellKnownFields {
  /** Our own, whatever is configured. */
  private static final List<String> OWN = List.of("x-gatehouse-");

  /** CGI's variable as a field, Authelia, Kubernetes' authenticating proxy; also an address. */
  private static final List<String> REMOTE_USER =
      List.of("remote-", "x-remote-", "x-proxy-remote-", "proxy-remote-");

  /** oauth2-proxy, OpenShift, SonarQube, Jenkins. Not X-Forwarded-For and the like: TH-HTTP-7. */
  private static final List<String> FORWARDED =
      List.of(
          "x-forwarded-user-",
          "x-forwarded-preferred-",
          "x-forwarded-access-",
          "x-forwarded-id-",
          "x-forwarded-client-",
          "x-forwarded-ssl-client-",
          "x-forwarded-tls-client-");

  /** oauth2-proxy with nginx, Vouch, Pomerium, authentik, Louketo, Kong, APISIX, Grafana, Caddy. */
  private static final List<String> REVERSE_PROXIES =
      List.of(
          "x-auth-request-",
          "x-auth-user-",
          "x-authenticated-",
          "x-vouch-",
          "x-pomerium-",
          "x-authentik-",
          "x-authelia-",
          "x-consumer-",
          "x-credential-",
          "x-webauth-",
          "webauth-",
          "x-sso-",
          "x-token-",
          "x-claim-",
          "x-jwt-claim-",
          "x-oidc-",
          "x-openid-",
          "x-saml-",
          "x-proxy-user-",
          "x-proxy-ext-",
          "x-trusted-user-",
          "tailscale-user-",
          "x-rstudio-");

  /** Google IAP and App Engine, AWS load balancers, Azure App Service, Cloudflare Access. */
  private static final List<String> CLOUDS =
      List.of(
          "x-goog-authenticated-",
          "x-goog-iap-",
          "x-appengine-user-",
          "x-amzn-oidc-",
          "x-amzn-mtls-",
          "x-ms-client-principal-",
          "x-ms-token-",
          "cf-access-");

  /**
   * Apache modules (auth_openidc, auth_mellon, auth_cas, Shibboleth) and the single sign-on
   * products of the time: SiteMinder, Tivoli/WebSEAL, Oracle Access Manager, Oracle SSO.
   */
  private static final List<String> SINGLE_SIGN_ON =
      List.of("oidc-", "mellon-", "cas-", "shib-", "eduperson-", "sm-", "iv-", "oam-", "osso-");

  /**
   * Client certificates that the server in front is believed to have checked (TH-BEAR-19): RFC
   * 9440, nginx, Apache, HAProxy.
   */
  private static final List<String> CERTIFICATES =
      List.of(
          "client-cert-",
          "x-client-cert-",
          "x-client-certificate-",
          "x-ssl-client-",
          "ssl-client-",
          "x-ssl-cert-",
          "x-tls-client-",
          "x-mtls-");

  /** WebLogic believes its plug-in; Kubernetes' impersonation. */
  private static final List<String> SERVERS = List.of("wl-proxy-", "impersonate-");

  private WellKnownFields() {}

  /** Beginnings of names, each with a dash at its end. */
  static List<String> beginnings() {
    return Stream.of(
            OWN,
            REMOTE_USER,
            FORWARDED,
            REVERSE_PROXIES,
            CLOUDS,
            SINGLE_SIGN_ON,
            CERTIFICATES,
            SERVERS)
        .flatMap(List::stream)
        .toList();
  }

  /** Whole names. */
  static List<String> wholes() {
    return Stream.of(
            userNames(),
            List.of("x-user", "x-username", "x-userid", "x-userinfo", "x-user-info"),
            List.of("x-groups", "x-group", "x-roles", "x-role", "x-email", "x-principal"),
            // IIS and CGI variables that some servers take from fields.
            List.of("logon-user", "auth-user", "auth-type", "auth-group", "authenticated-user"),
            // Shibboleth with ShibUseHeaders, SiteMinder, CAS.
            List.of("eppn", "persistent-id", "targeted-id", "affiliation", "entitlement"),
            List.of("unscoped-affiliation", "edupersonprincipalname", "edupersontargetedid"),
            List.of("uid", "mail", "smuser", "cas-user"),
            webSpherePlugin(),
            certificates(),
            // Signed or not: whoever reads them expects that a gateway wrote them.
            List.of("x-jwt-assertion", "x-endpoint-api-userinfo", "x-apigateway-api-userinfo"),
            List.of("teleport-jwt-assertion", "x-proxiedentitieschain", "x-anonymous-consumer"),
            List.of("es-security-runas-user", "x-ms-client-principal", "proxy-user"))
        .flatMap(List::stream)
        .toList();
  }

  private static List<String> userNames() {
    return Stream.of(
            Stream.of("original", "real", "current", "logged-in", "trusted", "proxy", "login")
                .flatMap(kind -> Stream.of("x-" + kind + "-user", "x-" + kind + "-username")),
            Stream.of("user", "login", "name", "email", "groups", "group", "roles", "role")
                .flatMap(item -> Stream.of("x-forwarded-" + item, "x-auth-" + item)),
            Stream.of("username", "userid", "subject", "sub", "audience", "expiresin", "principal")
                .map(item -> "x-auth-" + item),
            Stream.of("id", "name", "email", "groups", "group", "roles", "role", "login", "sub")
                .map(item -> "x-user-" + item),
            Stream.of("roles", "groups", "backend-roles").map(item -> "x-proxy-" + item))
        .flatMap(names -> names)
        .toList();
  }

  /** WebSphere believes these of its HTTP server plug-in: remote user, certificate, address … */
  private static List<String> webSpherePlugin() {
    return Stream.of(
            "at", "cc", "cs", "is", "pc", "pr", "ra", "rh", "ru", "sc", "si", "sn", "sp", "ssc")
        .map(item -> "-ws" + item)
        .toList();
  }

  private static List<String> certificates() {
    return List.of(
        "client-cert",
        "x-client-cert",
        "x-client-certificate",
        "x-client-dn",
        "x-client-s-dn",
        "x-client-subject-dn",
        "x-client-verify",
        "x-clientcert",
        "x-arr-clientcert",
        "x-cert-dn",
        "x-ssl-cert",
        "x-subject-dn",
        "proxy-client-cert");
  }
}
