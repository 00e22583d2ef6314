package dev.gatehouse.session;

import dev.gatehouse.access.Authentication;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.seal.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Where sessions live. Safe for concurrent use. */
public interface SessionStore {

  /**
   * Whose session these cookies are. Does no I/O where the session is in memory.
   *
   * @param touch whether this counts as use of the session (TH-SES-5)
   */
  Lookup find(CookieJar cookies, Instant now, boolean touch);

  /**
   * Makes a session with a new id; a value that the browser brought is never adopted (TH-SES-3).
   *
   * @param replaced the cookies of the request, so that leftovers can be expired
   */
  Created create(NewSession session, CookieJar replaced, Instant now);

  /**
   * Stores what a refresh has changed in {@code session}.
   *
   * @return {@code Set-Cookie} lines for the answer, where the session is in the cookie
   */
  List<String> update(Session session, CookieJar cookies, Instant now);

  /** The session with that key, where it is at hand; not a proof that it lives. */
  Optional<Session> find(SessionKey key);

  /** Ends a session, here and for every copy of its cookie. */
  default void end(Session session, Instant now) {
    end(session.key(), now);
  }

  /** Ends the session with that key, if there is one. */
  void end(SessionKey key, Instant now);

  /** Whether {@code session} has been ended, here or by the OP; not whether its time is up. */
  boolean ended(Session session);

  /** Whether that user, or that session of the OP, has been signed out since a login began. */
  boolean endedSince(Identity user, Optional<String> opSessionId, Instant loginBegan);

  /** How many sessions are kept here; about. Empty where the browsers keep them. */
  default OptionalLong held() {
    return OptionalLong.empty();
  }

  /** {@code Set-Cookie} lines that remove the session cookie and its chunks from the browser. */
  List<String> expire(CookieJar cookies);

  /**
   * What a login brings.
   *
   * @param provider the name of the OP that the user logged in at
   */
  record NewSession(
      String provider,
      Identity identity,
      SessionTokens tokens,
      Optional<Secret> idToken,
      Optional<String> opSessionId,
      Authentication authentication) {
    public NewSession {
      Objects.requireNonNull(provider, "provider");
      Objects.requireNonNull(identity, "identity");
      Objects.requireNonNull(tokens, "tokens");
      Objects.requireNonNull(authentication, "authentication");
    }

    /** A login of which no more is known. */
    public NewSession(
        String provider,
        Identity identity,
        SessionTokens tokens,
        Optional<Secret> idToken,
        Optional<String> opSessionId) {
      this(provider, identity, tokens, idToken, opSessionId, Authentication.UNKNOWN);
    }

    /** Without the OP's session id (TH-SEC-3). */
    @Override
    public String toString() {
      return "NewSession[" + identity + "]";
    }
  }

  /** Three answers: a session, none, could not tell. */
  sealed interface Lookup {
    /**
     * A live session.
     *
     * @param setCookies lines for the answer, where the cookie has to be renewed
     */
    record Found(Session session, List<String> setCookies) implements Lookup {
      public Found {
        setCookies = List.copyOf(setCookies);
      }

      /** Which session, and how many lines: these hold cookies (TH-SEC-3). */
      @Override
      public String toString() {
        return "Found[" + session.key() + ", " + setCookies.size() + " lines]";
      }
    }

    /**
     * No session.
     *
     * @param presented whether the browser brought a cookie, so that one may speak of an end
     * @param ambiguous whether there was more than one (TH-SES-7)
     */
    record None(boolean presented, boolean ambiguous) implements Lookup {}

    /** The store cannot be reached: 503, never anonymous (TH-SES-14). */
    record Unavailable() implements Lookup {}
  }

  /** What came of making a session. */
  sealed interface Created {
    /**
     * Made.
     *
     * @param setCookies lines for the answer
     */
    record Made(Session session, List<String> setCookies) implements Created {
      public Made {
        setCookies = List.copyOf(setCookies);
      }

      /** Which session, and how many lines: these hold cookies (TH-SEC-3). */
      @Override
      public String toString() {
        return "Made[" + session.key() + ", " + setCookies.size() + " lines]";
      }
    }

    /** It does not fit into cookies (TH-SES-12). */
    record TooLarge() implements Created {}

    /** The store cannot be reached. */
    record Unavailable() implements Created {}
  }
}
