package dev.gatehouse.gate;

import dev.gatehouse.config.GatehouseConfig.ForwardAuth;
import dev.gatehouse.config.GatehouseConfig.ForwardAuth.Source;
import dev.gatehouse.page.Page;
import dev.gatehouse.seal.Secret;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * {@code /gatehouse/auth}: answers a proxy that asks whether it may send a request to the app
 * itself. The request is judged as if it had come here, by the same code; the answer says what
 * would have been done. Only {@code trusted-proxies} may ask: what the question says of the request
 * is believed (TH-HTTP-7, TH-HTTP-8). Safe for concurrent use.
 */
final class ForwardAuthEndpoint {
  static final String PATH = "/gatehouse/auth";

  private static final String KEY = "X-Gatehouse-Auth-Key";

  /** Names with more are looked for in three spellings, not in hundreds. */
  private static final int MAX_MIXED_DASHES = 3;

  private final ForwardAuth settings;
  private final Set<String> spellings;
  private final Site site;
  private final ForwardAuthAnswers answers;
  private final Function<ClientRequest, Decision> judge;

  /**
   * @param identityNames the fields that tell the app who the user is
   * @param judge what happens to a request that comes here
   */
  ForwardAuthEndpoint(
      ForwardAuth settings,
      Set<String> identityNames,
      Site site,
      Function<ClientRequest, Decision> judge) {
    this.settings = settings;
    this.spellings = spellings(identityNames);
    this.site = site;
    this.answers = new ForwardAuthAnswers(settings, identityNames, site);
    this.judge = judge;
  }

  /** Whether this endpoint answers there: for Envoy, everything below its path is its own. */
  boolean isAt(RequestPath path) {
    String canonical = path.canonical();
    return canonical.equals(PATH)
        || settings.source() == Source.PATH && canonical.startsWith(PATH + "/");
  }

  /** What becomes of the request that {@code question} is about. */
  Decision answer(ClientRequest question) {
    if (!site.clientAddress().trustsPeer(question)) {
      return refuse(question, 404, Page.Kind.NOT_FOUND, "forward-auth-peer");
    }
    if (settings.key().filter(key -> !knows(question, key)).isPresent()) {
      return refuse(question, 404, Page.Kind.NOT_FOUND, "forward-auth-key");
    }
    OriginalRequest.Reading reading =
        OriginalRequest.read(
            question, settings.source(), site.publicUrl(), site.publicUrl().basePath() + PATH);
    if (!(reading instanceof OriginalRequest.Reading.Clear clear)) {
      String reason = ((OriginalRequest.Reading.Unclear) reading).reason();
      return refuse(question, 400, Page.Kind.BAD_REQUEST, reason);
    }
    return answers.of(clear.request(), decide(clear.request()));
  }

  private Decision decide(OriginalRequest request) {
    if (RequestPath.parse(request.rawPath(), site.publicUrl().basePath(), Optional.empty())
            instanceof RequestPath.Parsed.Ok ok
        && OwnPaths.reserved(ok.path().canonical())) {
      // The app has no such pages, and a question about a question has no end.
      return refuse(request, 403, Page.Kind.DENIED, "own-path");
    }
    if (spellings.stream().anyMatch(name -> request.header(name) != null)) {
      // Nothing can be taken off a request that does not come through here (TH-HDR-1).
      return refuse(request, 403, Page.Kind.DENIED, "identity-field");
    }
    return judge.apply(request);
  }

  /**
   * The names with a dash, an underscore or a dot for each dash: an app may take one for another.
   */
  private static Set<String> spellings(Set<String> names) {
    Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (String name : names) {
      boolean few = name.chars().filter(c -> c == '-').count() <= MAX_MIXED_DASHES;
      all.addAll(few ? mixed(name) : List.of(name, name.replace('-', '_'), name.replace('-', '.')));
    }
    return Collections.unmodifiableSet(all);
  }

  private static List<String> mixed(String name) {
    List<String> spelt = List.of("");
    for (char c : name.toCharArray()) {
      List<String> longer = new ArrayList<>();
      for (String beginning : spelt) {
        longer.add(beginning + c);
        if (c == '-') {
          longer.add(beginning + '_');
          longer.add(beginning + '.');
        }
      }
      spelt = longer;
    }
    return spelt;
  }

  private static boolean knows(ClientRequest question, Secret key) {
    return question.headers(KEY).size() == 1 && key.equals(Secret.of(question.header(KEY)));
  }

  private Decision refuse(ClientRequest request, int status, Page.Kind kind, String reason) {
    return site.answers().refuse(request, status, kind, reason).answer();
  }
}
