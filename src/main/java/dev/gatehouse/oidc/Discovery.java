package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.Deadline;
import dev.gatehouse.backchannel.OpClient;
import dev.gatehouse.backchannel.OpEndpoint;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.backchannel.OpReply;
import dev.gatehouse.backchannel.Pause;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.Endpoints;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the OP's metadata (OpenID Connect Discovery §4). The last good ones stay in use when a
 * later reading fails (TH-CFG-16). An endpoint that stands in the configuration wins; with the
 * authorization endpoint there, nothing is read at all. Safe for concurrent use; callers at the
 * same time share one reading.
 */
public final class Discovery {
  private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
  private static final MetadataRefusal REDIRECT =
      new MetadataRefusal(
          "discovery-redirect", "it redirects, and no redirect is followed; configure its target");
  private static final Duration FAILURE_MEMORY = Duration.ofSeconds(1);

  private final URI location;
  private final Endpoints configured;
  private final boolean strict;
  private final OpClient client;
  private final MetadataRules rules;
  private final OfferedAuthentication authentication;
  private final Pause failureMemory;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile ProviderMetadata lastGood;
  private volatile List<String> weaknesses = List.of();
  private OpFailure lastFailure = OpFailure.NOT_DISCOVERED; // guarded by reading
  private String lastRefusal = ""; // guarded by reading
  private volatile MetadataRefusal refusal;

  /**
   * @param strict whether an OP with a known weakness is refused (TH-CFG-13)
   */
  Discovery(
      Provider provider,
      OpClient client,
      MetadataRules rules,
      OfferedAuthentication authentication,
      boolean strict,
      Clock clock) {
    this.location = location(provider.issuer());
    this.configured = provider.endpoints();
    this.client = client;
    this.rules = rules;
    this.authentication = authentication;
    this.strict = strict;
    this.failureMemory = new Pause(clock);
    if (isConfigured()) {
      accept(ProviderMetadata.of(configured), MetadataWeaknesses.ofUndiscovered(provider));
    }
  }

  private boolean isConfigured() {
    return configured.authorization().isPresent();
  }

  // Discovery §4.1: a terminating slash of the issuer is removed first.
  private static URI location(String issuer) {
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    return URI.create(base + "/.well-known/openid-configuration");
  }

  /** The metadata; empty while they have not been read. */
  public Optional<ProviderMetadata> metadata() {
    return Optional.ofNullable(lastGood);
  }

  /** What is wrong with the metadata that the OP served last; empty where nothing was, or none. */
  public Optional<MetadataRefusal> refusal() {
    return Optional.ofNullable(refusal);
  }

  /** What makes the OP less safe than it could be, one word each, as far as it is known now. */
  public List<String> weaknesses() {
    return weaknesses;
  }

  /**
   * Reads the metadata where they are not known. After a failed reading the failure is remembered
   * for a second, so that a crowd of logins does not ask an OP that is down one by one.
   *
   * @return empty when the metadata are known now
   */
  public Optional<OpFailure> discover(Deadline deadline) {
    if (isConfigured()) {
      return lastGood != null ? Optional.empty() : Optional.of(OpFailure.METADATA_REFUSED);
    }
    return lastGood != null ? Optional.empty() : locked(deadline, false);
  }

  /** Reads the metadata again, whatever is known. */
  Optional<OpFailure> refresh(Deadline deadline) {
    return isConfigured() ? discover(deadline) : locked(deadline, true);
  }

  private Optional<OpFailure> locked(Deadline deadline, boolean again) {
    try {
      if (!reading.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
        return Optional.of(OpFailure.TIMED_OUT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(OpFailure.TIMED_OUT);
    }
    try {
      if (!again && lastGood != null) {
        return Optional.empty();
      }
      return !again && failureMemory.lasts() ? Optional.of(lastFailure) : read(deadline);
    } finally {
      reading.unlock();
    }
  }

  private Optional<OpFailure> read(Deadline deadline) {
    OpReply reply = client.get(OpEndpoint.DISCOVERY, location, deadline);
    if (reply instanceof OpReply.Failed failed) {
      // RFC 8414 §6: who may redirect us may also send us to an address of his choice (TH-CFG-3).
      refusal = failed.failure() == OpFailure.REDIRECTED ? REDIRECT : null;
      return failed(failed.failure());
    }
    if (!(reply instanceof OpReply.Answered answered) || answered.status() != 200) {
      LOG.warn("the OP has no metadata at {}", location);
      return failed(OpFailure.NONSENSE);
    }
    MetadataRules.Reading reading = rules.read(answered.body());
    if (reading instanceof MetadataRules.Reading.Accepted accepted) {
      Optional<String> misfit = authentication.misfit(answered.body());
      if (strict && misfit.isPresent()) {
        report(new MetadataRules.Reading.Refused("client-auth-unsupported", misfit.get()));
        return failed(OpFailure.METADATA_REFUSED);
      }
      if (lastGood == null) {
        misfit.ifPresent(text -> LOG.warn("logins may fail: {} [client-auth-unsupported]", text));
      }
      return accept(accepted.metadata().with(configured), MetadataWeaknesses.of(answered.body()))
          ? Optional.empty()
          : failed(OpFailure.METADATA_REFUSED);
    }
    if (reading instanceof MetadataRules.Reading.Refused refused) {
      report(refused);
    }
    return failed(OpFailure.METADATA_REFUSED);
  }

  private boolean accept(ProviderMetadata read, List<String> found) {
    weaknesses = found;
    if (strict && !found.isEmpty()) {
      report(
          new MetadataRules.Reading.Refused(
              found.get(0),
              "the OP is weaker than strict allows: "
                  + String.join(" ", found)
                  + "; mend that at the OP, or remove strict"));
      return false;
    }
    refusal = null;
    lastRefusal = "";
    ProviderMetadata earlier = lastGood;
    if (earlier == null) {
      LOG.info("endpoints of the OP read from {}", isConfigured() ? "the configuration" : location);
      if (!found.isEmpty()) {
        LOG.warn("the OP is weaker than it could be: {}", String.join(" ", found));
      }
      lastGood = read;
      return true;
    }
    if (earlier.promisesIssuerParameter() && !read.promisesIssuerParameter()) {
      LOG.warn("the OP no longer promises the iss parameter; it is required nevertheless");
    }
    lastGood = read.keepingPromisesOf(earlier);
    return true;
  }

  // Once per finding: the reading is tried again every few seconds.
  private void report(MetadataRules.Reading.Refused refused) {
    refusal = new MetadataRefusal(refused.reason(), refused.detail());
    if (!refused.toString().equals(lastRefusal)) {
      LOG.error(
          "{} refused: {}: {}; {}",
          isConfigured() ? "the configured OP" : "metadata at " + location,
          refused.reason(),
          refused.detail(),
          lastGood == null ? "nobody can sign in" : "the last good ones stay in use");
      lastRefusal = refused.toString();
    }
  }

  private Optional<OpFailure> failed(OpFailure failure) {
    lastFailure = failure;
    failureMemory.begin(FAILURE_MEMORY);
    return Optional.of(failure);
  }
}
