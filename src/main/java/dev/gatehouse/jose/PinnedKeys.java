package dev.gatehouse.jose;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.OpClient;
import dev.gatehouse.backchannel.OpEndpoint;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.backchannel.OpReply;
import dev.gatehouse.backchannel.Pause;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OP's signing keys, from its {@code jwks_uri} and from nowhere else (RFC 8725 §3.10). The last
 * good ones are used while the OP cannot be asked. Safe for concurrent use; callers who need the
 * same fetch share it.
 */
public final class PinnedKeys {
  private static final Logger LOG = LoggerFactory.getLogger(PinnedKeys.class);
  private static final Duration FAILURE_MEMORY = Duration.ofSeconds(1);

  private final OpClient client;
  private final Supplier<Optional<URI>> jwksUri;
  private final Pause failureMemory;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile SigningKeys lastGood;
  private OpFailure lastFailure = OpFailure.NOT_DISCOVERED; // guarded by fetching

  /**
   * Knows no keys yet.
   *
   * @param jwksUri empty while the metadata is not known
   */
  public PinnedKeys(OpClient client, Supplier<Optional<URI>> jwksUri, Clock clock) {
    this.client = client;
    this.jwksUri = jwksUri;
    this.failureMemory = new Pause(clock);
  }

  /** What is known of the keys. */
  sealed interface Answer {
    /** These are the keys. */
    record Known(SigningKeys keys) implements Answer {}

    /** They could not be fetched. */
    record Unknown(OpFailure failure) implements Answer {}
  }

  /** The keys as far as they are known now; never blocks. */
  Optional<SigningKeys> known() {
    return Optional.ofNullable(lastGood);
  }

  /** The keys; fetched where none are known. */
  Answer keys(Deadline deadline) {
    SigningKeys known = lastGood;
    return known != null ? new Answer.Known(known) : locked(this::first, deadline);
  }

  /**
   * Keys that are newer than {@code seen}, which did not do. {@code seen} itself comes back where
   * {@code budget} allows no fetch.
   */
  Answer newerThan(SigningKeys seen, RefetchBudget budget, Deadline deadline) {
    return locked(limit -> newer(seen, budget, limit), deadline);
  }

  /** Fetches the keys where none are known. Blocks. */
  public Optional<OpFailure> load(Deadline deadline) {
    return failure(keys(deadline));
  }

  /** Fetches the keys anew; keeps the last good ones when that fails. Blocks. */
  public Optional<OpFailure> refresh(Deadline deadline) {
    return failure(locked(this::fetch, deadline));
  }

  private static Optional<OpFailure> failure(Answer answer) {
    return answer instanceof Answer.Unknown unknown
        ? Optional.of(unknown.failure())
        : Optional.empty();
  }

  private Answer first(Deadline deadline) {
    if (lastGood != null) {
      return new Answer.Known(lastGood); // fetched by who held the lock before
    }
    if (failureMemory.lasts()) {
      return new Answer.Unknown(lastFailure);
    }
    return fetch(deadline);
  }

  private Answer newer(SigningKeys seen, RefetchBudget budget, Deadline deadline) {
    if (lastGood != null && lastGood != seen) {
      return new Answer.Known(lastGood);
    }
    if (!budget.spend()) {
      return new Answer.Known(seen);
    }
    Answer answer = fetch(deadline);
    if (answer instanceof Answer.Unknown) {
      budget.fetchFailed();
    }
    return answer;
  }

  private Answer fetch(Deadline deadline) {
    Optional<URI> uri = jwksUri.get();
    if (uri.isEmpty()) {
      return new Answer.Unknown(OpFailure.NOT_DISCOVERED);
    }
    OpReply reply = client.get(OpEndpoint.JWKS, uri.get(), deadline);
    OpFailure failure = OpFailure.NONSENSE;
    if (reply instanceof OpReply.Answered answered && answered.status() == 200) {
      Optional<SigningKeys> keys = SigningKeys.parse(answered.body());
      if (keys.isPresent()) {
        lastGood = keys.get();
        return new Answer.Known(lastGood);
      }
      LOG.warn("the OP's JWKS holds no usable key; {}", lastGood == null ? "none known" : "kept");
    } else if (reply instanceof OpReply.Failed failed) {
      failure = failed.failure();
    }
    lastFailure = failure;
    failureMemory.begin(FAILURE_MEMORY);
    return new Answer.Unknown(failure);
  }

  private interface Fetch {
    Answer by(Deadline deadline);
  }

  private Answer locked(Fetch fetch, Deadline deadline) {
    try {
      if (!fetching.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
        return new Answer.Unknown(OpFailure.TIMED_OUT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.Unknown(OpFailure.TIMED_OUT);
    }
    try {
      return fetch.by(deadline);
    } finally {
      fetching.unlock();
    }
  }
}
