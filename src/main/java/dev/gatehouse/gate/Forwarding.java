package dev.gatehouse.gate;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.hygiene.RefererCleaner;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.InboundHeaders;
import dev.gatehouse.seal.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** How requests go on to the app, with a user or without. Immutable, safe for concurrent use. */
final class Forwarding {
  private static final String FOR = "X-Forwarded-For";
  private static final String HOST = "X-Forwarded-Host";
  private static final String PROTO = "X-Forwarded-Proto";
  private static final Set<String> ORIGIN = Set.of(FOR, HOST, PROTO);

  private final PublicUrl publicUrl;
  private final ClientAddress clientAddress;
  private final InboundHeaders inbound;
  private final AppCredentials credentials;
  private final RefererCleaner referers;
  private final AnswerHygiene answerHygiene;
  private final AnswerPolicy anonymousPolicy;
  private final AnswerPolicy unknownUserPolicy;
  private final AnswerPolicy knownUserPolicy;
  private final List<HeaderField> constant;
  private final Optional<HeaderField> hsts;

  /**
   * @param gateway what tells the app that the request came through the gateway, if anything does
   * @param hsts what browsers are told about https; empty where it is not to be spoken of
   */
  Forwarding(
      PublicUrl publicUrl,
      ClientAddress clientAddress,
      InboundHeaders inbound,
      RefererCleaner referers,
      AppCredentials credentials,
      Optional<HeaderField> gateway,
      Optional<HeaderField> hsts,
      AnswerHygiene answerHygiene) {
    this.answerHygiene = answerHygiene;
    this.publicUrl = publicUrl;
    this.clientAddress = clientAddress;
    this.inbound = inbound;
    this.referers = referers;
    this.credentials = credentials;
    this.hsts = hsts;
    this.anonymousPolicy = new GateAnswerPolicy(hsts, false, false, List.of());
    this.unknownUserPolicy = new GateAnswerPolicy(hsts, false, true, List.of());
    this.knownUserPolicy = new GateAnswerPolicy(hsts, true, true, List.of());
    List<HeaderField> constant = new ArrayList<>();
    constant.add(new HeaderField(HOST, publicUrl.authority()));
    constant.add(new HeaderField(PROTO, publicUrl.scheme()));
    gateway.ifPresent(constant::add);
    this.constant = List.copyOf(constant);
  }

  /**
   * The request goes on by its access token, and the app is told whose it is. The token itself goes
   * on only where the rule says so; it has been validated, and is the only one (TH-BEAR-21).
   *
   * @param holds whether a long-lived connection may go on; told whether it was used
   */
  Decision byToken(
      ClientRequest request,
      RequestPath path,
      AccessRule rule,
      Identity identity,
      Predicate<Boolean> holds) {
    return known(
        request,
        path,
        rule,
        identity,
        Optional.empty(),
        List.of(),
        holds,
        !rule.handling().forwardToken());
  }

  /**
   * The request goes on, and the app is told who the user is.
   *
   * @param accessToken that of the session, which the app gets where the configuration says so
   * @param setCookies lines for the answer, where the session cookie is renewed
   * @param holds whether a long-lived connection may go on; told whether it was used
   */
  Decision known(
      ClientRequest request,
      RequestPath path,
      AccessRule rule,
      Identity identity,
      Optional<Secret> accessToken,
      List<String> setCookies,
      Predicate<Boolean> holds) {
    return known(
        request,
        path,
        rule,
        identity,
        accessToken,
        setCookies,
        holds,
        removesAuthorization(request));
  }

  private Decision known(
      ClientRequest request,
      RequestPath path,
      AccessRule rule,
      Identity identity,
      Optional<Secret> accessToken,
      List<String> setCookies,
      Predicate<Boolean> holds,
      boolean removesAuthorization) {
    AnswerPolicy policy =
        setCookies.isEmpty() ? knownUserPolicy : new GateAnswerPolicy(hsts, true, true, setCookies);
    List<HeaderField> own = identity.headers();
    List<HeaderField> added = new ArrayList<>(own.size() + 6);
    addEach(own, added);
    credentials.addTo(added, identity, accessToken);
    addForwarded(request, added);
    return new Decision.ToApp(
        new GateForward(
            publicUrl,
            path,
            request.rawQuery(),
            Optional.of(identity),
            rule,
            inbound,
            referers,
            removesAuthorization,
            added,
            answerHygiene.over(policy, request, rule),
            holds));
  }

