package dev.gatehouse.conformance;

/** {@code oidcc-client-formpost-basic-certification-test-plan}: the same, answered by a form. */
class FormPostBasicRpTest extends BasicRpTest {
  @Override
  protected String configuration() {
    return "provider: {userinfo: always, signing-algorithms: [RS256], response-mode: form_post}";
  }
}
