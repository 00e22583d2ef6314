package dev.gatehouse.gate;

/** Counts the logins that fail, whichever step it was. Safe for concurrent use. */
final class LoginCounts {
  private final Measurements measurements;

  LoginCounts(Measurements measurements) {
    this.measurements = measurements;
  }

  /** {@code decision}, which is counted when it turns out to be a refusal. */
  Decision counted(Decision decision) {
    if (decision instanceof Decision.Answer answer) {
      if (answer.status() >= 400) {
        measurements.loginFailed(answer.reason());
      }
      return answer;
    }
    if (decision instanceof Decision.Pending pending) {
      return new Decision.Pending(
          pending.outcome().thenApply(this::counted),
          pending.room(),
          () -> counted(pending.crowded().get()));
    }
    if (decision instanceof Decision.NeedsBody needsBody) {
      return new Decision.NeedsBody(
          needsBody.maxBytes(), body -> counted(needsBody.then().apply(body)));
    }
    return decision;
  }
}
