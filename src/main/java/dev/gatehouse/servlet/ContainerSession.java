package dev.gatehouse.servlet;

import dev.gatehouse.access.AccessRule.Access;
import dev.gatehouse.gate.Decision;
import dev.gatehouse.gate.Forward;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.identity.Identity;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;

/**
 * Ties the container's session to the user of the gateway (TH-SES-4), so that what an app keeps
 * there for one user never serves another.
 *
 * <p>The session's lock keeps two first requests of one user from changing its id twice: the
 * browser might keep the id that is already void.
 */
final class ContainerSession {
  /** A string, so that containers may keep sessions over a restart. */
  static final String OWNER = "dev.gatehouse.servlet.owner";

  private ContainerSession() {}

  /**
   * Before the app is asked: a session that belonged to nobody becomes the user's and gets a new
   * id; one that belongs to somebody else ends.
   */
  static void settle(HttpServletRequest request, Forward forward) {
    HttpSession session = request.getSession(false);
    if (session == null) {
      return;
    }
    if (forward.identity().isPresent()) {
      take(request, session, owner(forward.identity().get()));
    } else if (forward.rule().access() != Access.ANONYMOUS) {
      // Known to be nobody: the session of a user who has left must not serve. Under an anonymous
      // rule nobody asked who it is, so nothing is known.
      endIfOwned(session);
    }
  }

  /**
   * Ends the session with an answer that takes its cookie away, as a logout does (TH-OUT-9). It
   * would live on else, for whoever knows its id.
   */
  static void endWith(Decision.Answer answer, HttpServletRequest request) {
    String name = request.getServletContext().getSessionCookieConfig().getName();
    String removal = (name == null ? "JSESSIONID" : name) + "=; Max-Age=0";
    for (HeaderField field : answer.headers()) {
      if (field.name().equalsIgnoreCase("Set-Cookie") && field.value().startsWith(removal)) {
        HttpSession session = request.getSession(false);
        if (session != null) {
          endIfOwned(session);
        }
        return;
      }
    }
  }

  /**
   * Marks a session that the app has asked for as the user's.
   *
   * @return whether it may be used; if not, it has ended
   */
  static boolean claim(HttpSession session, Identity identity) {
    String user = owner(identity);
    synchronized (session) {
      Object owner = session.getAttribute(OWNER);
      if (owner == null) {
        session.setAttribute(OWNER, user);
      } else if (!owner.equals(user)) {
        session.invalidate();
        return false;
      }
      return true;
    }
  }

  private static void take(HttpServletRequest request, HttpSession session, String user) {
    synchronized (session) {
      try {
        Object owner = session.getAttribute(OWNER);
        if (owner == null) {
          session.setAttribute(OWNER, user);
          request.changeSessionId();
        } else if (!owner.equals(user)) {
          session.invalidate();
        }
      } catch (IllegalStateException endedMeanwhile) {
        // Another request has ended it: there is none to tie.
      }
    }
  }

  private static void endIfOwned(HttpSession session) {
    synchronized (session) {
      try {
        if (session.getAttribute(OWNER) != null) {
          session.invalidate();
        }
      } catch (IllegalStateException endedMeanwhile) {
        // Another request has ended it.
      }
    }
  }

  /** Neither an issuer nor a subject can hold the separator. */
  private static String owner(Identity identity) {
    return identity.issuer() + "\n" + identity.subject();
  }
}
