package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.backchannel.OpExecutor;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.oidc.LogoutToken;
import dev.gatehouse.oidc.OpenIdProvider;
import dev.gatehouse.oidc.Providers;
import dev.gatehouse.page.Page;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.session.Revocations;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Logouts that the OP tells us of: to this server directly (OpenID Connect Back-Channel Logout
 * §2.5), or through a frame in the browser (Front-Channel Logout §2). Safe for concurrent use.
 */
final class OpLogoutEndpoints {
  static final String BACK_CHANNEL_PATH = "/gatehouse/backchannel-logout";
  static final String FRONT_CHANNEL_PATH = "/gatehouse/frontchannel-logout";

  private static final int MAX_FORM_BYTES = 32 * 1024;
  private static final byte[] REFUSED = "{\"error\":\"invalid_request\"}".getBytes(UTF_8);

  private final Providers providers;
  private final OpExecutor opCalls;
  private final Revocations revocations;
  private final BearerForgetting bearers;
  private final WaitingRoom room;
  private final Answers answers;
  private final Clock clock;

  /** What else has to forget a user who has left. */
  interface BearerForgetting {
    void forgetSubject(String issuer, String subject);
  }

  OpLogoutEndpoints(
      Site site,
      Providers providers,
      OpExecutor opCalls,
      Revocations revocations,
      BearerForgetting bearers,
      WaitingRoom room) {
    this.providers = providers;
    this.opCalls = opCalls;
    this.revocations = revocations;
    this.bearers = bearers;
    this.room = room;
    this.answers = site.answers();
    this.clock = site.clock();
  }

  /** The OP needs neither cookie nor CSRF token: its signature is what counts (TH-OUT-7). */
  Decision backChannel(ClientRequest request) {
    if (!request.method().equals("POST")) {
      return answers
          .refuse(request, 405, Page.Kind.METHOD_NOT_ALLOWED, "method")
          .header("Allow", "POST")
          .answer();
    }
    return new Decision.NeedsBody(MAX_FORM_BYTES, body -> backChannel(request, body));
  }

  private Decision backChannel(ClientRequest request, byte[] body) {
    Optional<String> token =
        CallbackParameters.decode(new String(body, ISO_8859_1))
            .flatMap(form -> form.only("logout_token"));
    if (token.isEmpty()) {
      return refused("logout-token-missing");
    }
    Secret logoutToken = Secret.of(token.get());
    return new Decision.Pending(
        opCalls.call(() -> settle(logoutToken), failure -> refused(failure.reason())),
        room,
        () -> refused(OpFailure.OVERLOADED.reason()));
  }

  /** The token counts at the OP that it names, if that OP signed it, and at no other (TH-OUT-6). */
  private Decision settle(Secret logoutToken) {
    Optional<OpenIdProvider> provider = providers.claimedBy(logoutToken);
    return provider.isEmpty()
        ? refused("logout-token-iss")
        : settle(provider.get().issuer(), provider.get().verifyLogout(logoutToken));
  }

  private Decision settle(String issuer, LogoutToken token) {
    if (token instanceof LogoutToken.Verified verified) {
      end(issuer, verified);
      return answers.json(200, "{}".getBytes(UTF_8), List.of(), "backchannel-logout");
    }
    return refused(
        token instanceof LogoutToken.Refused refused
            ? "logout-token-" + refused.reason()
            : "logout-token-undecided");
  }

  /**
   * §2.7: the session where one is named, else all of the user. His access tokens are asked about
   * anew; where the OP does not say whose session it was, the session here does (TH-BEAR-16).
   */
  private void end(String issuer, LogoutToken.Verified verified) {
    Optional<String> user =
        verified
            .subject()
            .or(() -> verified.sessionId().flatMap(sid -> revocations.subjectIn(issuer, sid)));
    if (verified.sessionId().isPresent()) {
      revocations.endOpSession(issuer, verified.sessionId().get(), clock.instant());
      verified
          .subject()
          .ifPresent(subject -> revocations.endUnattributed(issuer, subject, clock.instant()));
    } else {
      revocations.endSubject(issuer, verified.subject().orElseThrow(), clock.instant());
    }
    user.ifPresent(subject -> bearers.forgetSubject(issuer, subject));
  }

  private Decision refused(String reason) {
    return answers.json(400, REFUSED, List.of(), reason);
  }

  /**
   * Acts on an exact pair of issuer and a session that is known here; says nothing of whether it
   * did. No cookie is relied on: Lax cookies do not reach a frame (TH-OUT-8).
   */
  Decision frontChannel(ClientRequest request) {
    if (!request.method().equals("GET")) {
      return answers
          .refuse(request, 405, Page.Kind.METHOD_NOT_ALLOWED, "method")
          .header("Allow", "GET")
          .answer();
    }
    Optional<CallbackParameters> parameters = CallbackParameters.decode(request.rawQuery());
    Optional<String> issuer = parameters.flatMap(p -> p.only("iss"));
    Optional<String> sessionId = parameters.flatMap(p -> p.only("sid"));
    if (issuer.isPresent()
        && sessionId.isPresent()
        && providers.atIssuer(issuer.get()).isPresent()) {
      revocations
          .subjectIn(issuer.get(), sessionId.get())
          .ifPresent(
              subject -> {
                revocations.endOpSession(issuer.get(), sessionId.get(), clock.instant());
                bearers.forgetSubject(issuer.get(), subject);
              });
    }
    return framedBy(issuer.flatMap(providers::atIssuer).map(List::of).orElse(all()));
  }

  private List<OpenIdProvider> all() {
    return List.copyOf(providers.all());
  }

  private Decision framedBy(List<OpenIdProvider> ops) {
    String origins =
        ops.stream()
            .map(op -> URI.create(op.issuer()))
            .map(issuer -> issuer.getScheme() + "://" + issuer.getRawAuthority())
            .collect(Collectors.joining(" "));
    List<HeaderField> headers = new ArrayList<>();
    headers.add(new HeaderField("Cache-Control", "no-store"));
    headers.add(new HeaderField("Referrer-Policy", "no-referrer"));
    headers.add(new HeaderField("X-Content-Type-Options", "nosniff"));
    headers.add(new HeaderField("Content-Type", "text/html; charset=utf-8"));
    headers.add(
        new HeaderField(
            "Content-Security-Policy", "default-src 'none'; frame-ancestors " + origins));
    answers.hsts().ifPresent(headers::add);
    byte[] page = "<!doctype html><title>Gatehouse</title>".getBytes(UTF_8);
    return new Decision.Answer(200, headers, page, "frontchannel-logout");
  }
}
