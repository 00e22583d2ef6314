package dev.gatehouse.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.gate.ClientRequest;
import dev.gatehouse.gate.Decider;
import dev.gatehouse.gate.Decision;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.page.Page;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A gate that decides what a test tells it, and counts. */
final class FakeGate implements Decider {
  private final AtomicInteger judged = new AtomicInteger();
  private volatile Function<ClientRequest, Decision> decides;

  FakeGate() {
    decideAlways(request -> new Decision.ToApp(FakeForward.as("alice").to(request)));
  }

  /** From now on. */
  void decideAlways(Function<ClientRequest, Decision> decision) {
    decides = decision;
    judged.set(0);
  }

  /** How many requests were judged since the last {@link #decideAlways}. */
  int judged() {
    return judged.get();
  }

  static Decision.Answer answer(int status, String text) {
    return new Decision.Answer(
        status,
        List.of(
            new HeaderField("Content-Type", "text/plain;charset=utf-8"),
            new HeaderField("Set-Cookie", "gh_t.1=; Max-Age=0"),
            new HeaderField("Set-Cookie", "gh_s=new; Path=/")),
        text.getBytes(UTF_8),
        "test");
  }

  @Override
  public Decision decide(ClientRequest request) {
    judged.incrementAndGet();
    return decides.apply(request);
  }

  @Override
  public Decision.Answer failure(
      ClientRequest request, int status, Page.Kind kind, String reason, Throwable cause) {
    return answer(status, "gateway: " + kind + " " + reason);
  }
}
