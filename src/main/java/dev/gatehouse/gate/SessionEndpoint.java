package dev.gatehouse.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.page.Page;
import dev.gatehouse.session.CookieJar;
import dev.gatehouse.session.Session;
import dev.gatehouse.session.SessionStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * {@code GET /gatehouse/session} tells a script of the app's own origin who the user is and when
 * the session ends; never a token. Asking is no use of the session, so that a page may poll. Safe
 * for concurrent use.
 */
final class SessionEndpoint {
  static final String PATH = "/gatehouse/session";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SessionStore sessions;
  private final Duration idleTimeout;
  private final Answers answers;
  private final Clock clock;

  SessionEndpoint(SessionStore sessions, Duration idleTimeout, Answers answers, Clock clock) {
    this.sessions = sessions;
    this.idleTimeout = idleTimeout;
    this.answers = answers;
    this.clock = clock;
  }

  Decision answer(ClientRequest request, CookieJar cookies) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return answers
          .refuse(request, 405, Page.Kind.METHOD_NOT_ALLOWED, "method")
          .header("Allow", "GET, HEAD")
          .answer();
    }
    Instant now = clock.instant();
    SessionStore.Lookup lookup = sessions.find(cookies, now, false);
    if (lookup instanceof SessionStore.Lookup.Found found) {
      return answers.json(200, describe(found.session(), now), found.setCookies(), "session");
    }
    if (lookup instanceof SessionStore.Lookup.None) {
      return answers.refuse(request, 401, Page.Kind.LOGIN_NEEDED, "no-session").answer();
    }
    return answers.storeUnavailable(request);
  }

  private byte[] describe(Session session, Instant now) {
    Instant idleEnd = session.idleEnd(idleTimeout);
    ObjectNode json = JSON.createObjectNode();
    json.put("provider", session.provider());
    json.put("issuer", session.identity().issuer());
    json.put("subject", session.identity().subject());
    json.put("name", session.identity().displayName());
    json.put("signed_in_at", session.createdAt().toString());
    json.put("idle_expires_at", idleEnd.toString());
    json.put("expires_at", session.expiresAt().toString());
    json.put("expires_in", Math.max(0, Duration.between(now, idleEnd).toSeconds()));
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of strings can be written", e);
    }
  }
}
