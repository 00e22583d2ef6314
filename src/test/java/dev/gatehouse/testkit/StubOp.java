package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.identity.HeaderField;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * An OpenID provider that we control: correct by default, wrong on demand, and it remembers every
 * call. What goes wrong is a {@link Plan}, bound to one login by its {@code state}.
 */
public final class StubOp implements AutoCloseable {
  /** The client that is registered here. */
  public static final String CLIENT_ID = "gw";

  /** Its secret; has characters that have to be escaped (RFC 6749 §2.3.1). */
  public static final String CLIENT_SECRET = "s3cr3t:of%20the+client=0123456789abcdef";

  /** An ordinary user. */
  public static final Map<String, Object> ALICE =
      user("alice-1", "Alice A", "alice@example.com", "users");

  /** Another one. */
  public static final Map<String, Object> BOB = user("bob-2", "Bob B", "bob@example.com", "staff");

  /** A user in the group {@code admins}. */
  public static final Map<String, Object> ROOT =
      user("root-0", "Root R", "root@example.com", "admins");

  /** The audience of access tokens for the app's API. */
  public static final String API = "https://api.example";

  private static final long TOKEN_SECONDS = 300;

  private final Clock clock;
  private final boolean otherKeys;
  private final List<OpCall> calls = new CopyOnWriteArrayList<>();
  private final Map<String, Plan> plans = new ConcurrentHashMap<>();
  private final Map<String, Grant> codes = new ConcurrentHashMap<>();
  private final Map<String, Grant> refreshTokens = new ConcurrentHashMap<>();
  private final Map<String, Plan> accessTokens = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Object>> introspected = new ConcurrentHashMap<>();
  private final Map<String, Object> metadata = new ConcurrentHashMap<>();
  private final OpRequests requests = new OpRequests();
  private final Set<String> withheld = ConcurrentHashMap.newKeySet();
  private final Map<String, Fault> endpointFaults = new ConcurrentHashMap<>();

  /** Nobody else listens here while this OP is down. */
  private final HeldPort port = HeldPort.take();

  private volatile Predicate<OpCall> client = StubOp::knowsSecret;
  private volatile Plan usual = Plan.honest();
  private volatile List<JWK> keys;
  private WireServer server;
  private Optional<WireServer> demanding = Optional.empty();
  private volatile String lastAccessToken;
  private volatile DpopCheck dpop;
  private volatile String dpopNonce;

  private record Grant(Map<String, String> request, Plan plan) {}

  private StubOp(Clock clock, boolean otherKeys) {
    this.clock = clock;
    this.otherKeys = otherKeys;
    this.keys = otherKeys ? List.of(OpKeys.ATTACKER) : List.of(OpKeys.RSA, OpKeys.EC);
    this.server = new WireServer(port.number(), this::handle);
  }

  /** Starts on a free port; tokens carry the time of {@code clock}. */
  public static StubOp start(Clock clock) {
    OpKeys.make();
    return new StubOp(clock, false);
  }

  /**
   * As {@link #start}, but what this OP signs is signed by the key of {@link
   * TokenRecipe#signedByAttacker}, which has the id of the other OP's key.
   */
  public static StubOp startWithOtherKeys(Clock clock) {
    OpKeys.make();
    return new StubOp(clock, true);
  }

  /** The issuer identifier. */
  public String issuer() {
    return port.uri().toString();
  }

  /** Sets a metadata value (OpenID Connect Discovery §3); null leaves it out. */
  public StubOp metadata(String name, Object value) {
    if (value == null) {
      withheld.add(name);
    } else {
      metadata.put(name, value);
    }
    return this;
  }

  /** Announces and sends the {@code iss} parameter (RFC 9207). */
  public StubOp promiseIssuer() {
    return metadata("authorization_response_iss_parameter_supported", true);
  }

