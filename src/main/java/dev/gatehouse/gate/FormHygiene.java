package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.GatehouseConfig.JwtValues;
import dev.gatehouse.hygiene.BodyHit;
import dev.gatehouse.hygiene.BodyScanner;
import dev.gatehouse.hygiene.BodyType;
import dev.gatehouse.hygiene.FormScanner;
import dev.gatehouse.hygiene.Leak;
import dev.gatehouse.hygiene.MultipartScanner;
import dev.gatehouse.hygiene.TokenHit;
import dev.gatehouse.hygiene.TokenScanner;
import dev.gatehouse.page.Page;
import dev.gatehouse.session.CookieJar;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What becomes of requests whose form holds a token (TH-LEAK-3, TH-LEAK-5). The beginning of a body
 * is judged before the app sees any of it; what follows passes, and is only looked at, so that a
 * large upload is never collected. Safe for concurrent use.
 *
 * <p>{@code application/x-www-form-urlencoded}, by which RFC 6750 §2.2 would have let clients prove
 * themselves, is judged before any rule has its say. A multipart body is judged when the request is
 * known to go on to the app: nobody ever called it a credential, and it may be large.
 */
final class FormHygiene {
  private static final String REASON = "token-in-form";
  private static final String IN_DOUBT = "form-in-doubt";
  private static final String FORM_TYPE = "application/x-www-form-urlencoded";

  private final HygieneMode everywhere;
  private final JwtValues values;
  private final int maxPeek;
  private final TokenScanner scanner;
  private final LeakNotes notes;
  private final Answers answers;

  FormHygiene(
      GatehouseConfig.TokenHygiene settings,
      TokenScanner scanner,
      LeakNotes notes,
      Answers answers) {
    this.everywhere = settings.mode();
    this.values = settings.jwtValues();
    this.maxPeek = settings.maxPeekBytes();
    this.scanner = scanner;
    this.notes = notes;
    this.answers = answers;
  }

  /**
   * What happens to a request that may carry a form to the app.
   *
   * @param methodsDiffer whether another method would be held by another rule there
   * @param next what happens where nothing is wrong with its body; is told the methods that the
   *     form asks the app to take in place of the request's own
   */
  Decision judge(
      ClientRequest request,
      CookieJar cookies,
      AccessRule rule,
      BooleanSupplier methodsDiffer,
      Function<Set<String>, Decision> next) {
    BodyType type = type(request);
    if (!type.isForm()) {
      return next.apply(Set.of());
    }
    HygieneMode mode = rule.handling().tokenHygiene().orElse(everywhere);
    List<String> own = values == JwtValues.IGNORE ? List.of() : cookies.sessionChunks();
    Subject subject = new Subject(request, rule.pattern(), mode, type, own);
    if (type.kind() == BodyType.Kind.FORM) {
      return new Decision.PeeksBody(
          maxPeek,
          start ->
              form(subject, start, () -> next.apply(MethodOverride.in(start, subject.type()))));
    }
    if (methodsDiffer.getAsBoolean()) {
      return new Decision.PeeksBody(
          maxPeek,
          start ->
              next.apply(MethodOverride.in(start, subject.type()))
                  .atApp(toApp -> multipart(subject, start, toApp)));
    }
    return next.apply(Set.of())
        .atApp(toApp -> new Decision.PeeksBody(maxPeek, start -> multipart(subject, start, toApp)));
  }

  private static BodyType type(ClientRequest request) {
    String first = request.header("Content-Type");
    if (first != null && !first.isBlank()) {
      return BodyType.of(request.headers("Content-Type"), request.headers("Content-Encoding"));
    }
    if (!request.method().equals("POST") || request.bodyIsElsewhere()) {
      return BodyType.NO_FORM;
    }
    // Rack, and so every Rails app, reads a POST as a form that does not say what it is.
    List<String> said =
        request.headers("Content-Type").stream().filter(value -> !value.isBlank()).toList();
    return said.isEmpty()
        ? BodyType.FORM
        : BodyType.of(
            Stream.concat(Stream.of(FORM_TYPE), said.stream()).toList(),
            request.headers("Content-Encoding"));
  }

