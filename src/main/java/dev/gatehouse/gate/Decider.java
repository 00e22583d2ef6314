package dev.gatehouse.gate;

import dev.gatehouse.page.Page;

/** What a door asks: the engine, seen from outside. Safe for concurrent use. */
public interface Decider {
  /** What happens to {@code request}. Never blocks, never throws for what a client sends. */
  Decision decide(ClientRequest request);

  /**
   * The page or problem document for something that went wrong in a door: the upstream is down or
   * slow, a request is too large, a bug.
   *
   * @param reason one fixed word for the audit log
   * @param cause for the log only; null where there is none
   */
  Decision.Answer failure(
      ClientRequest request, int status, Page.Kind kind, String reason, Throwable cause);
}