  /** Binds tokens to the key of a DPoP proof, and takes none without (RFC 9449). */
  public StubOp demandDpop() {
    dpop = new DpopCheck(clock);
    return metadata("dpop_signing_alg_values_supported", List.of("ES256"));
  }

  /** Takes proofs with that nonce alone from now on (RFC 9449 §8); null takes those without. */
  public StubOp demandNonce(String nonce) {
    dpopNonce = nonce;
    return this;
  }

  /** Every call of that endpoint is answered like this from now on. */
  public StubOp fault(String endpoint, Fault fault) {
    endpointFaults.put(endpoint, fault);
    return this;
  }

  /** These are the OP's keys from now on, with or without a {@code kid}. */
  public StubOp keys(JWK... served) {
    keys = List.of(served);
    return this;
  }

  /** Every endpoint is as it should be again. */
  public void mend() {
    endpointFaults.clear();
  }

  /** The login with that state goes like this. */
  public void plan(String state, Plan plan) {
    plans.put(state, plan);
  }

  /** Every login without a plan of its own goes like this. */
  public void usually(Plan plan) {
    usual = plan;
  }

  /** Stops listening, as an OP that is down. */
  public void goDown() {
    server.close();
  }

  /** Listens again, at the same port. */
  public void comeBack() {
    server = new WireServer(port.number(), this::handle);
  }

  /** All calls so far, or since {@link #forgetCalls}. */
  public List<OpCall> calls() {
    return List.copyOf(calls);
  }

  /** The calls of one endpoint. */
  public List<OpCall> calls(String endpoint) {
    return calls.stream().filter(c -> c.endpoint().equals(endpoint)).toList();
  }

  /** Begins a new record of calls. */
  public void forgetCalls() {
    calls.clear();
  }

  @Override
  public void close() {
    demanding.ifPresent(WireServer::close);
    server.close();
    port.close();
  }

  private void handle(WireExchange exchange) throws IOException {
    String path = exchange.target().split("\\?", 2)[0];
    String endpoint =
        path.equals("/.well-known/openid-configuration") ? "discovery" : path.substring(1);
    OpCall call = OpCall.of(endpoint, exchange);
    calls.add(call);
    Fault fault = endpointFaults.getOrDefault(endpoint, Fault.none());
    switch (endpoint) {
      case "discovery" -> fault.answer(exchange, discovery());
      case "jwks" -> fault.answer(exchange, new JWKSet(keys).toJSONObject(true));
      case "server_state" -> serverState(exchange, call, fault);
      case "authorize" -> authorize(exchange, call);
      case "token" -> token(exchange, call, fault);
      case "userinfo" -> userinfo(exchange, call, fault);
      case "introspect" -> introspect(exchange, call, fault);
      case "end_session" -> endSession(exchange, call);
      case "par" -> push(exchange, call, fault);
      case "revoke" -> revoke(exchange, call, fault);
      default -> exchange.reply(404, List.of(), new byte[0]);
    }
  }

