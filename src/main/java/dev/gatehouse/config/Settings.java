package dev.gatehouse.config;

import static dev.gatehouse.config.Setting.choice;
import static dev.gatehouse.config.Setting.duration;
import static dev.gatehouse.config.Setting.number;
import static dev.gatehouse.config.Setting.of;
import static dev.gatehouse.config.Setting.size;
import static dev.gatehouse.config.Setting.text;

import dev.gatehouse.config.Setting.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Every setting there is. What is not here is an unknown key (TH-CFG-10). */
final class Settings {
  /** The section whose places each hold the settings of {@code provider}. */
  static final String PROVIDERS = "providers";

  /** Sections that may be written with a bare value, and the setting that it is then of. */
  private static final Map<String, String> SHORTHANDS =
      Map.of(HygieneSettings.SECTION, HygieneSettings.SECTION + ".mode");

  private Settings() {}

  private static final List<Setting> ALL =
      List.of(
          text(
              "public-url",
              "",
              "What browsers type, with the base path if there is one. The redirect URI is made"
                  + " from it and from nothing else."),
          text("listen", "", "Standalone: HOST:PORT to listen on; port 0 takes a free one."),
          text("tls.certificate", "", "Standalone: PEM file with the certificate chain."),
          text("tls.private-key", "", "Standalone: PEM file with its private key (PKCS#8)."),
          choice(
              "tls.client-certificates",
              "none",
              List.of("none", "optional"),
              "Standalone: optional asks clients for a certificate, of any authority, to which"
                  + " their access tokens are bound (RFC 8705 §3); nobody is known by it."),
          of(
              "listener.http2",
              Kind.FLAG,
              "true",
              "Standalone: offer HTTP/2 over TLS; HTTP/1.1 is served in any case."),
          of(
              "listener.h2c",
              Kind.FLAG,
              "false",
              "Standalone: also take HTTP/2 without TLS, from a proxy that knows that it is spoken"
                  + " here; no upgrade from HTTP/1.1 leads to it."),
          of(
              "listener.proxy-protocol",
              Kind.FLAG,
              "false",
              "Standalone: each connection begins with a PROXY header, version 1 or 2, in which one"
                  + " of trusted-proxies tells the client's address; nobody else may connect."),
          text(
              "listener.redirect-from",
              "",
              "Standalone: HOST:PORT of plain HTTP on which all that is done is to send browsers to"
                  + " https; empty: none."),
          of(
              "hsts.enabled",
              Kind.FLAG,
              "true",
              "Tell browsers to come by https alone (RFC 6797), where public-url is https."),
          duration(
              "hsts.max-age", "730d", "0s", "36500d", "For how long; 0s makes them forget it."),
          of(
              "hsts.include-subdomains",
              Kind.FLAG,
              "false",
              "Tell them so of all names below the host too, whoever serves those."),
          of(
              "hsts.preload",
              Kind.FLAG,
              "false",
              "Agree that browsers are shipped with it, which is hard to take back."),
          text(
              "upstream",
              "",
              "Standalone: the app, as scheme, host and port, or unix:/PATH. Gets what upstreams do"
                  + " not name."),
          of(
              "upstreams",
              Kind.UPSTREAMS,
              "[]",
              "Standalone: which app gets which paths, where there are several. The most specific"
                  + " path wins, as with rules; upstreams that name the host come first. Says"
                  + " nothing about who may do what."),
          text(
              "upstreams[].path",
              "",
              "Path below the base path; * is one segment, ** at the end any number, none too."),
          of(
              "upstreams[].host",
              Kind.LIST,
              "[]",
              "Host names of the public URLs that it is for; empty: all."),
          text(
              "upstreams[].target",
              "",
              "The app there: http://HOST:PORT, https://HOST:PORT or unix:/PATH."),
          of(
              "upstreams[].targets",
              Kind.LIST,
              "[]",
              "In the place of target several servers, which are all alike."),
          text(
              "upstreams[].replace-prefix",
              "",
              "What the app gets in the place of all that stands before **, such as /legacy; /"
                  + " removes it. Redirects, links and cookies of the app are mapped back."),
          choice(
              "upstreams[].balance",
              "round-robin",
              List.of("round-robin", "least-connections"),
              "Which of several targets gets a request. A user has no target of his own."),
          text(
              "upstreams[].health-check.path",
              "",
              "Path at the app that is asked for; turns the questions on."),
          duration(
              "upstreams[].health-check.interval", "10s", "100ms", "1h", "Between two questions."),
          duration("upstreams[].health-check.timeout", "2s", "10ms", "1m", "For an answer."),
          of(
              "upstreams[].health-check.status",
              Kind.LIST,
              "[200-399]",
              "Statuses and ranges of them that tell that a target is well."),
          number(
              "upstreams[].health-check.rise", 2, 1, 100, "Good answers in a row that bring back."),
          number("upstreams[].health-check.fall", 3, 1, 100, "Bad ones in a row that take out."),
          number(
              "upstreams[].eject.after",
              3,
              0,
              1000,
              "Failed requests in a row that take one of several targets out; 0: none do."),
          duration(
              "upstreams[].eject.for",
              "10s",
              "10ms",
              "1h",
              "For how long at first; then one request tries it, and each failure doubles this."),
          duration("upstreams[].eject.at-most", "5m", "10ms", "1d", "For how long at most."),
          of(
              "upstreams[].eject.on-status",
              Kind.FLAG,
              "false",
              "Count 502, 503 and 504 of the app, and no answer in time, as failures too."),
          text(
              "upstream-secret.header",
              "X-Gatehouse-Secret",
              "Standalone: the header by which the app knows requests that came through the"
                  + " gateway."),
          of(
              "upstream-secret.value",
              Kind.SECRET,
              "",
              "Standalone: its value, 16 characters or more; turns it on."),
          text(
              "upstream-tls.certificate",
              "",
              "Standalone: PEM file with the certificate chain that the gateway shows to the app."),
          text(
              "upstream-tls.private-key",
              "",
              "Standalone: PEM file with its private key (PKCS#8)."),
          text(
              "upstream-tls.ca-bundle",
              "",
              "Standalone: PEM file of the authorities that vouch for the app, in the place of the"
                  + " JVM's."),
          text(
              "upstream-tls.server-name",
              "",
              "Standalone: the name in the certificates of all targets, where these are named by"
                  + " address."),
          text(
              "provider.preset",
              "",
              "A file of settings for a well-known OP, such as keycloak, entra, google or github;"
                  + " what is written beside it wins."),
          text(
              "provider.issuer",
              "",
              "The OP's issuer identifier, compared byte for byte with its metadata."),
          text("provider.client-id", "", "The client id registered at the OP."),
          text(
              "provider.display-name",
              "",
              "What users read where they choose among several providers; by default the name."),
          of(
              "provider.client-secret",
              Kind.SECRET,
              "",
              "The client secret; a reference to a file or variable, never the secret itself."),
          choice(
              "provider.client-authentication",
              "client-secret-basic",
              List.of(
                  "client-secret-basic",
                  "client-secret-post",
                  "client-secret-jwt",
                  "private-key-jwt",
                  "tls-client-auth",
                  "self-signed-tls-client-auth",
                  "none"),
              "How the gateway authenticates to the OP (RFC 6749 §2.3, RFC 7523, RFC 8705)."),
          of(
              "provider.public-client",
              Kind.FLAG,
              "false",
              "Allows client-authentication: none, for an OP that gives no credentials."),
          text(
              "provider.client-key",
              "",
              "File with the private key for private-key-jwt and request objects: PEM (PKCS#8),"
                  + " JWK, JWK set (the first signs) or PKCS#12."),
          of("provider.client-key-password", Kind.SECRET, "", "Password of that file, if any."),
          text(
              "provider.client-key-id",
              "",
              "The kid that the OP knows the key by; by default that of the JWK, else its"
                  + " thumbprint (RFC 7638)."),
          text(
              "provider.client-key-algorithm",
              "",
              "JWS algorithm to sign with; by default the one that fits the key: PS256, ES256 or"
                  + " EdDSA; for client-secret-jwt HS256."),
          choice(
              "provider.client-assertion-audience",
              "issuer",
              List.of("issuer", "token-endpoint"),
              "The aud of client assertions (RFC 7523 §3)."),
          text(
              "provider.client-certificate",
              "",
              "PEM file with the certificate chain for mutual TLS (RFC 8705)."),
          text(
              "provider.client-certificate-key",
              "",
              "PEM file with the private key of that certificate (PKCS#8)."),
          of(
              "provider.scopes",
              Kind.LIST,
              "[openid, profile, email]",
              "Scopes asked for at login; openid is always among them."),
          of(
              "provider.signing-algorithms",
              Kind.LIST,
              "[RS256, PS256, ES256, EdDSA]",
              "JWS algorithms accepted for ID tokens (RFC 8725 §3.1); HS256 takes a client secret"
                  + " of 32 bytes or more."),
          of(
              "provider.authorization-parameters",
              Kind.MAP,
              "{}",
              "Constant extra parameters of the authentication request, such as display."),
          choice(
              "provider.pushed-authorization",
              "when-required",
              List.of("when-required", "always"),
              "When requests are pushed to the OP instead of sent through the browser (RFC 9126)."),
          choice(
              "provider.request-object",
              "when-required",
              List.of("when-required", "always"),
              "When requests are signed (RFC 9101); needs client-key."),
          choice(
              "provider.response-mode",
              "query",
              List.of("query", "form_post", "jwt"),
              "How the OP's answer travels through the browser; jwt is signed (JARM)."),
          of(
              "provider.resource",
              Kind.LIST,
              "[]",
              "Resource indicators: absolute URLs that access tokens are for (RFC 8707)."),
          text("provider.prompt", "", "The prompt parameter, such as login or select_account."),
          of(
              "provider.acr-values",
              Kind.LIST,
              "[]",
              "Authentication contexts that are asked for, one of which is then demanded."),
          duration(
              "provider.max-age",
              "",
              "1s",
              "365d",
              "The oldest authentication at the OP that is good enough; checked in the answer."),
          of(
              "provider.ui-locales",
              Kind.LIST,
              "[]",
              "Languages of the OP's pages, preferred first."),
          of(
              "provider.forwarded-parameters",
              Kind.LIST,
              "[]",
              "Which of login_hint and ui_locales a link to /gatehouse/login may set."),
          of(
              "provider.trusted-audiences",
              Kind.LIST,
              "[]",
              "Further audiences that an ID token may have beside the client id."),
          text(
              "provider.decryption-key",
              "",
              "File with the private key that opens encrypted ID tokens and userinfo; without it"
                  + " none are accepted."),
          of("provider.decryption-key-password", Kind.SECRET, "", "Password of that file, if any."),
          of(
              "provider.require-encrypted-id-token",
              Kind.FLAG,
              "false",
              "Refuse ID tokens that are not encrypted."),
          choice(
              "provider.sender-constraint",
              "none",
              List.of("none", "dpop", "mtls"),
              "What binds tokens to this gateway (RFC 9449, RFC 8705 §3)."),
          text(
              "provider.dpop-key",
              "",
              "File with the private key of DPoP proofs (EC or RSA), the same on every node; by"
                  + " default one is made at each start, which suits a single node."),
          of("provider.dpop-key-password", Kind.SECRET, "", "Password of that file, if any."),
          duration(
              "provider.max-token-lifetime",
              "8h",
              "1m",
              "24h",
              "An access token is renewed at this age, though the OP gave it a longer life."),
          duration(
              "provider.default-token-lifetime",
              "15m",
              "1s",
              "15m",
              "Life of an access token whose expiry the OP does not tell."),
          choice(
              "provider.profile",
              "none",
              List.of("none", "fapi2"),
              "FAPI: fapi2 turns on and demands what the FAPI 2.0 Security Profile needs."),
          choice(
              "provider.userinfo",
              "when-needed",
              List.of("always", "when-needed", "never"),
              "When userinfo is asked at a login and a refresh: when a claim that a header, a rule"
                  + " or the roles want is not in the ID token, always, or never."),
          choice(
              "provider.userinfo-format",
              "json",
              List.of("json", "jwt"),
              "What userinfo must be: plain JSON, or a JWT that the OP signed and may have"
                  + " encrypted."),
          of(
              "provider.userinfo-claims",
              Kind.MAP,
              "{}",
              "Claim to JSON pointer, for userinfo that is not OpenID Connect's, such as"
                  + " {sub: /result/id}."),
          of(
              "provider.userinfo-success",
              Kind.MAP,
              "{}",
              "JSON pointer to the value there that tells success, such as {/code: 200}."),
          choice(
              "provider.access-token-validation",
              "",
              List.of("jwt", "introspection"),
              "How the access tokens of clients are judged, where bearer.validation is not right"
                  + " for this OP."),
          of(
              "provider.plain-access-tokens",
              Kind.FLAG,
              "false",
              "Take JWT access tokens that do not say at+jwt in their typ (RFC 9068 §2.1); what has"
                  + " the marks of an ID token is refused."),
          choice(
              "provider.introspection-format",
              "json",
              List.of("json", "jwt"),
              "What an introspection response must be: plain JSON, or a JWT that the OP signed and"
                  + " may have encrypted (RFC 9701)."),
          text(
              "provider.authorization-endpoint",
              "",
              "The OP's authorization endpoint; with it, nothing is discovered."),
          text("provider.token-endpoint", "", "The OP's token endpoint, where none is discovered."),
          text("provider.userinfo-endpoint", "", "The OP's userinfo endpoint."),
          text("provider.jwks-uri", "", "The OP's signing keys."),
          text("provider.revocation-endpoint", "", "The OP's revocation endpoint."),
          text("provider.introspection-endpoint", "", "The OP's introspection endpoint."),
          text("provider.end-session-endpoint", "", "The OP's logout page."),
          choice(
              "provider.scope-separator",
              "space",
              List.of("space", "comma"),
              "What stands between scopes, sent and read; comma adapts to some OPs."),
          choice(
              "provider.pkce",
              "s256",
              List.of("s256", "off"),
              "Off adapts to an OP that refuses code_challenge; only with a secret and openid."),
          choice(
              "provider.missing-token-type",
              "refuse",
              List.of("refuse", "accept"),
              "Accept adapts to an OP whose token response lacks token_type."),
          choice(
              "provider.token-response-format",
              "json",
              List.of("json", "form"),
              "Form adapts to an OP whose token response is form-encoded."),
          text(
              "provider.server-state-endpoint",
              "",
              "Adapts to an OP that hands out a session value to be sent in both steps."),
          text(
              "default-provider",
              "",
              "Of several providers, the one that logs users in where no rule names another; empty:"
                  + " the user chooses."),
          of(
              "hosts",
              Kind.MAP,
              "{}",
              "Further host names that are served, with scheme, port and path of public-url, each"
                  + " with the provider of its users: {other.example: NAME}."),
          of(
              "strict",
              Kind.FLAG,
              "false",
              "Refuse an OP with a known weakness instead of reporting it."),
          duration(
              "login.transaction-lifetime",
              "10m",
              "1s",
              "1h",
              "From leaving for the OP to coming back."),
          of(
              "login.shared-redirect-uri",
              Kind.FLAG,
              "false",
              "Let several providers answer at the one redirect URI /gatehouse/callback; only where"
                  + " each of them names itself in its answers (RFC 9207)."),
          number("login.max-pending", 8, 1, 32, "Login attempts in flight per browser."),
          choice(
              "session.store",
              "memory",
              List.of("memory", "cookie"),
              "Where sessions live: in this process, or sealed in the browser's cookie."),
          duration("session.idle-timeout", "30m", "1s", "30d", "A session unused for longer ends."),
          duration(
              "session.max-lifetime", "8h", "1s", "90d", "A session older than this always ends."),
          of(
              "session.keys",
              Kind.SECRETS,
              "[]",
              "256-bit keys in base64url (`gatehouse keygen`); the first seals, all open. Empty:"
                  + " one is made at start, for a single node."),
          number(
              "session.max-sessions",
              1_000_000,
              1,
              100_000_000,
              "The most sessions kept in memory."),
          of(
              "session.polling-paths",
              Kind.LIST,
              "[]",
              "Path patterns whose requests do not count as use of the session."),
          choice(
              "session.same-site",
              "lax",
              List.of("lax"),
              "SameSite of the session cookie; strict would lose the return from the OP."),
          choice(
              "identity.preset",
              "",
              IdentityPreset.words(),
              "The headers of a product for which the app was written; identity.headers adds to"
                  + " them and replaces."),
          of(
              "identity.headers",
              Kind.MAP,
              "{X-Gatehouse-User: sub, X-Gatehouse-Email: email, X-Gatehouse-Groups: groups}",
              "Request header for the app, and the claim it carries."),
          choice(
              "identity.encoding",
              "percent",
              HeaderEncoding.words(),
              "How texts are written into headers; a preset has its own default."),
          choice(
              "identity.lists",
              "comma",
              ListFormat.words(),
              "How lists are written into headers; a preset has its own default."),
          of(
              "identity.header-encodings",
              Kind.MAP,
              "{}",
              "Encodings of single headers, such as {X-Name: rfc2047}."),
          of(
              "identity.header-lists",
              Kind.MAP,
              "{}",
              "List formats of single headers, such as {X-Groups: json}."),
          of(
              "identity.required",
              Kind.LIST,
              "[]",
              "Headers without whose claim a user is refused with 403."),
          text("identity.roles", "groups", "Filter: the claim that isUserInRole reads."),
          text(
              "identity.remote-user",
              "sub",
              "The claim by which the app calls a user: the user header of presets; filter:"
                  + " getRemoteUser."),
          text(
              "identity.assertion.audience",
              "",
              "The app's own id, in the aud of a signed assertion about the user; turns it on."),
          text(
              "identity.assertion.header",
              "X-Gatehouse-Assertion",
              "The header that carries the signed assertion."),
          text(
              "identity.assertion.key",
              "",
              "File with the private key that signs it, the same on every node: PEM (PKCS#8), JWK,"
                  + " JWK set (the first signs) or PKCS#12; by default one is made at each start."),
          of("identity.assertion.key-password", Kind.SECRET, "", "Password of that file, if any."),
          text(
              "identity.assertion.algorithm",
              "",
              "JWS algorithm of the assertion; by default the one that fits the key."),
          duration(
              "identity.assertion.lifetime",
              "60s",
              "10s",
              "60s",
              "From iat to exp; it is signed anew at half of it."),
          of(
              "identity.assertion.claims",
              Kind.LIST,
              "[]",
              "Claims of the user that the assertion carries beside sub."),
          choice(
              "identity.authorization",
              "none",
              List.of("none", "bearer-assertion", "bearer-access-token", "basic"),
              "What the app finds in Authorization; with any but none the client's own is"
                  + " removed."),
          text(
              "identity.basic.user",
              "",
              "For authorization: basic, one user name for all; by default that of each user."),
          of(
              "identity.basic.password",
              Kind.SECRET,
              "",
              "For authorization: basic, the password, which app and gateway share."),
          of(
              "rules",
              Kind.RULES,
              "[]",
              "Who may reach which path; the most specific rule wins, what no rule names needs a"
                  + " login."),
          text(
              "rules[].path",
              "",
              "Path below the base path; * is one segment, ** at the end any number."),
          of("rules[].methods", Kind.LIST, "[]", "Methods the rule is for; empty: all."),
          of("rules[].hosts", Kind.LIST, "[]", "Host names the rule is for; empty: all."),
          of(
              "rules[].networks",
              Kind.LIST,
              "[]",
              "Address blocks (CIDR) from which the rule lets anybody pass. From elsewhere 403;"
                  + " where the rule opens, a login at least."),
          choice(
              "rules[].access",
              "",
              List.of("anonymous", "optional", "login", "bearer", "login-or-bearer", "deny"),
              "What a request needs."),
          of(
              "rules[].require",
              Kind.REQUIREMENT,
              "{}",
              "Claims the user must have, each with one of the values; any, all and not combine"
                  + " them. What the claims do not tell is a no."),
          of(
              "rules[].acr",
              Kind.LIST,
              "[]",
              "Authentication contexts of which one is needed, preferred first; a session with"
                  + " another asks the OP for it."),
          of(
              "rules[].scopes",
              Kind.LIST,
              "[]",
              "Scopes that must have been granted, all of them; a session that lacks one asks the"
                  + " OP for it."),
          duration(
              "rules[].max-age",
              "",
              "1s",
              "365d",
              "The oldest authentication that is good enough; an older one has to be repeated."),
          text("rules[].provider", "", "Of several providers, the one a user must come from."),
          choice(
              "rules[].token-hygiene",
              "",
              List.of("enforce", "strip", "report"),
              "What happens to misplaced tokens here; another than elsewhere needs a reason."),
          text("rules[].reason", "", "Why this rule differs from the rest, for whoever reads it."),
          of(
              "rules[].forward-token",
              Kind.FLAG,
              "false",
              "Let the app have the access token that let the request pass."),
          choice(
              "rules[].path-parameters",
              "remove",
              List.of("remove", "forward"),
              "Standalone: what becomes of ;jsessionid=… at the end of the path."),
          choice(
              "rules[].cors-preflight",
              "",
              List.of("refuse", "to-app"),
              "What becomes of CORS preflights here; by default as cors-preflight says."),
          choice(
              "rules[].cross-site",
              "",
              List.of("allow", "refuse-unsafe", "refuse"),
              "What of other sites' doing reaches the app here; by default as cross-site.policy"
                  + " says, and on anonymous paths everything."),
          of(
              "app.case-insensitive",
              Kind.FLAG,
              "false",
              "The app takes /Admin for /admin, so rules that open do too. Rules that protect"
                  + " always do."),
          choice(
              "cors-preflight",
              "refuse",
              List.of("refuse", "to-app"),
              "What becomes of CORS preflights, which carry no credential: refused where the rule"
                  + " wants a user, or answered by the app, which is told of nobody."),
          choice(
              "cross-site.policy",
              "refuse-unsafe",
              List.of("allow", "refuse-unsafe", "refuse"),
              "What other sites may make the browser of a signed-in user do: everything; GET, HEAD"
                  + " and OPTIONS; or follow links alone."),
          choice(
              "cross-site.same-site",
              "allow",
              List.of("allow", "refuse"),
              "Whether pages of other hosts of the same site may do what the app's own may."),
          choice(
              "cross-site.unknown",
              "allow",
              List.of("allow", "refuse"),
              "Whether something may be changed where the browser does not say which page asks."),
          of(
              "cross-site.trusted-origins",
              Kind.LIST,
              "[]",
              "Origins that may do what the app's own pages may, such as https://pay.example."),
          text("bearer.audience", "", "The value that must be in an access token's aud."),
          text(
              "bearer.provider",
              "",
              "Of several providers, the only one whose access tokens are taken; needed for"
                  + " introspection. Empty: each by its issuer."),
          text(
              "bearer.opaque-provider",
              "",
              "Of several providers, the one that is asked about access tokens that name no issuer;"
                  + " without it they are refused."),
          choice(
              "bearer.validation",
              "jwt",
              List.of("jwt", "introspection"),
              "How access tokens are judged (RFC 9068, RFC 7662)."),
          duration(
              "bearer.cache-lifetime",
              "60s",
              "1s",
              "10m",
              "How long an answer about an access token is used, never past its exp."),
          duration(
              "bearer.stale-grace",
              "0s",
              "0s",
              "60s",
              "How much longer while the OP cannot be asked, never past its exp; each use is a"
                  + " warning in the log."),
          choice(
              "bearer.sender-constraint",
              "optional",
              List.of("optional", "required", "dpop", "mtls"),
              "What access tokens have to be bound by: nothing, either, a DPoP key (RFC 9449) or a"
                  + " client certificate (RFC 8705 §3). One that is bound has to be proven in any"
                  + " case."),
          of(
              "bearer.dpop-nonce",
              Kind.FLAG,
              "false",
              "Demand a nonce of this gateway in DPoP proofs (RFC 9449 §9)."),
          text(
              "bearer.client-certificate-header",
              "",
              "The request header in which trusted-proxies tell the certificate that a client"
                  + " showed them: Client-Cert (RFC 9440), or one with PEM, URL-escaped or not."),
          text(
              "bearer.resource",
              "",
              "The URL of this API as a protected resource; its metadata (RFC 9728) are then served"
                  + " and named in every challenge for a token."),
          choice(
              "token-hygiene.mode",
              "enforce",
              List.of("enforce", "strip", "report"),
              "What happens to tokens in URLs and forms: refused, removed or counted. Short:"
                  + " token-hygiene: enforce."),
          of(
              "token-hygiene.names",
              Kind.LIST,
              "[]",
              "Parameter names that are watched beside access_token and its like."),
          choice(
              "token-hygiene.jwt-values",
              "report",
              List.of("ignore", "report", "as-token"),
              "What a value counts for that looks like a JWT or is the session's own, whatever its"
                  + " name."),
          of(
              "token-hygiene.scan-responses",
              Kind.FLAG,
              "false",
              "Look for tokens in text bodies of the app, and report them."),
          size(
              "token-hygiene.max-peek",
              "64KiB",
              "1KiB",
              "1MiB",
              "How much of a form is looked at before the app gets it."),
          of(
              "trusted-proxies",
              Kind.LIST,
              "[]",
              "Address blocks (CIDR) whose X-Forwarded-* fields are believed; empty: nobody."),
          of(
              "forward-auth.enabled",
              Kind.FLAG,
              "false",
              "Let the trusted-proxies ask /gatehouse/auth about requests that they send to the app"
                  + " themselves."),
          choice(
              "forward-auth.request",
              "x-original",
              List.of("x-original", "x-forwarded", "path"),
              "Where they say which request: X-Original-URI and -Method (nginx, Apache),"
                  + " X-Forwarded-Uri and -Method (Traefik, Caddy), or method and path of the"
                  + " question itself, behind /gatehouse/auth (Envoy)."),
          choice(
              "forward-auth.answers",
              "auto",
              List.of("auto", "status", "redirect"),
              "Whether the way to the OP is a field beside 401, for proxies that look at the status"
                  + " alone, or a redirect that they pass on; auto: status for x-original."),
          of(
              "forward-auth.key",
              Kind.SECRET,
              "",
              "What the proxy must send in X-Gatehouse-Auth-Key, where its address alone is not"
                  + " proof enough."),
          text(
              "management.listen",
              "",
              "Standalone: HOST:PORT for health, metrics, the leak report and what operators of the"
                  + " same machine may do; empty: none."),
          of(
              "logout.app-cookies",
              Kind.LIST,
              "[JSESSIONID]",
              "The app's own cookies that a logout expires."),
          of(
              "logout.app-paths",
              Kind.LIST,
              "[]",
              "Path patterns of the app's own logout pages; a click there ends the gateway's"
                  + " session too."),
          of(
              "logout.withhold-id-token",
              Kind.FLAG,
              "false",
              "Tell the OP's logout page the user's subject in place of the ID token, which would"
                  + " stand in a URL."),
          of("logout.clear-site-data", Kind.FLAG, "false", "Send Clear-Site-Data at logout."),
          size("limits.max-head", "32KiB", "1KiB", "1MiB", "Standalone: request line and fields."),
          size("limits.max-url", "8KiB", "256B", "1MiB", "Standalone: request target."),
          number("limits.max-header-fields", 100, 8, 10_000, "Standalone: field lines."),
          size("limits.max-body", "2GiB", "0B", "1PiB", "Standalone: request body; none lifts it."),
          duration("limits.connect-timeout", "5s", "10ms", "5m", "Standalone: to the upstream."),
          duration(
              "limits.response-timeout",
              "60s",
              "10ms",
              "1d",
              "Standalone: silence of the upstream before its answer; then 504."),
          duration(
              "limits.upstream-idle-timeout",
              "60s",
              "10ms",
              "1d",
              "Standalone: silence of the upstream within its answer, which is then cut."),
          duration(
              "limits.request-timeout",
              "",
              "100ms",
              "7d",
              "Standalone: for a whole request and its answer, WebSockets apart."),
          number(
              "limits.upstream-connections",
              1024,
              1,
              65_535,
              "Standalone: connections to one target; requests beyond wait for one."),
          duration(
              "limits.upstream-keep-alive",
              "4s",
              "100ms",
              "1h",
              "Standalone: how long a connection to a target is kept for the next request; less"
                  + " than the app keeps it."),
          duration("limits.idle-timeout", "60s", "100ms", "1d", "Standalone: client connections."),
          duration("limits.head-timeout", "10s", "100ms", "5m", "Standalone: to send a head."),
          size(
              "limits.min-body-rate",
              "500B",
              "0B",
              "1GiB",
              "Standalone: a second, that a client has to send of its body and take of an answer."),
          duration(
              "limits.min-body-rate-grace",
              "20s",
              "100ms",
              "1h",
              "Standalone: how long a client may lag before its rate counts."),
          duration(
              "limits.tunnel-idle-timeout",
              "5m",
              "100ms",
              "7d",
              "Standalone: WebSockets on which nothing happens."),
          duration(
              "limits.tunnel-recheck",
              "2s",
              "100ms",
              "5m",
              "Standalone: how long a WebSocket may outlive its session."),
          number(
              "limits.max-connections",
              32_768,
              1,
              10_000_000,
              "Standalone: clients' connections; more are closed at once."),
          number(
              "limits.max-connections-per-address",
              16_384,
              1,
              10_000_000,
              "Standalone: of one client address; trusted proxies apart."),
          number(
              "limits.max-requests-per-connection",
              0,
              0,
              100_000_000,
              "Standalone: over HTTP/1; 0 for no limit."),
          duration(
              "limits.stop-delay",
              "0s",
              "0s",
              "10m",
              "Standalone: after SIGTERM and before the port closes, for balancers to notice."),
          duration(
              "limits.stop-timeout",
              "30s",
              "0s",
              "1h",
              "Standalone: for running requests at stop."),
          duration("backchannel.connect-timeout", "2s", "10ms", "1m", "Connecting to the OP."),
          duration("backchannel.read-timeout", "5s", "10ms", "1m", "Between the OP's bytes."),
          duration("backchannel.deadline", "10s", "10ms", "2m", "For a whole call to the OP."),
          number("backchannel.threads", 16, 1, 1024, "Calls to the OP at once."),
          number("backchannel.queue", 64, 0, 100_000, "Calls that may wait; more get 503."),
          text("backchannel.ca-bundle", "", "PEM file of further trusted certificate authorities."),
          of(
              "backchannel.allow-private-addresses",
              Kind.FLAG,
              "false",
              "Let OP endpoints be at private addresses on another host than the issuer's."),
          of(
              "insecure-allow-http",
              Kind.FLAG,
              "false",
              "Loopback development only: http for the OP and the public URL."));

