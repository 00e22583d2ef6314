package dev.gatehouse.gate;

import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.page.Page;
import dev.gatehouse.page.Pages;
import dev.gatehouse.seal.RandomTokens;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes the gateway's own answers: every one uncacheable but our public keys, unframeable, without
 * a referrer (TH-CB-8, TH-CSRF-7), echoing nothing. Immutable, safe for concurrent use.
 */
final class Answers {
  /** Short: an OP that meets a key for the first time shall find it here soon. */
  private static final String SHORTLY_PUBLIC = "public, max-age=60";

  private static final String NO_STORE = "no-store";
  private static final String NO_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'";
  private static final String BEARER_REALM = "Bearer realm=\"gatehouse\"";

  /** 401 needs a challenge (RFC 9110 §11.6.1); browsers show no dialog for a scheme unknown. */
  static final String LOGIN_CHALLENGE = "Cookie realm=\"gatehouse\"";

  private final Pages pages;
  private final RandomTokens random;
  private final ClientAddress clientAddress;
  private final Audit audit;
  private final Optional<HeaderField> hsts;

  Answers(
      Pages pages,
      RandomTokens random,
      ClientAddress clientAddress,
      Audit audit,
      Optional<HeaderField> hsts) {
    this.pages = Objects.requireNonNull(pages, "pages");
    this.random = Objects.requireNonNull(random, "random");
    this.clientAddress = Objects.requireNonNull(clientAddress, "clientAddress");
    this.audit = Objects.requireNonNull(audit, "audit");
    this.hsts = Objects.requireNonNull(hsts, "hsts");
  }

  /** A redirect without a body; {@code setCookies} are whole lines. */
  Decision.Answer redirect(int status, String location, List<String> setCookies, String reason) {
    List<HeaderField> headers = common("no-referrer");
    headers.add(new HeaderField("Content-Security-Policy", NO_CONTENT_POLICY));
    headers.add(new HeaderField("Location", location));
    addCookies(headers, setCookies);
    return new Decision.Answer(status, headers, new byte[0], reason);
  }

  /** A JSON document for scripts of the app's own origin. */
  Decision.Answer json(int status, byte[] body, List<String> setCookies, String reason) {
    List<HeaderField> headers = common("no-referrer");
    headers.add(new HeaderField("Content-Security-Policy", NO_CONTENT_POLICY));
    headers.add(new HeaderField("Content-Type", "application/json"));
    addCookies(headers, setCookies);
    return new Decision.Answer(status, headers, body, reason);
  }

  /** A JSON document that is the same for everybody, and may be kept for a minute. */
  Decision.Answer publicJson(byte[] body, String reason) {
    List<HeaderField> headers = common("no-referrer", SHORTLY_PUBLIC);
    headers.add(new HeaderField("Content-Security-Policy", NO_CONTENT_POLICY));
    headers.add(new HeaderField("Content-Type", "application/json"));
    return new Decision.Answer(200, headers, body, reason);
  }

  /** No content but what the fields say. */
  Decision.Answer fields(int status, List<HeaderField> fields, String reason) {
    List<HeaderField> headers = common("no-referrer");
    headers.add(new HeaderField("Content-Security-Policy", NO_CONTENT_POLICY));
    headers.addAll(fields);
    return new Decision.Answer(status, headers, new byte[0], reason);
  }

  /** A page with something to do on it; not a refusal. */
  Decision.Answer page(ClientRequest request, Page page, List<String> setCookies, String reason) {
    Page.Rendered rendered = pages.html(page, request.headers("Accept-Language"));
    // A form's own POST says "Origin: null" under no-referrer, which no CSRF check lets pass.
    List<HeaderField> headers = common(page.hidden().isEmpty() ? "no-referrer" : "same-origin");
    addRendered(headers, rendered);
    addCookies(headers, setCookies);
    return new Decision.Answer(200, headers, rendered.body(), reason);
  }

  /** Starts a refusal; {@link Refusal#answer} ends it. */
  Refusal refuse(ClientRequest request, int status, Page.Kind kind, String reason) {
    return new Refusal(request, status, kind, reason);
  }

  /**
   * A token stood where none belongs (RFC 6750 §3.1).
   *
   * @param reason where that was
   */
  Decision.Answer misplacedToken(ClientRequest request, String reason) {
    String challenge =
        bearerChallenge()
            + ", error=\"invalid_request\""
            + ", error_description=\"a token belongs in the Authorization header alone\"";
    return refuse(request, 400, Page.Kind.TOKEN_MISPLACED, reason)
        .header("WWW-Authenticate", challenge)
        .action("/")
        .answer();
  }

  /** Whether there is a session could not be told; the browser keeps its cookie. */
  Decision.Answer storeUnavailable(ClientRequest request) {
    return refuse(request, 503, Page.Kind.INTERNAL_ERROR, "session-store")
        .retryAfterSeconds(5)
        .answer();
  }

