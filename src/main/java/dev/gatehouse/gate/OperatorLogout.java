package dev.gatehouse.gate;

import dev.gatehouse.backchannel.LogText;
import dev.gatehouse.oidc.Providers;
import dev.gatehouse.session.Revocations;
import java.time.Clock;
import java.util.regex.Pattern;

/** Ends sessions as an operator says, and audits it. Safe for concurrent use. */
final class OperatorLogout implements SessionControl {
  private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{8}");

  private final Providers providers;
  private final Revocations revocations;
  private final OpLogoutEndpoints.BearerForgetting bearers;
  private final Audit audit;
  private final Clock clock;

  OperatorLogout(
      Providers providers,
      Revocations revocations,
      OpLogoutEndpoints.BearerForgetting bearers,
      Audit audit,
      Clock clock) {
    this.providers = providers;
    this.revocations = revocations;
    this.bearers = bearers;
    this.audit = audit;
    this.clock = clock;
  }

  @Override
  public void endSession(String fingerprint) {
    if (fingerprint == null || !FINGERPRINT.matcher(fingerprint).matches()) {
      throw new IllegalArgumentException(
          "a session is named by the eight hex digits that the audit log shows");
    }
    revocations.endSession(fingerprint, clock.instant());
    audit.operator("session", fingerprint, "");
  }

  @Override
  public void endSubject(String issuer, String subject) {
    if (issuer == null || providers.atIssuer(issuer).isEmpty()) {
      throw new IllegalArgumentException(
          "no provider has the issuer " + LogText.clean(issuer) + "; write it as configured");
    }
    if (subject == null || subject.isEmpty()) {
      throw new IllegalArgumentException("a user is named by issuer and subject");
    }
    revocations.endSubject(issuer, subject, clock.instant());
    bearers.forgetSubject(issuer, subject);
    audit.operator("subject", subject, issuer);
  }
}
