package dev.gatehouse.gate;

import dev.gatehouse.identity.HeaderField;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What happens to a request. A door carries it out and decides nothing itself. */
public sealed interface Decision {
  /** This decision with {@code change} applied to what goes on to the app, now or later. */
  default Decision onward(UnaryOperator<Forward> change) {
    return atApp(toApp -> new ToApp(change.apply(toApp.forward()), toApp.body()));
  }

  /**
   * This decision, with what {@code next} makes of it where the app is to be asked, now or later.
   */
  default Decision atApp(Function<ToApp, Decision> next) {
    if (this instanceof ToApp toApp) {
      return next.apply(toApp);
    }
    if (this instanceof Pending pending) {
      return new Pending(
          pending.outcome().thenApply(outcome -> outcome.atApp(next)),
          pending.room(),
          () -> pending.crowded().get().atApp(next));
    }
    if (this instanceof NeedsBody needsBody) {
      return new NeedsBody(needsBody.maxBytes(), body -> needsBody.then().apply(body).atApp(next));
    }
    if (this instanceof PeeksBody peek) {
      return new PeeksBody(peek.maxBytes(), start -> peek.then().apply(start).atApp(next));
    }
    return this;
  }

  /**
   * The app is asked. The door removes, rewrites and adds header fields as {@link Forward} says.
   *
   * @param body what becomes of a body that was peeked at; empty for no change
   */
  record ToApp(Forward forward, Optional<BodyRelay> body) implements Decision {
    public ToApp {
      Objects.requireNonNull(forward, "forward");
      Objects.requireNonNull(body, "body");
    }

    /** The body goes on as it comes, whether it was peeked at or not. */
    public ToApp(Forward forward) {
      this(forward, Optional.empty());
    }
  }

  /**
   * The gateway answers; the app sees nothing. For HEAD the door sends no body.
   *
   * @param headers field lines in order; Content-Length is the door's
   * @param body at most a page; empty for none
   * @param reason why, as one fixed word for the audit log
   */
  record Answer(int status, List<HeaderField> headers, byte[] body, String reason)
      implements Decision {
    public Answer {
      headers = List.copyOf(headers);
      Objects.requireNonNull(body, "body");
      Objects.requireNonNull(reason, "reason");
    }

    /** Without the values of fields, which may be cookies, and without the page (TH-SEC-3). */
    @Override
    public String toString() {
      return "Answer[" + status + ", " + reason + ", " + headers + "]";
    }
  }

  /**
   * The OP has to be asked first. The stage never completes exceptionally and always completes
   * within the deadline of calls to the OP.
   *
   * @param room where a door waits that spends a thread on it
   * @param crowded what such a door does at once when the room is full
   */
  record Pending(CompletionStage<Decision> outcome, WaitingRoom room, Supplier<Decision> crowded)
      implements Decision {
    public Pending {
      Objects.requireNonNull(outcome, "outcome");
      Objects.requireNonNull(room, "room");
      Objects.requireNonNull(crowded, "crowded");
    }

    /** Waits for a call of its own, of which there are only so many. */
    public Pending(CompletionStage<Decision> outcome) {
      this(
          outcome,
          WaitingRoom.unbounded(),
          () -> {
            throw new IllegalStateException("never full");
          });
    }
  }

  /**
   * A body is needed first: of a form that is sent to the gateway itself.
   *
   * @param maxBytes a longer body gets 413 without being read
   * @param then must not be called more than once
   */
  record NeedsBody(int maxBytes, Function<byte[], Decision> then) implements Decision {
    public NeedsBody {
      Objects.requireNonNull(then, "then");
    }
  }

  /**
   * The beginning of a body on its way to the app is looked at first (TH-LEAK-3). The door reads it
   * ahead, and sends it on with the rest when the outcome is {@link ToApp}.
   *
   * @param maxBytes how much is read ahead at most; a longer body is not refused for that
   * @param then must not be called more than once
   */
  record PeeksBody(int maxBytes, Function<BodyStart, Decision> then) implements Decision {
    public PeeksBody {
      Objects.requireNonNull(then, "then");
    }
  }
}
