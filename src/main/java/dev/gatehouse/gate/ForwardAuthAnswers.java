package dev.gatehouse.gate;

import dev.gatehouse.config.GatehouseConfig.ForwardAuth;
import dev.gatehouse.config.GatehouseConfig.ForwardAuth.Source;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.page.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Says in status and fields of a response what a proxy has to do with the request that it asked
 * about: 200 with the fields that it has to set, or anything else to refuse it. Never 2xx unless
 * the app would have been reached. Immutable, safe for concurrent use.
 */
final class ForwardAuthAnswers {
  /**
   * Where the browser has to go, beside a 401 that itself leads nowhere. Not below {@code
   * X-Gatehouse-}: what is there is for the app.
   */
  static final String LOCATION = "Gatehouse-Location";

  /** With a number from 1: proxies that can read one line of a field only can read these. */
  static final String SET_COOKIE = "Gatehouse-Set-Cookie-";

  private static final String REMOVED_BY_ENVOY = "X-Envoy-Auth-Headers-To-Remove";

  private final ForwardAuth settings;
  private final Set<String> identityNames;
  private final Answers answers;

  ForwardAuthAnswers(ForwardAuth settings, Set<String> identityNames, Site site) {
    this.settings = settings;
    this.identityNames = identityNames;
    this.answers = site.answers();
  }

  /** The answer to the question about {@code request}. */
  Decision of(OriginalRequest request, Decision decision) {
    if (decision instanceof Decision.ToApp toApp) {
      return passed(request, toApp.forward());
    }
    if (decision instanceof Decision.Answer answer) {
      return refused(request, answer);
    }
    if (decision instanceof Decision.Pending pending) {
      return new Decision.Pending(
          pending.outcome().thenApply(later -> of(request, later)),
          pending.room(),
          () -> of(request, pending.crowded().get()));
    }
    // What hangs on a body cannot be said: the proxy keeps it.
    return refuse(request, "needs-body");
  }

  private Decision passed(OriginalRequest request, Forward forward) {
    boolean withoutSessionId =
        forward.path().sessionIdInUrl() && !forward.rule().handling().forwardPathParameters();
    if (withoutSessionId || !request.hasQuery(forward.rawQuery())) {
      // The proxy sends what it has received, so that may not differ from what was judged.
      return refuse(request, "not-as-judged");
    }
    List<HeaderField> fields = new ArrayList<>();
    for (HeaderField field : forward.added()) {
      // Who the client is the proxy knows best.
      if (!Forwarding.ofTheClient(field)) {
        fields.add(field);
      }
    }
    cookieFor(request, forward).ifPresent(fields::add);
    authorizationFor(request, forward, fields).ifPresent(fields::add);
    refererFor(request, forward).ifPresent(fields::add);
    if (settings.source() == Source.PATH) {
      fields.add(new HeaderField(REMOVED_BY_ENVOY, absentFrom(fields)));
    }
    List<String> setCookies =
        forward.answer().added().stream()
            .filter(field -> field.name().equalsIgnoreCase("Set-Cookie"))
            .map(HeaderField::value)
            .toList();
    addNumbered(fields, setCookies);
    if (settings.redirects() || setCookies.size() == 1) {
      setCookies.forEach(line -> fields.add(new HeaderField("Set-Cookie", line)));
    }
    return answers.fields(200, fields, "passed");
  }

  /** The Cookie field for the app: the gateway's own cookies are not its business. */
  private static Optional<HeaderField> cookieFor(OriginalRequest request, Forward forward) {
    StringJoiner rest = new StringJoiner("; ");
    for (String value : request.headers("Cookie")) {
      String left = forward.cookie(value);
      if (left != null && !left.isBlank()) {
        rest.add(left);
      }
    }
    return rest.length() == 0
        ? Optional.empty()
        : Optional.of(new HeaderField("Cookie", rest.toString()));
  }

  /** Authorization as the client sent it, unless it is the gateway's business or set anew. */
  private static Optional<HeaderField> authorizationFor(
      OriginalRequest request, Forward forward, List<HeaderField> fields) {
    List<String> values = request.headers("Authorization");
    return values.size() != 1
            || forward.removes("Authorization")
            || fields.stream().anyMatch(field -> field.name().equalsIgnoreCase("Authorization"))
        ? Optional.empty()
        : Optional.of(new HeaderField("Authorization", values.get(0)));
  }

  /** Where the user comes from, without the tokens that stood there (TH-LEAK-11). */
  private static Optional<HeaderField> refererFor(OriginalRequest request, Forward forward) {
    List<String> values = request.headers("Referer");
    return values.size() == 1
        ? Optional.ofNullable(forward.referer(values.get(0)))
            .map(left -> new HeaderField("Referer", left))
        : Optional.empty();
  }

  /** Envoy keeps what a client sent under a name that is not in our answer, unless told. */
  private String absentFrom(List<HeaderField> fields) {
    StringJoiner absent = new StringJoiner(",");
    List<String> names = new ArrayList<>(identityNames);
    names.add("Cookie");
    names.add("Authorization");
    names.add("Referer");
    names.stream()
        .filter(name -> fields.stream().noneMatch(field -> field.name().equalsIgnoreCase(name)))
        .forEach(name -> absent.add(name.toLowerCase(Locale.ROOT)));
    OriginalRequest.OVERRIDES.forEach(name -> absent.add(name.toLowerCase(Locale.ROOT)));
    return absent.toString();
  }

  private Decision refused(OriginalRequest request, Decision.Answer answer) {
    if (answer.status() < 300) {
      // A page of the gateway in place of the app's would look like a yes.
      return refuse(request, "own-answer");
    }
    return settings.redirects() ? answer : byStatus(answer);
  }

  private Decision refuse(OriginalRequest request, String reason) {
    return answers.refuse(request, 403, Page.Kind.DENIED, reason).answer();
  }

  /** nginx knows 401 and 403 and takes everything else for a failure of ours. */
  private static Decision byStatus(Decision.Answer answer) {
    boolean redirect = answer.status() < 400;
    int status = redirect ? 401 : answer.status();
    if (status < 500 && status != 401 && status != 429) {
      status = 403;
    }
    List<HeaderField> fields = new ArrayList<>();
    List<String> setCookies = new ArrayList<>();
    for (HeaderField field : answer.headers()) {
      if (field.name().equalsIgnoreCase("Set-Cookie")) {
        setCookies.add(field.value());
      } else if (redirect && field.name().equalsIgnoreCase("Location")) {
        fields.add(new HeaderField(LOCATION, field.value()));
      } else {
        fields.add(field);
      }
    }
    if (redirect) {
      fields.add(new HeaderField("WWW-Authenticate", Answers.LOGIN_CHALLENGE));
    }
    addNumbered(fields, setCookies);
    return new Decision.Answer(status, fields, answer.body(), answer.reason());
  }

  /** Those that set a cookie first: a proxy may stop at some number. */
  private static void addNumbered(List<HeaderField> fields, List<String> setCookies) {
    List<String> lines = new ArrayList<>(setCookies);
    lines.sort((a, b) -> Boolean.compare(a.contains("Max-Age=0"), b.contains("Max-Age=0")));
    for (int i = 0; i < lines.size(); i++) {
      fields.add(new HeaderField(SET_COOKIE + (i + 1), lines.get(i)));
    }
  }
}
