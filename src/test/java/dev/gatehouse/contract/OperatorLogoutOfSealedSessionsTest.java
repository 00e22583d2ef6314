package dev.gatehouse.contract;

/** The same with sessions that browsers keep. */
class OperatorLogoutOfSealedSessionsTest extends OperatorLogoutTest {
  @Override
  protected String configuration() {
    return "session: {store: cookie}";
  }
}
