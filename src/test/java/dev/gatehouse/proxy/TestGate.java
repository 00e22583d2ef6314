package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.gate.AnswerPolicy;
import dev.gatehouse.gate.BodyRelay;
import dev.gatehouse.gate.ClientRequest;
import dev.gatehouse.gate.Decider;
import dev.gatehouse.gate.Decision;
import dev.gatehouse.gate.Forward;
import dev.gatehouse.gate.RequestPath;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.page.Page;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Stands in for the engine: lets every request pass to the app with an identity, except for a few
 * paths that show the other decisions.
 */
final class TestGate implements Decider {
  static final String USER = "alice";

  /** How much of a body of {@code /peek} is read ahead. */
  static final int PEEK = 64 * 1024;

  /** What the end of a body adds to {@link #watched}. */
  static final long ENDED = 1L << 40;

  private static final AccessRule RULE =
      new AccessRule("/**", Set.of(), AccessRule.Access.ANONYMOUS, Map.of(), Set.of(), 0);

  private final List<String> peers = new CopyOnWriteArrayList<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private volatile BooleanSupplier session = () -> true;
  private final AtomicLong watched = new AtomicLong();
  private final BlockingQueue<Boolean> holdsAsked = new LinkedBlockingQueue<>();
  private volatile WeakReference<ClientRequest> last;
  private final CompletableFuture<Decision> pending = new CompletableFuture<>();

  /** How many bytes of {@code /peek} have passed behind the beginning. */
  AtomicLong watched() {
    return watched;
  }

  private record Watch(byte[] start, AtomicLong passed) implements BodyRelay {
    @Override
    public void passing(ByteBuffer bytes) {
      passed.addAndGet(bytes.remaining());
    }

    @Override
    public void ended() {
      passed.addAndGet(ENDED);
    }
  }

  /** The reasons of all failures, in order. */
  List<String> failures() {
    return failures;
  }

  /** From now on no tunnel may go on. */
  void endSession() {
    session = () -> false;
  }

  /** From now on nobody can tell whether a tunnel may go on. */
  void loseSessions() {
    session =
        () -> {
          throw new IllegalStateException("a bug");
        };
  }

  /** Each time that a tunnel asked whether it may go on: whether it had been used. */
  BlockingQueue<Boolean> holdsAsked() {
    return holdsAsked;
  }

  /** Whose requests there have been, in order. */
  List<String> peers() {
    return peers;
  }

  /** The latest request, as long as anybody else has it. */
  WeakReference<ClientRequest> last() {
    return last;
  }

  @Override
  public Decision decide(ClientRequest request) {
    peers.add(request.peerAddress());
    last = new WeakReference<>(request);
    return switch (request.rawPath()) {
      case "/refused" ->
          new Decision.Answer(
              401, List.of(new HeaderField("X-Gate", "no")), "refused".getBytes(UTF_8), "refused");
      case "/pending" -> new Decision.Pending(pending);
      case "/undecided" -> new Decision.Pending(CompletableFuture.completedFuture(null));
      case "/form" -> new Decision.NeedsBody(16, body -> answer(200, new String(body, UTF_8)));
      case "/peek" ->
          new Decision.PeeksBody(
              PEEK,
              start -> {
                Decision.ToApp toApp =
                    new Decision.ToApp(
                        new TestForward(request, () -> session.getAsBoolean(), holdsAsked));
                return new Decision.ToApp(
                    toApp.forward(), Optional.of(new Watch(start.bytes(), watched)));
              });
      case "/bug" -> throw new IllegalStateException("a bug");
      default ->
          new Decision.ToApp(new TestForward(request, () -> session.getAsBoolean(), holdsAsked));
    };
  }

  /** Ends the wait of {@code /pending}. */
  void decidePending() {
    pending.complete(answer(200, "at last"));
  }

  @Override
  public Decision.Answer failure(
      ClientRequest request, int status, Page.Kind kind, String reason, Throwable cause) {
    failures.add(reason);
    return answer(status, kind + " " + reason);
  }

  private static Decision.Answer answer(int status, String body) {
    return new Decision.Answer(status, List.of(), body.getBytes(UTF_8), "test");
  }

  private record TestForward(
      ClientRequest request, BooleanSupplier session, BlockingQueue<Boolean> holdsAsked)
      implements Forward {
    @Override
    public PublicUrl publicUrl() {
      boolean docs = "docs.example".equals(request.authority());
      return new PublicUrl("https", docs ? "docs.example" : "app.example", "");
    }

    @Override
    public RequestPath path() {
      return new RequestPath(request.rawPath().split(";")[0], request.rawPath(), false);
    }

    @Override
    public String rawQuery() {
      return request.rawQuery();
    }

    @Override
    public Optional<Identity> identity() {
      return Optional.empty();
    }

    @Override
    public AccessRule rule() {
      return RULE;
    }

    @Override
    public boolean stillHolds(boolean used) {
      holdsAsked.add(used);
      return session.getAsBoolean();
    }

    @Override
    public boolean removes(String name) {
      return name.toLowerCase(Locale.ROOT).replace('_', '-').equals("x-gatehouse-user");
    }

    @Override
    public String referer(String value) {
      return value;
    }

    @Override
    public String cookie(String value) {
      return value.startsWith("gh_s=") ? null : value;
    }

    @Override
    public List<HeaderField> added() {
      return List.of(new HeaderField("X-Gatehouse-User", USER));
    }

    @Override
    public AnswerPolicy answer() {
      return TestPolicy.INSTANCE;
    }
  }

  private enum TestPolicy implements AnswerPolicy {
    INSTANCE;

    @Override
    public String field(String name, String value) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "x-drop" -> null;
        case "x-change" -> "changed";
        case "x-bug" -> throw new IllegalStateException("a bug");
        default -> value;
      };
    }

    @Override
    public List<HeaderField> defaults() {
      return List.of(new HeaderField("Cache-Control", "private, no-store"));
    }

    @Override
    public List<HeaderField> added() {
      return List.of(new HeaderField("Vary", "Cookie"));
    }
  }
}
