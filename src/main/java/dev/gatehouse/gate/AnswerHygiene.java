package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.GatehouseConfig.JwtValues;
import dev.gatehouse.hygiene.AnswerUrls;
import dev.gatehouse.hygiene.BodyHit;
import dev.gatehouse.hygiene.Leak;
import dev.gatehouse.hygiene.TextScanner;
import dev.gatehouse.hygiene.TokenScanner;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.session.CookieJar;
import dev.gatehouse.session.CookieNames;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What becomes of the app's answers that hold a token: in the URLs to which they send the browser
 * (TH-LEAK-13) and, only to tell of it, in their text. Safe for concurrent use.
 */
final class AnswerHygiene {
  private final HygieneMode everywhere;
  private final JwtValues values;
  private final boolean scansBodies;
  private final TokenScanner scanner;
  private final AnswerUrls urls;
  private final AnswerUrls countingUrls;
  private final CookieNames cookieNames;
  private final LeakNotes notes;
  private final Measurements measurements;

  AnswerHygiene(
      GatehouseConfig.TokenHygiene settings,
      TokenScanner scanner,
      CookieNames cookieNames,
      LeakNotes notes,
      Measurements measurements) {
    this.everywhere = settings.mode();
    this.values = settings.jwtValues();
    this.scansBodies = settings.scanResponses();
    this.scanner = scanner;
    this.urls = new AnswerUrls(scanner);
    this.countingUrls =
        new AnswerUrls(new TokenScanner(scanner.names(), values == JwtValues.AS_TOKEN));
    this.cookieNames = cookieNames;
    this.notes = notes;
    this.measurements = measurements;
  }

  /** The policy for the answer to {@code request}: {@code usual}, and without tokens. */
  AnswerPolicy over(AnswerPolicy usual, ClientRequest request, AccessRule rule) {
    return new Clean(usual, request, rule);
  }

  private final class Clean implements AnswerPolicy {
    private final AnswerPolicy usual;
    private final ClientRequest request;
    private final AccessRule rule;

    Clean(AnswerPolicy usual, ClientRequest request, AccessRule rule) {
      this.usual = usual;
      this.request = request;
      this.rule = rule;
    }

    @Override
    public String field(String name, String value) {
      Leak.Place place = place(name);
      if (place == null) {
        return usual.field(name, value);
      }
      List<BodyHit> hits = urls.find(value);
      if (hits.isEmpty()) {
        return usual.field(name, value);
      }
      List<BodyHit> counting = countingUrls.find(value);
      if (mode() == HygieneMode.REPORT || counting.isEmpty()) {
        note(place, Leak.Outcome.REPORTED, hits);
        return usual.field(name, value);
      }
      Optional<String> clean = cleaned(value);
      if (clean.isEmpty()) {
        return null;
      }
      note(place, Leak.Outcome.STRIPPED, counting);
      return usual.field(name, clean.get());
    }

    @Override
    public boolean refuses(String name, String value) {
      Leak.Place place = place(name);
      if (place == null || mode() == HygieneMode.REPORT) {
        return usual.refuses(name, value);
      }
      List<BodyHit> counting = countingUrls.find(value);
      if (counting.isEmpty() || cleaned(value).isPresent()) {
        return usual.refuses(name, value);
      }
      note(place, Leak.Outcome.REFUSED, counting);
      return true;
    }

    private Optional<String> cleaned(String value) {
      return mode() == HygieneMode.STRIP ? countingUrls.without(value) : Optional.empty();
    }

    private HygieneMode mode() {
      return rule.handling().tokenHygiene().orElse(everywhere);
    }

    private void note(Leak.Place place, Leak.Outcome outcome, List<BodyHit> hits) {
      hits.forEach(hit -> notes.note(request, rule.pattern(), place, outcome, hit));
    }

    @Override
    public List<HeaderField> defaults() {
      return usual.defaults();
    }

    @Override
    public List<HeaderField> added() {
      return usual.added();
    }

    @Override
    public boolean watchesBodies() {
      return scansBodies;
    }

    @Override
    public Optional<BodyWatch> watch(String contentType, String contentEncoding) {
      if (!scansBodies || !isText(contentType)) {
        return Optional.empty();
      }
      if (contentEncoding != null && !contentEncoding.strip().equalsIgnoreCase("identity")) {
        measurements.answerNotScanned();
        return Optional.empty();
      }
      List<String> own = CookieJar.read(cookieNames, request.headers("Cookie")).sessionChunks();
      return Optional.of(
          new Watch(
              new TextScanner(
                  scanner.names(),
                  own,
                  hit -> note(Leak.Place.BODY, Leak.Outcome.REPORTED, List.of(hit)))));
    }
  }

  private record Watch(TextScanner text) implements BodyWatch {
    @Override
    public void passing(ByteBuffer bytes) {
      text.scan(bytes);
    }

    @Override
    public void ended() {
      text.end();
    }
  }

  private static Leak.Place place(String name) {
    switch (name.length()) {
      case 4:
        return name.equalsIgnoreCase("Link") ? Leak.Place.LINK : null;
      case 7:
        return name.equalsIgnoreCase("Refresh") ? Leak.Place.REFRESH : null;
      case 8:
        return name.equalsIgnoreCase("Location") ? Leak.Place.LOCATION : null;
      case 16:
        return name.equalsIgnoreCase("Content-Location") ? Leak.Place.CONTENT_LOCATION : null;
      default:
        return null;
    }
  }

  private static boolean isText(String contentType) {
    if (contentType == null) {
      return false;
    }
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.startsWith("text/")
        || type.endsWith("json")
        || type.endsWith("xml")
        || type.endsWith("javascript")
        || type.endsWith("ecmascript");
  }
}