  /** One request with a form. */
  private record Subject(
      ClientRequest request, String route, HygieneMode mode, BodyType type, List<String> own) {
    Leak.Place place() {
      return type.kind() == BodyType.Kind.FORM ? Leak.Place.FORM : Leak.Place.MULTIPART;
    }

    /** The same as if it had said that its body is a plain form. */
    Subject asForm() {
      return new Subject(request, route, mode, BodyType.FORM, own);
    }

    boolean inDoubt(BodyStart start) {
      return mode != HygieneMode.REPORT
          && type.doubt().isPresent()
          && (start.bytes().length > 0 || start.fields().isPresent());
    }
  }

  private Decision form(Subject subject, BodyStart start, Supplier<Decision> next) {
    if (subject.inDoubt(start)) {
      return inDoubt(subject);
    }
    if (start.fields().isPresent()) {
      return byFields(subject, start.fields().get(), next);
    }
    String text = new String(start.bytes(), ISO_8859_1);
    List<TokenHit> hits = scanner.find(text, subject.own());
    List<TokenHit> counting = hits.stream().filter(hit -> counts(hit.name())).toList();
    boolean cut = !start.whole() && !hits.isEmpty() && last(hits).to() == text.length();
    if (subject.mode() == HygieneMode.REPORT || counting.isEmpty()) {
      note(subject, Leak.Outcome.REPORTED, text, hits);
      return start.whole()
          ? next.get()
          : withRelay(next.get(), new Relay(start.bytes(), rest(subject, start, cut)));
    }
    // RFC 6750 §2: a token by two methods is a malformed request. Half a token cannot be taken out.
    if (subject.mode() == HygieneMode.ENFORCE || Forwarding.bearsToken(subject.request()) || cut) {
      note(subject, Leak.Outcome.REFUSED, text, hits);
      return answers.misplacedToken(subject.request(), REASON);
    }
    note(subject, Leak.Outcome.STRIPPED, text, counting);
    note(
        subject,
        Leak.Outcome.REPORTED,
        text,
        hits.stream().filter(hit -> !counts(hit.name())).toList());
    String kept = TokenScanner.without(text, counting);
    byte[] rest = kept == null ? new byte[0] : kept.getBytes(ISO_8859_1);
    return withRelay(next.get(), new Relay(rest, rest(subject, start, cut)));
  }

  private static TokenHit last(List<TokenHit> hits) {
    return hits.get(hits.size() - 1);
  }

  /**
   * Who looks at the rest.
   *
   * @param told whether the parameter that is cut in two has been told of
   */
  private Optional<BodyScanner> rest(Subject subject, BodyStart start, boolean told) {
    if (start.whole()) {
      return Optional.empty();
    }
    FormScanner form = new FormScanner(scanner, subject.own(), hit -> report(subject, hit));
    byte[] bytes = start.bytes();
    int from = bytes.length;
    while (from > 0 && !TokenScanner.isSeparator((char) (bytes[from - 1] & 0xff))) {
      from--;
    }
    if (told) {
      form.skipParameter();
    } else {
      form.scan(ByteBuffer.wrap(bytes, from, bytes.length - from));
    }
    return Optional.of(form);
  }

  private Decision multipart(Subject subject, BodyStart start, Decision.ToApp toApp) {
    if (subject.type().lacksBoundary() && start.whole() && holdsNoParts(start)) {
      return form(subject.asForm(), start, () -> toApp);
    }
    if (subject.inDoubt(start)) {
      return inDoubt(subject);
    }
    if (start.fields().isPresent()) {
      return byFields(subject, start.fields().get(), () -> toApp);
    }
    List<BodyHit> hits = new ArrayList<>();
    boolean[] passing = new boolean[1];
    MultipartScanner parts =
        new MultipartScanner(
            subject.type(),
            scanner,
            subject.own(),
            hit -> {
              if (passing[0]) {
                report(subject, hit);
              } else {
                hits.add(hit);
              }
            });
    parts.scan(ByteBuffer.wrap(start.bytes()));
    if (start.whole()) {
      parts.end();
    }
    if (subject.mode() != HygieneMode.REPORT) {
      // A part could be cut out, but no app expects a form of its own with a field missing.
      if (parts.midToken()) {
        parts.end();
      }
      if (hits.stream().anyMatch(hit -> counts(hit.name()))) {
        hits.forEach(hit -> note(subject, Leak.Outcome.REFUSED, hit));
        return answers.misplacedToken(subject.request(), REASON);
      }
      if (start.bytes().length > 0 && parts.doubt().isPresent()) {
        return inDoubt(subject);
      }
    }
    hits.forEach(hit -> report(subject, hit));
    passing[0] = true;
    return start.whole() ? toApp : withRelay(toApp, new Relay(start.bytes(), Optional.of(parts)));
  }

