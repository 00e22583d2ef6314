package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** A test class that runs as a whole through each of the doors. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(Doors.class)
@ExtendWith(LeakWatch.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ContractTest {
  /** The door of this round. */
  @Parameter protected DoorKind door;

  /** One gateway for all tests of this round. */
  protected Scene scene;

  /** What this class changes in the plain configuration, as YAML. */
  protected String configuration() {
    return "";
  }

  /** What this class changes at the OP before the gateway starts. */
  protected void provider(StubOp op) {}

  /** Opens the gateway of this round. */
  protected Scene open(DoorKind kind) {
    return Scene.open(kind, configuration(), this::provider);
  }

  @BeforeParameterizedClassInvocation
  void open() {
    scene = open(door);
  }

  @AfterParameterizedClassInvocation
  void close() {
    scene.close();
  }

  /** Makes the OP right again. */
  protected void mend() {
    scene.op().mend();
  }

  @BeforeEach
  void beginAnew() {
    mend();
    scene.clock().run();
    scene.op().forgetCalls();
    scene.app().forget();
  }

  /** No code was sent anywhere. */
  protected void assertNoTokenCall() {
    assertThat(scene.op().calls("token")).isEmpty();
  }

  /** The app saw nothing. */
  protected void assertAppUnreached() {
    assertThat(scene.app().seen()).isEmpty();
  }

  /** {@code browser} has no session, whatever its cookies say. */
  protected void assertNoSession(Browser browser) {
    Reply reply =
        browser.send(Ask.get("/gatehouse/session").kind(Ask.Kind.XHR).site("same-origin"));
    assertThat(reply.status()).as("%s", reply).isEqualTo(401);
  }

  /** {@code browser} has a session of that user. */
  protected void assertSession(Browser browser, String subject) {
    Reply reply =
        browser.send(Ask.get("/gatehouse/session").kind(Ask.Kind.XHR).site("same-origin"));
    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    assertThat(Json.object(reply.body())).containsEntry("subject", subject);
  }

  /** A page of the gateway that refuses, leaks nothing to caches and frames, and runs nothing. */
  protected void assertRefused(Reply reply, int status) {
    assertThat(reply.status()).as("%s", reply).isEqualTo(status);
    assertThat(App.made(reply)).isFalse();
    assertOwnHeaders(reply);
    assertThat(reply.text()).doesNotContainIgnoringCase("<script");
    assertThat(reply.cookies())
        .noneMatch(c -> c.name().equals(Scene.SESSION_COOKIE) && !c.deletes());
  }

  /** What every answer of the gateway itself carries (TH-CB-8). */
  protected void assertOwnHeaders(Reply reply) {
    assertThat(reply.header("Cache-Control")).contains("no-store");
    assertThat(reply.header("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(reply.header("Content-Security-Policy"))
        .contains("default-src 'none'")
        .contains("frame-ancestors 'none'");
  }

  /** The user asked for a page and is sent to the OP. */
  protected void assertSentToOp(Reply reply) {
    assertThat(reply.status()).as("%s", reply).isEqualTo(302);
    assertThat(reply.location()).startsWith(scene.op().issuer() + "/authorize?");
  }
}