  private Map<String, Object> discovery() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("issuer", issuer());
    all.put("authorization_endpoint", issuer() + "/authorize");
    all.put("token_endpoint", issuer() + "/token");
    all.put("userinfo_endpoint", issuer() + "/userinfo");
    all.put("jwks_uri", issuer() + "/jwks");
    all.put("introspection_endpoint", issuer() + "/introspect");
    all.put("end_session_endpoint", issuer() + "/end_session");
    all.put("revocation_endpoint", issuer() + "/revoke");
    all.put("pushed_authorization_request_endpoint", issuer() + "/par");
    all.put("response_types_supported", List.of("code"));
    all.put("subject_types_supported", List.of("public"));
    all.put("id_token_signing_alg_values_supported", List.of("RS256", "ES256"));
    all.put(
        "token_endpoint_auth_methods_supported",
        List.of("client_secret_basic", "client_secret_post"));
    all.put("code_challenge_methods_supported", List.of("S256"));
    all.put("scopes_supported", List.of("openid", "profile", "email"));
    all.putAll(metadata);
    all.keySet().removeAll(withheld);
    return all;
  }

  private void authorize(WireExchange exchange, OpCall call) throws IOException {
    Map<String, String> request = new LinkedHashMap<>();
    requests.whole(call.query()).forEach((name, values) -> request.put(name, values.get(0)));
    String state = request.get("state");
    Plan plan = plans.getOrDefault(state == null ? "" : state, usual);
    Map<String, String> answer = new LinkedHashMap<>();
    if (!plan.answer().containsKey("error")) {
      answer.put("code", fresh());
    }
    answer.put("state", state);
    if (Boolean.TRUE.equals(metadata.get("authorization_response_iss_parameter_supported"))) {
      answer.put("iss", issuer());
    }
    answer.putAll(plan.answer());
    answer.values().removeIf(Objects::isNull);
    if (answer.containsKey("code")) {
      codes.put(KnownSecrets.browserSecret(answer.get("code")), new Grant(request, plan));
    }
    answer(exchange, request, plan, answer);
  }

  /** As the request asks: query, form_post or a JWT (JARM). */
  private void answer(
      WireExchange exchange, Map<String, String> request, Plan plan, Map<String, String> answer)
      throws IOException {
    String mode = String.valueOf(request.get("response_mode"));
    if (mode.equals("form_post") && !plan.byQuery()) {
      byte[] page = formPost(request.get("redirect_uri"), answer).getBytes(UTF_8);
      exchange.reply(200, List.of(new HeaderField("Content-Type", "text/html")), page);
      return;
    }
    Map<String, String> sent = answer;
    if (mode.equals("jwt") && !plan.byQuery()) {
      long now = clock.instant().getEpochSecond();
      Map<String, Object> claims = new LinkedHashMap<>(answer);
      claims.put("iss", issuer());
      claims.put("aud", CLIENT_ID);
      claims.put("exp", now + TOKEN_SECONDS);
      sent = new LinkedHashMap<>();
      sent.put("response", plan.response().bake(claims));
      sent.putAll(plan.outside());
    }
    String location = request.get("redirect_uri") + "?" + Query.write(sent) + plan.fragment();
    exchange.reply(302, List.of(new HeaderField("Location", location)), new byte[0]);
  }

  /** OAuth 2.0 Form Post Response Mode §2. */
  private static String formPost(String redirectUri, Map<String, String> answer) {
    StringBuilder page = new StringBuilder("<!doctype html><title>Back</title>");
    page.append("<body onload=\"document.forms[0].submit()\">");
    page.append("<form method=\"post\" action=\"").append(redirectUri).append("\">");
    answer.forEach(
        (name, value) ->
            page.append("<input type=\"hidden\" name=\"")
                .append(name)
                .append("\" value=\"")
                .append(value.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;"))
                .append("\">"));
    return page.append("</form>").toString();
  }

  /** RFC 9126 §2. */
  private void push(WireExchange exchange, OpCall call, Fault fault) throws IOException {
    if (!call.method().equals("POST") || !authenticated(call)) {
      refuse(exchange, 401, "invalid_client");
      return;
    }
    Map<String, Object> kept = new LinkedHashMap<>();
    kept.put("request_uri", requests.push(call.form()));
    kept.put("expires_in", 60);
    (endpointFaults.containsKey("par") ? fault : Fault.none().status(201)).answer(exchange, kept);
  }

  /** All parameters of a request, from the query that a browser brings. */
  public Map<String, List<String>> requestOf(Map<String, List<String>> query) {
    return requests.whole(query);
  }

  /** Request objects have to be signed by this key (RFC 9101). */
  public StubOp requestsSignedBy(JWK key) {
    requests.signedBy(key);
    return this;
  }

  /** A value that has to come back in the authorization and in the token request. */
  private void serverState(WireExchange exchange, OpCall call, Fault fault) throws IOException {
    if (!authenticated(call)) {
      refuse(exchange, 401, "invalid_client");
      return;
    }
    fault.answer(exchange, Map.of("server_state", KnownSecrets.browserSecret(fresh())));
  }

  private void token(WireExchange exchange, OpCall call, Fault fault) throws IOException {
    if (!call.method().equals("POST")) {
      refuse(exchange, 405, "invalid_request");
      return;
    }
    if (!authenticated(call)) {
      refuse(exchange, 401, "invalid_client");
      return;
    }
    if (dpop != null && proofIsRefused(exchange, call, null)) {
      return;
    }
    if ("refresh_token".equals(call.form("grant_type"))) {
      refresh(exchange, call);
      return;
    }
    Grant grant = codes.remove(String.valueOf(call.form("code")));
    if (grant == null || !matches(grant.request(), call) || !isByTheKeyOf(grant, call)) {
      refuse(exchange, 400, "invalid_grant");
      return;
    }
    Fault planned = endpointFaults.containsKey("token") ? fault : grant.plan().token();
    issue(exchange, call, grant, grant.plan().idToken(), planned);
  }

  private boolean isByTheKeyOf(Grant grant, OpCall call) {
    return dpop == null || DpopCheck.thumbprint(call).equals(grant.request().get("dpop_jkt"));
  }

  /** RFC 9449 §8, §9: the token endpoint answers 400, a resource server 401. */
  private boolean proofIsRefused(WireExchange exchange, OpCall call, String accessToken)
      throws IOException {
    String uri = issuer() + call.target().split("\\?", 2)[0];
    String flaw = dpop.flaw(call, uri, accessToken, dpopNonce);
    if (flaw.isEmpty()) {
      return false;
    }
    List<HeaderField> fields = new ArrayList<>();
    fields.add(new HeaderField("Content-Type", "application/json"));
    if (dpopNonce != null) {
      fields.add(new HeaderField("DPoP-Nonce", dpopNonce));
    }
    if (accessToken != null) {
      fields.add(new HeaderField("WWW-Authenticate", "DPoP error=\"" + flaw + "\""));
    }
    byte[] body = ("{\"error\":\"" + flaw + "\"}").getBytes(UTF_8);
    exchange.reply(accessToken == null ? 400 : 401, fields, body);
    return true;
  }

  /** A refresh token is good once (RFC 9700 §4.14.2), unless the plan says that all goes wrong. */
  private void refresh(WireExchange exchange, OpCall call) throws IOException {
    String token = String.valueOf(call.form("refresh_token"));
    Grant grant = refreshTokens.get(token);
    if (grant == null || (dpop != null && !dpop.isBound(token, call))) {
      refuse(exchange, 400, "invalid_grant");
      return;
    }
    Fault planned = endpointFaults.getOrDefault("refresh", grant.plan().refresh());
    if (planned.succeeds()) {
      refreshTokens.remove(token);
    }
    issue(exchange, call, grant, grant.plan().refreshedIdToken(), planned);
  }

  private void issue(
      WireExchange exchange, OpCall call, Grant grant, TokenRecipe recipe, Fault planned)
      throws IOException {
    Plan plan = grant.plan();
    String accessToken = KnownSecrets.token(fresh());
    accessTokens.put(accessToken, plan);
    lastAccessToken = accessToken;
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("access_token", accessToken);
    answer.put("token_type", dpop == null ? "Bearer" : "DPoP");
    answer.put("expires_in", plan.tokenSeconds());
    if (plan.tokenSeconds() != Plan.NEVER_REFRESHED) {
      String refreshToken = KnownSecrets.token(fresh());
      refreshTokens.put(refreshToken, grant);
      answer.put("refresh_token", refreshToken);
      if (dpop != null) {
        dpop.bind(refreshToken, call);
      }
    }
    if (dpop != null) {
      dpop.bind(accessToken, call);
    }
    String idToken = own(recipe).bake(idTokenClaims(grant, accessToken));
    if (idToken != null) {
      answer.put("id_token", KnownSecrets.token(idToken));
    }
    planned.answer(exchange, answer);
  }

  /** A correct JWT access token (RFC 9068 §2) but for what {@code recipe} changes. */
  public String accessToken(TokenRecipe recipe, Map<String, Object> more) {
    long now = clock.instant().getEpochSecond();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer());
    claims.put("aud", API);
    claims.put("sub", "alice-1");
    claims.put("client_id", "some-client");
    claims.put("iat", now);
    claims.put("exp", now + TOKEN_SECONDS);
    claims.put("jti", fresh());
    claims.putAll(more);
    return KnownSecrets.token(own(recipe).bake(claims));
  }

  /** The access token that was handed out last. */
  public String lastAccessToken() {
    return lastAccessToken;
  }

  /** What the introspection endpoint says of {@code token} from now on. */
  public StubOp introspected(String token, Map<String, Object> answer) {
    introspected.put(token, answer);
    return this;
  }

  /**
   * What introspection says of a good token of {@code alice-1} for five minutes (RFC 7662 §2.2).
   */
  public Map<String, Object> activeAnswer() {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("active", true);
    answer.put("iss", issuer());
    answer.put("aud", API);
    answer.put("sub", "alice-1");
    answer.put("token_type", "Bearer");
    answer.put("exp", clock.instant().getEpochSecond() + 300);
    return answer;
  }

  /** An opaque access token about which the introspection endpoint says {@code answer}. */
  public String opaqueToken(Map<String, Object> answer) {
    String token = KnownSecrets.token(fresh() + "+/=");
    introspected.put(token, answer);
    return token;
  }

  /**
   * A correct logout token (OpenID Connect Back-Channel Logout §2.4) but for what {@code recipe}
   * changes.
   */
  public String logoutToken(TokenRecipe recipe, Map<String, Object> whom) {
    long now = clock.instant().getEpochSecond();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer());
    claims.put("aud", CLIENT_ID);
    claims.put("iat", now);
    claims.put("exp", now + 120);
    claims.put("jti", fresh());
    claims.put("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
    claims.putAll(whom);
    return own(recipe).bake(claims);
  }

  private TokenRecipe own(TokenRecipe recipe) {
    return otherKeys ? recipe.signedByAttacker() : recipe;
  }

  private Map<String, Object> idTokenClaims(Grant grant, String accessToken) {
    long now = clock.instant().getEpochSecond();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer());
    claims.put("aud", CLIENT_ID);
    claims.put("iat", now);
    claims.put("exp", now + TOKEN_SECONDS);
    claims.put("auth_time", now);
    claims.put("nonce", grant.request().get("nonce"));
    claims.put("at_hash", halfHash(accessToken));
    claims.putAll(grant.plan().user());
    return claims;
  }

  private void userinfo(WireExchange exchange, OpCall call, Fault fault) throws IOException {
    String credentials = String.valueOf(call.header("Authorization"));
    String accessToken = credentials.replaceFirst(dpop == null ? "^Bearer " : "^DPoP ", "");
    Plan plan = accessTokens.get(accessToken);
    if (dpop != null && plan != null) {
      if (proofIsRefused(exchange, call, accessToken)) {
        return;
      }
      plan = dpop.isBound(accessToken, call) ? plan : null;
    }
    if (plan == null) {
      refuse(exchange, 401, "invalid_token");
      return;
    }
    (endpointFaults.containsKey("userinfo") ? fault : plan.userinfo())
        .answer(exchange, plan.user());
  }

  private void introspect(WireExchange exchange, OpCall call, Fault fault) throws IOException {
    if (!authenticated(call)) {
      refuse(exchange, 401, "invalid_client");
      return;
    }
    String token = String.valueOf(call.form("token"));
    fault.answer(exchange, introspected.getOrDefault(token, Map.of("active", false)));
  }

  private void revoke(WireExchange exchange, OpCall call, Fault fault) throws IOException {
    if (authenticated(call)) {
      fault.answer(exchange, Map.of());
    } else {
      refuse(exchange, 401, "invalid_client");
    }
  }

  private void endSession(WireExchange exchange, OpCall call) throws IOException {
    String back = first(call.query(), "post_logout_redirect_uri");
    String state = first(call.query(), "state");
    String location = state == null ? back : back + "?state=" + Query.encode(state);
    exchange.reply(302, List.of(new HeaderField("Location", location)), new byte[0]);
  }

  /**
   * Opens a second place where every client has to show a certificate, and names it in the metadata
   * (RFC 8705 §5).
   */
  public StubOp demandCertificates(ServerSocket tls) {
    WireServer second = new WireServer(tls, this::handle);
    demanding = Optional.of(second);
    String base = "https://localhost:" + second.port();
    return metadata(
        "mtls_endpoint_aliases",
        Map.of(
            "token_endpoint", base + "/token",
            "revocation_endpoint", base + "/revoke",
            "introspection_endpoint", base + "/introspect",
            "pushed_authorization_request_endpoint", base + "/par",
            "userinfo_endpoint", base + "/userinfo"));
  }

  /** From now on the client is known by {@code check} instead of its secret. */
  public StubOp client(Predicate<OpCall> check) {
    client = check;
    return this;
  }

  private boolean authenticated(OpCall call) {
    return client.test(call);
  }

  /** Exactly one way, and that one right (RFC 6749 §2.3). */
  private static boolean knowsSecret(OpCall call) {
    String header = call.header("Authorization");
    String secret = call.form("client_secret");
    if (header != null && secret == null) {
      String pair =
          URLEncoder.encode(CLIENT_ID, UTF_8) + ":" + URLEncoder.encode(CLIENT_SECRET, UTF_8);
      return header.equals("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
    }
    return header == null
        && CLIENT_SECRET.equals(secret)
        && CLIENT_ID.equals(call.form("client_id"));
  }

  /** RFC 6749 §4.1.3 and RFC 7636 §4.6; a request without a challenge needs no verifier. */
  private static boolean matches(Map<String, String> request, OpCall call) {
    if (!Objects.equals(request.get("server_state"), call.form("server_state"))) {
      return false;
    }
    if (!request.containsKey("code_challenge")) {
      return "authorization_code".equals(call.form("grant_type"))
          && String.valueOf(request.get("redirect_uri")).equals(call.form("redirect_uri"))
          && call.form("code_verifier") == null;
    }
    String verifier = KnownSecrets.token(String.valueOf(call.form("code_verifier")));
    return "authorization_code".equals(call.form("grant_type"))
        && String.valueOf(request.get("redirect_uri")).equals(call.form("redirect_uri"))
        && "S256".equals(request.get("code_challenge_method"))
        && Base64URL.encode(sha256(verifier)).toString().equals(request.get("code_challenge"));
  }

  private static void refuse(WireExchange exchange, int status, String error) throws IOException {
    Fault.none().status(status).text("{\"error\":\"" + error + "\"}").answer(exchange, Map.of());
  }

  private static String halfHash(String accessToken) {
    return Base64URL.encode(Arrays.copyOf(sha256(accessToken), 16)).toString();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String first(Map<String, List<String>> values, String name) {
    return values.containsKey(name) ? values.get(name).get(0) : null;
  }

  private static String fresh() {
    return UUID.randomUUID().toString() + UUID.randomUUID();
  }

  private static Map<String, Object> user(String subject, String name, String email, String group) {
    return Map.of(
        "sub", subject,
        "name", name,
        "email", email,
        "email_verified", true,
        "groups", List.of(group, "everyone"));
  }
}
