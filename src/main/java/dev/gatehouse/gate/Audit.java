package dev.gatehouse.gate;

import dev.gatehouse.backchannel.LogText;
import dev.gatehouse.hygiene.Leak;
import dev.gatehouse.hygiene.LogCleaner;
import dev.gatehouse.session.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes one line per refusal, sign-in and sign-out (TH-SEC-8): time, event, reason, route, session
 * hash, client address. Never a token, code, state, cookie or query (TH-SEC-6); what comes from
 * outside is cleaned and cut (TH-SEC-7). Safe for concurrent use.
 */
final class Audit {
  private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.audit");
  private static final int MAX_TEXT = 200;

  private final Measurements measurements;
  private final LogCleaner cleaner;

  Audit(Measurements measurements, LogCleaner cleaner) {
    this.measurements = measurements;
    this.cleaner = cleaner;
  }

  /**
   * Notes a refusal.
   *
   * @param reason one fixed word
   * @param cause for the operator; null where there is none
   */
  void refusal(
      ClientRequest request,
      String client,
      int status,
      String reason,
      String incidentId,
      Throwable cause) {
    measurements.refused(status, reason);
    // What a client may do all day is DEBUG; 5xx is somebody's to look at.
    LoggingEventBuilder event =
        status >= 500 ? LOG.atWarn() : status == 401 ? LOG.atDebug() : LOG.atInfo();
    event = about(event, request, client);
    if (cause != null) {
      event = event.setCause(LoggedCause.of(cause, cleaner));
    }
    event
        .addKeyValue("event", "refused")
        .addKeyValue("status", status)
        .addKeyValue("reason", reason)
        .addKeyValue("incident", incidentId)
        .log("refused");
  }

  /** Notes what happened to a session: {@code sign-in}, {@code sign-out}, {@code user-switch}. */
  void session(String event, ClientRequest request, String client, Session session) {
    about(LOG.atInfo(), request, client)
        .addKeyValue("event", event)
        .addKeyValue("session", session.key().fingerprint())
        .addKeyValue("subject", clean(session.identity().subject()))
        .addKeyValue("issuer", clean(session.identity().issuer()))
        .log(event);
  }

  /** Notes that an operator ended the sessions of {@code whom}. */
  void operator(String what, String whom, String issuer) {
    LOG.atInfo()
        .addKeyValue("event", "operator-sign-out")
        .addKeyValue(what, clean(whom))
        .addKeyValue("issuer", clean(issuer))
        .log("operator-sign-out");
  }

  /** Notes a token where it does not belong, by its fingerprint (TH-LEAK-6). */
  void leak(Leak leak) {
    LOG.atInfo()
        .addKeyValue("event", "token-leak")
        .addKeyValue("route", clean(leak.route()))
        .addKeyValue("name", leak.name())
        .addKeyValue("place", leak.place().word())
        .addKeyValue("outcome", leak.outcome().word())
        .addKeyValue("fingerprint", leak.fingerprint())
        .addKeyValue("second-decoding", leak.secondDecoding())
        .addKeyValue("referring-host", leak.referringHost())
        .addKeyValue("agent", leak.agentFamily())
        .log("token-leak");
  }

  private LoggingEventBuilder about(
      LoggingEventBuilder event, ClientRequest request, String client) {
    return event
        .addKeyValue("method", clean(request.method()))
        .addKeyValue("path", path(request))
        .addKeyValue("client", clean(client));
  }

  private String path(ClientRequest request) {
    return request.rawPath() == null ? "" : clean(cleaner.path(request.rawPath()));
  }

  /** Printable text of at most {@value #MAX_TEXT} characters: no control, no bidi override. */
  static String clean(String text) {
    if (text == null) {
      return "";
    }
    StringBuilder clean = new StringBuilder(Math.min(text.length(), MAX_TEXT));
    text.codePoints()
        .limit(MAX_TEXT)
        .forEach(c -> clean.appendCodePoint(LogText.printable(c) ? c : '\uFFFD'));
    return clean.toString();
  }
}