  private static final Map<String, Setting> BY_KEY =
      ALL.stream().collect(Collectors.toMap(Setting::key, s -> s, (a, b) -> a, LinkedHashMap::new));

  private static final Set<String> SECTIONS =
      ALL.stream()
          .map(Setting::key)
          .filter(key -> key.contains("."))
          .map(key -> key.substring(0, key.lastIndexOf('.')))
          .collect(Collectors.toUnmodifiableSet());

  /** All settings, in the order of the documentation. */
  static List<Setting> all() {
    return ALL;
  }

  /** The setting with that key, list places written as {@code []}. */
  static Optional<Setting> find(String key) {
    return Optional.ofNullable(BY_KEY.get(key));
  }

  /** What a section stands for that is written with a bare value; empty where it may not be. */
  static Optional<Setting> shorthand(String section) {
    return Optional.ofNullable(SHORTHANDS.get(section)).map(BY_KEY::get);
  }

  /** The environment variables of sections that may be written with a bare value. */
  static Map<String, Setting> shorthandVariables() {
    return SHORTHANDS.entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> Setting.variable(entry.getKey()), entry -> BY_KEY.get(entry.getValue())));
  }

  /** The key of the setting that a full key is a place of. */
  static String schemaKey(String key) {
    return key.replaceAll("\\[\\d+]", "[]").replaceFirst("^providers\\.[^.]+\\.", "provider.");
  }

  /** Whether settings lie below that key. */
  static boolean isSection(String key) {
    return SECTIONS.contains(key);
  }

  /** The names that may stand directly in {@code section}; that of the root is empty. */
  static Set<String> namesIn(String section) {
    String prefix = section.isEmpty() ? "" : section + ".";
    return BY_KEY.keySet().stream()
        .filter(key -> key.startsWith(prefix))
        .map(key -> key.substring(prefix.length()).split("[.\\[]", 2)[0])
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
