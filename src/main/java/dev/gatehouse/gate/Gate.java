package dev.gatehouse.gate;

import dev.gatehouse.config.ConfigProblem;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.oidc.OpenIdProvider;
import dev.gatehouse.page.Page;
import dev.gatehouse.report.LeakCsv;
import dev.gatehouse.report.LeakJson;
import dev.gatehouse.report.LeakReading;
import dev.gatehouse.report.LeakSummary;
import dev.gatehouse.token.TokenVerifier;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The engine: decides what happens to a request. One for both doors. Safe for concurrent use;
 * {@link #decide} never blocks and never throws for what a client or an OP sends.
 */
public final class Gate implements Decider, AutoCloseable {
  /** Methods that reach into the proxy itself or reflect the request (RFC 9110 §9.3.6, §9.3.8). */
  private static final Set<String> REFUSED_METHODS = Set.of("TRACE", "TRACK", "CONNECT");

  private static final String ALLOWED_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

  private final GateAssembly assembly;
  private final Clock clock;
  private final SessionControl sessions;
  private final HostNames hostNames;
  private final boolean sharedRedirectUri;
  private final Map<PublicUrl, HostGate> hosts;

  private Gate(GatehouseConfig config, GateAssembly assembly, Clock clock) {
    this.assembly = assembly;
    this.clock = clock;
    this.sessions = assembly.sessionControl();
    this.sharedRedirectUri = config.login().sharedRedirectUri() && config.providers().size() > 1;
    this.hosts =
        assembly.hosts(this::judge).stream()
            .collect(Collectors.toUnmodifiableMap(HostGate::publicUrl, Function.identity()));
    this.hostNames = new HostNames(config.publicUrls(), assembly.clientAddress());
  }

  /**
   * Builds the engine. Does no I/O to the OP before it returns: metadata is read in the background,
   * so an OP that is down stops nothing but logins.
   */
  public static Gate open(GatehouseConfig config, Clock clock, SecureRandom random) {
    return open(config, clock, random, Measurements.NONE);
  }

  /**
   * As the other one.
   *
   * @param measurements is told what the engine does
   */
  public static Gate open(
      GatehouseConfig config, Clock clock, SecureRandom random, Measurements measurements) {
    return new Gate(config, new GateAssembly(config, clock, random, measurements), clock);
  }

  @Override
  public Decision decide(ClientRequest request) {
    return guarded(request, () -> judge(request));
  }

  /** A bug of ours must neither open the gate nor take the door down, at whatever step it shows. */
  private Decision guarded(ClientRequest request, Supplier<Decision> step) {
    try {
      Decision decision = step.get();
      if (decision instanceof Decision.Pending pending) {
        return new Decision.Pending(
            pending.outcome().handle((outcome, bug) -> bug == null ? outcome : bug(request, bug)),
            pending.room(),
            () -> guarded(request, pending.crowded()));
      }
      if (decision instanceof Decision.NeedsBody needsBody) {
        return new Decision.NeedsBody(
            needsBody.maxBytes(), body -> guarded(request, () -> needsBody.then().apply(body)));
      }
      if (decision instanceof Decision.PeeksBody peek) {
        return new Decision.PeeksBody(
            peek.maxBytes(), start -> guarded(request, () -> peek.then().apply(start)));
      }
      return decision;
    } catch (RuntimeException bug) {
      return bug(request, bug);
    }
  }

  private Decision bug(ClientRequest request, Throwable bug) {
    return failure(request, 500, Page.Kind.INTERNAL_ERROR, "bug", bug);
  }

  @Override
  public Decision.Answer failure(
      ClientRequest request, int status, Page.Kind kind, String reason, Throwable cause) {
    Answers.Refusal refusal = assembly.answers().refuse(request, status, kind, reason).cause(cause);
    if (status == 503) {
      refusal.retryAfterSeconds(5);
    }
    return refusal.action("/").answer();
  }

  /**
   * Waits for the metadata of every OP, so that a configuration that does not fit an OP is told at
   * start and not by the first user (TH-CFG-2). An OP that is down or slow is no reason not to
   * start.
   *
   * @param patience at most so long
   * @return what is wrong with the metadata; empty where nothing is, or nothing is known yet
   */
  public List<ConfigProblem> awaitProviders(Duration patience) {
    CompletableFuture<?> readings =
        CompletableFuture.allOf(
            assembly.providers().all().stream()
                .map(op -> assembly.opCalls().to(op).call(op::discover, Optional::of))
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture<?>[]::new));
    try {
      readings.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // What has been read by now is told.
      return refusals();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (ExecutionException e) {
      throw new IllegalStateException("reading the metadata never fails but by a bug", e);
    }
    return refusals();
  }

  private List<ConfigProblem> refusals() {
    return assembly.providers().all().stream()
        .flatMap(
            provider ->
                Stream.concat(
                    provider.refusal().stream()
                        .map(
                            refusal ->
                                misfit(
                                    provider,
                                    refusal.reason(),
                                    "the metadata of the OpenID provider cannot be used: "
                                        + refusal.detail())),
                    mixUp(provider).stream()))
        .toList();
  }

  /** RFC 9207 §2.4: with one redirect URI for several OPs each answer must say whose it is. */
  private Optional<ConfigProblem> mixUp(OpenIdProvider provider) {
    boolean possible =
        sharedRedirectUri && provider.discovered() && !provider.promisesIssuerParameter();
    return possible
        ? Optional.of(
            misfit(
                provider,
                "mixup-risk",
                "the OpenID provider does not name itself in its answers (RFC 9207), so that they"
                    + " could be taken for another's; set login.shared-redirect-uri to false"))
        : Optional.empty();
  }

  private static ConfigProblem misfit(OpenIdProvider provider, String reason, String message) {
    String key = Provider.prefix(provider.name()) + "issuer";
    return new ConfigProblem(ConfigProblem.Severity.ERROR, reason, key, 0, message);
  }

  /** What makes the OPs less safe than they could be, as far as it is known now (TH-CFG-13). */
  public List<ConfigProblem> weaknesses() {
    return assembly.providers().all().stream()
        .filter(provider -> provider.refusal().isEmpty())
        .flatMap(
            provider ->
                provider.weaknesses().stream()
                    .map(
                        word ->
                            new ConfigProblem(
                                ConfigProblem.Severity.WARNING,
                                word,
                                Provider.prefix(provider.name()) + "issuer",
                                0,
                                "is of an OP that is weaker than it could be; strict refuses it")))
        .toList();
  }

  /** The names of the OPs whose metadata is not known yet: logins there would fail now. */
  public List<String> unreadyProviders() {
    return assembly.providers().all().stream()
        .filter(provider -> !provider.discovered())
        .map(OpenIdProvider::name)
        .toList();
  }

  /**
   * Why every login would fail now, for {@code /health/ready}; empty when all is well. Of several
   * OPs one is enough: the users of the others are not helped by a gateway that is not reached.
   */
  public Optional<String> notReadyReason() {
    return unreadyProviders().size() < assembly.providers().all().size()
        ? Optional.empty()
        : Optional.of("the OpenID provider's metadata has not been read yet");
  }

  /** Whether the gateway itself answers a canonical path, so that no rule is looked at. */
  public static boolean answersItself(String canonicalPath) {
    return OwnPaths.reserved(canonicalPath);
  }

  /** Ends sessions as an operator says. */
  public SessionControl sessions() {
    return sessions;
  }

  /** What is known now of tokens where they do not belong. */
  public LeakSummary leaks() {
    return assembly.leaks().read(clock.instant());
  }

  /** The same as texts. */
  public LeakReading leakReading() {
    return new LeakReading() {
      @Override
      public String json() {
        return LeakJson.of(leaks());
      }

      @Override
      public String csv() {
        return LeakCsv.of(leaks());
      }
    };
  }

  /** How many sessions are kept in this process; empty where the browsers keep them. */
  public OptionalLong sessionsHeld() {
    return assembly.sessionsHeld();
  }

  /** What has come of remembering access tokens; empty where none are accepted. */
  public Optional<TokenVerifier.CacheFigures> tokenCache() {
    return assembly.tokenCache();
  }

  /** Ends background work. Sessions in memory are gone. */
  @Override
  public void close() {
    assembly.close();
  }

  private Decision judge(ClientRequest request) {
    if (REFUSED_METHODS.contains(request.method())) {
      return assembly
          .answers()
          .refuse(request, 405, Page.Kind.METHOD_NOT_ALLOWED, "method")
          .header("Allow", ALLOWED_METHODS)
          .answer();
    }
    Optional<PublicUrl> named = hostNames.of(request);
    return named.isPresent()
        ? hosts.get(named.get()).judge(request)
        : assembly.answers().refuse(request, 421, Page.Kind.MISDIRECTED, "host").answer();
  }
}