  /**
   * The last request of a session that has just ended goes on.
   *
   * @param told who the app is told that it is; empty where the rule tells it of nobody
   * @param ofPage whether the browser goes where the app's answer sends it
   */
  Decision leaving(
      ClientRequest request,
      RequestPath path,
      AccessRule rule,
      Optional<Identity> told,
      SignOut.Parting parting,
      boolean ofPage) {
    AnswerPolicy policy =
        new LeavingAnswerPolicy(
            answerHygiene.over(
                told.isPresent() ? knownUserPolicy : unknownUserPolicy, request, rule),
            parting,
            ofPage);
    List<HeaderField> added = new ArrayList<>(told.map(Identity::headers).orElse(List.of()));
    told.ifPresent(user -> credentials.addTo(added, user, Optional.empty()));
    addForwarded(request, added);
    return new Decision.ToApp(
        new GateForward(
            publicUrl,
            path,
            request.rawQuery(),
            told,
            rule,
            inbound,
            referers,
            removesAuthorization(request),
            added,
            policy,
            used -> false));
  }

  /** The request goes on without a user: the rule lets everybody pass. */
  Decision anonymous(ClientRequest request, RequestPath path, AccessRule rule) {
    return nobody(request, path, rule, anonymousPolicy);
  }

  /** The request goes on without a user, though the app would have been told of one. */
  Decision unknown(ClientRequest request, RequestPath path, AccessRule rule) {
    return nobody(request, path, rule, unknownUserPolicy);
  }

  /** A CORS preflight goes on, about a request that {@code rule} is for. */
  Decision preflight(ClientRequest request, RequestPath path, AccessRule rule) {
    Decision.ToApp toApp = nobody(request, path, rule, unknownUserPolicy);
    return new Decision.ToApp(new PreflightForward(toApp.forward()));
  }

  private Decision.ToApp nobody(
      ClientRequest request, RequestPath path, AccessRule rule, AnswerPolicy policy) {
    List<HeaderField> added = new ArrayList<>(4);
    addForwarded(request, added);
    return new Decision.ToApp(
        new GateForward(
            publicUrl,
            path,
            request.rawQuery(),
            Optional.empty(),
            rule,
            inbound,
            referers,
            removesAuthorization(request),
            added,
            answerHygiene.over(policy, request, rule),
            used -> true));
  }

  /** Whether {@code field} says where the request came from, and not who the user is. */
  static boolean ofTheClient(HeaderField field) {
    return ORIGIN.contains(field.name());
  }

  private void addForwarded(ClientRequest request, List<HeaderField> added) {
    added.add(new HeaderField(FOR, clientAddress.forwardedFor(request)));
    addEach(constant, added);
  }

  /** As {@link List#addAll}, which copies the fields into an array first. */
  private static void addEach(List<HeaderField> fields, List<HeaderField> added) {
    for (int i = 0; i < fields.size(); i++) {
      added.add(fields.get(i));
    }
  }

  /** Whether the app gets the access token of a session; it is packed where nobody wants it. */
  boolean tellsAccessToken() {
    return credentials.haveAccessToken();
  }

  /** What the client sends never mixes with what the gateway does. */
  private boolean removesAuthorization(ClientRequest request) {
    return credentials.ownAuthorization() || bearsToken(request);
  }

  /** An access token is the gateway's business, not the app's (TH-BEAR-21). */
  static boolean bearsToken(ClientRequest request) {
    if (request.header("Authorization") == null) {
      return false;
    }
    for (String authorization : request.headers("Authorization")) {
      if (authorization.regionMatches(true, 0, "Bearer", 0, 6)
          || authorization.regionMatches(true, 0, "DPoP", 0, 4)) {
        return true;
      }
    }
    return false;
  }
}