  /** One refusal: audited once, told as page or problem document by Accept. */
  final class Refusal {
    private final ClientRequest request;
    private final int status;
    private final Page.Kind kind;
    private final String reason;
    private final List<String> setCookies = new ArrayList<>();
    private final List<HeaderField> further = new ArrayList<>();
    private Optional<String> action = Optional.empty();
    private Throwable cause;

    private Refusal(ClientRequest request, int status, Page.Kind kind, String reason) {
      this.request = request;
      this.status = status;
      this.kind = kind;
      this.reason = reason;
    }

    /** Where the page's button leads: a path of ours. */
    Refusal action(String pathAndQuery) {
      this.action = Optional.of(pathAndQuery);
      return this;
    }

    Refusal cookie(String setCookie) {
      setCookies.add(setCookie);
      return this;
    }

    Refusal header(String name, String value) {
      further.add(new HeaderField(name, value));
      return this;
    }

    /** RFC 9110 §10.2.3. */
    Refusal retryAfterSeconds(long seconds) {
      return header("Retry-After", Long.toString(Math.max(1, seconds)));
    }

    /** For the log only. */
    Refusal cause(Throwable thrown) {
      this.cause = thrown;
      return this;
    }

    Decision.Answer answer() {
      String incidentId = HexFormat.of().formatHex(random.bytes(8));
      audit.refusal(request, clientAddress.of(request), status, reason, incidentId, cause);
      Page page = new Page(kind, Optional.of(incidentId), action, Map.of(), Optional.empty());
      Page.Rendered rendered =
          wantsHtml(request)
              ? pages.html(page, request.headers("Accept-Language"))
              : pages.problem(page, status);
      List<HeaderField> headers = common("no-referrer");
      addRendered(headers, rendered);
      headers.addAll(further);
      if (status == 401 && further.stream().noneMatch(h -> h.name().equals("WWW-Authenticate"))) {
        headers.add(new HeaderField("WWW-Authenticate", LOGIN_CHALLENGE));
      }
      addCookies(headers, setCookies);
      return new Decision.Answer(status, headers, rendered.body(), reason);
    }
  }

  /** The same answer with one more field. */
  static Decision.Answer with(Decision.Answer answer, String name, String value) {
    List<HeaderField> headers = new ArrayList<>(answer.headers());
    headers.add(new HeaderField(name, value));
    return new Decision.Answer(answer.status(), headers, answer.body(), answer.reason());
  }

  /** The challenge for a request without a token: no {@code error} (RFC 6750 §3.1). */
  static String bearerChallenge() {
    return BEARER_REALM;
  }

  /**
   * The challenge for a request whose session is not strong enough: what RFC 9470 §3 says for
   * tokens, said for sessions.
   */
  static String stepUpChallenge(AuthenticationDemand demand) {
    return LOGIN_CHALLENGE + stepUp(demand);
  }

  /** The parameters by which a challenge of any scheme asks for a stronger authentication. */
  static String stepUp(AuthenticationDemand demand) {
    StringBuilder challenge = new StringBuilder();
    challenge.append(", error=\"insufficient_user_authentication\"");
    if (!demand.acrValues().isEmpty()) {
      String values = String.join(" ", demand.acrValues());
      challenge
          .append(", acr_values=\"")
          .append(values.replaceAll("[^!#-\\[\\]-~ ]", ""))
          .append('"');
    }
    demand.maxAge().ifPresent(age -> challenge.append(", max_age=").append(age.toSeconds()));
    return challenge.toString();
  }

  /** Whether a person will read the answer: programs do not ask for HTML by name. */
  static boolean wantsHtml(ClientRequest request) {
    for (String accept : request.headers("Accept")) {
      String lower = accept.toLowerCase(Locale.ROOT);
      if (lower.contains("text/html") || lower.contains("application/xhtml+xml")) {
        return true;
      }
    }
    return false;
  }

  private List<HeaderField> common(String referrerPolicy) {
    return common(referrerPolicy, NO_STORE);
  }

  private List<HeaderField> common(String referrerPolicy, String cacheControl) {
    List<HeaderField> headers = new ArrayList<>();
    headers.add(new HeaderField("Cache-Control", cacheControl));
    headers.add(new HeaderField("Referrer-Policy", referrerPolicy));
    headers.add(new HeaderField("X-Content-Type-Options", "nosniff"));
    headers.add(new HeaderField("X-Frame-Options", "DENY"));
    hsts.ifPresent(headers::add);
    return headers;
  }

  /** What browsers are told about https; empty where it is not to be spoken of. */
  Optional<HeaderField> hsts() {
    return hsts;
  }

  private static void addRendered(List<HeaderField> headers, Page.Rendered rendered) {
    headers.add(new HeaderField("Content-Type", rendered.contentType()));
    headers.add(new HeaderField("Vary", "Accept, Accept-Language"));
    headers.add(new HeaderField("Content-Security-Policy", rendered.contentSecurityPolicy()));
  }

  private static void addCookies(List<HeaderField> headers, List<String> setCookies) {
    setCookies.forEach(line -> headers.add(new HeaderField("Set-Cookie", line)));
  }
}