  /** Whether nobody could guess a boundary that is not announced: each begins with two hyphens. */
  private static boolean holdsNoParts(BodyStart start) {
    return start.fields().isEmpty() && !new String(start.bytes(), ISO_8859_1).contains("--");
  }

  /** A form of which the container has made fields: it passes as it is, or not at all. */
  private Decision byFields(
      Subject subject, List<BodyStart.Field> fields, Supplier<Decision> next) {
    List<BodyHit> hits = new ArrayList<>();
    for (BodyStart.Field field : fields) {
      scanner
          .names()
          .match(field.name(), 0, field.name().length())
          .map(match -> new BodyHit(match.name(), field.value().get(), match.secondDecoding()))
          .or(() -> byValue(subject, field))
          .ifPresent(hits::add);
    }
    if (subject.mode() != HygieneMode.REPORT && hits.stream().anyMatch(hit -> counts(hit.name()))) {
      hits.forEach(hit -> note(subject, Leak.Outcome.REFUSED, hit));
      return answers.misplacedToken(subject.request(), REASON);
    }
    hits.forEach(hit -> report(subject, hit));
    return next.get();
  }

  private Optional<BodyHit> byValue(Subject subject, BodyStart.Field field) {
    return field.file() || values == JwtValues.IGNORE
        ? Optional.empty()
        : scanner.inValue(field.value().get(), subject.own());
  }

  /**
   * A form for the gateway itself. Its endpoints read what they know by name, so a token there does
   * nothing; it is refused as anywhere. What an OP sends to the redirection endpoint is judged
   * there (TH-CB-11).
   */
  Decision atOwnPath(ClientRequest request, Decision answer, RequestPath path) {
    if (!(answer instanceof Decision.NeedsBody needsBody)) {
      return answer;
    }
    Subject subject = new Subject(request, Leak.NO_ROUTE, everywhere, BodyType.FORM, List.of());
    List<String> expected = OwnPaths.expectedTokens(path);
    return new Decision.NeedsBody(
        needsBody.maxBytes(),
        body -> {
          String text = new String(body, ISO_8859_1);
          List<TokenHit> named =
              scanner.find(text).stream()
                  .filter(hit -> !isByValue(hit.name()) && !expected.contains(hit.name()))
                  .toList();
          boolean refused = everywhere == HygieneMode.ENFORCE && !named.isEmpty();
          note(subject, refused ? Leak.Outcome.REFUSED : Leak.Outcome.REPORTED, text, named);
          return refused ? answers.misplacedToken(request, REASON) : needsBody.then().apply(body);
        });
  }

  private static Decision withRelay(Decision decision, BodyRelay relay) {
    return decision.atApp(toApp -> new Decision.ToApp(toApp.forward(), Optional.of(relay)));
  }

  private Decision inDoubt(Subject subject) {
    return answers
        .refuse(subject.request(), 400, Page.Kind.BAD_REQUEST, IN_DOUBT)
        .header("WWW-Authenticate", Answers.bearerChallenge() + ", error=\"invalid_request\"")
        .answer();
  }

  private boolean counts(String name) {
    return values == JwtValues.AS_TOKEN || !isByValue(name);
  }

  private static boolean isByValue(String name) {
    return name.equals(TokenScanner.JWT_VALUE) || name.equals(TokenScanner.OWN_VALUE);
  }

  private void report(Subject subject, BodyHit hit) {
    note(subject, Leak.Outcome.REPORTED, hit);
  }

  private void note(Subject subject, Leak.Outcome outcome, BodyHit hit) {
    notes.note(subject.request(), subject.route(), subject.place(), outcome, hit);
  }

  private void note(Subject subject, Leak.Outcome outcome, String text, List<TokenHit> hits) {
    notes.note(subject.request(), subject.route(), subject.place(), outcome, text, hits);
  }

  /** What goes on in place of the beginning, and who looks at the rest. */
  private record Relay(byte[] start, Optional<BodyScanner> rest) implements BodyRelay {
    @Override
    public void passing(ByteBuffer bytes) {
      rest.ifPresent(scanner -> scanner.scan(bytes));
    }

    @Override
    public void ended() {
      rest.ifPresent(BodyScanner::end);
    }

    @Override
    public String toString() {
      return "Relay[" + start.length + "]";
    }
  }
}
