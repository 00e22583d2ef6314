package dev.gatehouse.config;

import dev.gatehouse.access.AccessRule;
import dev.gatehouse.access.Cidr;
import dev.gatehouse.access.CrossSiteMode;
import dev.gatehouse.access.HygieneMode;
import dev.gatehouse.access.LetterCase;
import dev.gatehouse.access.PreflightMode;
import dev.gatehouse.seal.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The whole configuration, read, checked and complete: one YAML file drives both doors. Immutable.
 *
 * @param publicUrl what browsers type; the redirect URI is made from it and from nothing else
 * @param listen where the standalone gateway listens
 * @param tls the standalone gateway's certificate and key
 * @param upstreams the apps behind the standalone gateway
 * @param upstreamTrust how gateway and app know each other
 * @param providers the OpenID providers by name, in the order of the file; at least one
 * @param defaultProvider who logs users in where nothing else says so; empty: the user chooses
 * @param hosts further host names that are served, each with the name of its users' provider
 * @param strict whether an OP with a known weakness is refused (TH-CFG-13)
 * @param login limits of a login attempt
 * @param session limits and keys of sessions
 * @param identity what the app is told
 * @param rules who may reach which path; the most specific wins
 * @param bearer how access tokens in the Authorization header are judged, if at all
 * @param tokenHygiene what happens to tokens where they do not belong
 * @param app what is known of the app, and what browsers may do to it on behalf of others
 * @param trustedProxies peers whose X-Forwarded-* fields are believed; empty trusts nobody
 * @param forwardAuth how other proxies ask about requests that they send to the app themselves
 * @param management where health is served; empty for no management port
 * @param logout what happens at a logout beside the gateway's own session
 * @param limits sizes and deadlines of the standalone gateway
 * @param backchannel deadlines and trust of calls to the OP
 * @param insecureAllowHttp loopback development only: http for the OP and the public URL
 */
public record GatehouseConfig(
    PublicUrl publicUrl,
    Optional<HostPort> listen,
    Listener listener,
    Hsts hsts,
    Optional<Tls> tls,
    Upstreams upstreams,
    UpstreamTrust upstreamTrust,
    Map<String, Provider> providers,
    Optional<String> defaultProvider,
    Map<String, String> hosts,
    boolean strict,
    Login login,
    Session session,
    IdentityMapping identity,
    List<AccessRule> rules,
    Optional<Bearer> bearer,
    TokenHygiene tokenHygiene,
    AppTraits app,
    List<Cidr> trustedProxies,
    Optional<ForwardAuth> forwardAuth,
    Optional<HostPort> management,
    Logout logout,
    Limits limits,
    Backchannel backchannel,
    boolean insecureAllowHttp) {

  public GatehouseConfig {
    providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
    hosts = Collections.unmodifiableMap(new LinkedHashMap<>(hosts));
    rules = List.copyOf(rules);
    trustedProxies = List.copyOf(trustedProxies);
  }

  /** All public URLs, the one of {@code public-url} first. */
  public List<PublicUrl> publicUrls() {
    return Stream.concat(Stream.of(publicUrl), hosts.keySet().stream().map(publicUrl::at)).toList();
  }

  /** The provider that logs users in where nothing else says so; the first where none is named. */
  public Provider provider() {
    return defaultProvider
        .map(providers::get)
        .orElseGet(() -> providers.values().iterator().next());
  }

  /** PEM files of the certificate chain and its private key (PKCS#8). */
  public record Tls(Path certificate, Path privateKey) {}

  /**
   * @param transactionLifetime from leaving for the OP to coming back; default 10 minutes
   * @param maxPending login attempts in flight per browser; default 8, 1 to 32
   * @param sharedRedirectUri whether several providers answer at one redirect URI, which is safe
   *     only where each names itself in its answers (RFC 9207, RFC 9700 §4.4.2)
   */
  public record Login(Duration transactionLifetime, int maxPending, boolean sharedRedirectUri) {}

  /**
   * @param store where sessions live
   * @param idleTimeout a session unused for longer ends; default 30 minutes
   * @param maxLifetime a session older than this ends; default 8 hours
   * @param keys 256-bit keys, base64url; the first seals, all open; empty: made at start (single
   *     node only)
   * @param keyFiles for each key the file that holds it whole, so that another one there takes over
   * @param maxSessions the most sessions kept in memory; default 1,000,000
   * @param pollingPaths path patterns whose requests do not count as use of the session
   */
  public record Session(
      SessionStoreKind store,
      Duration idleTimeout,
      Duration maxLifetime,
      List<Secret> keys,
      List<Optional<Path>> keyFiles,
      int maxSessions,
      List<String> pollingPaths) {
    public Session {
      keys = List.copyOf(keys);
      keyFiles = List.copyOf(keyFiles);
      pollingPaths = List.copyOf(pollingPaths);
    }
  }

  /** Where sessions live: in this process, or sealed in the browser's cookie. */
  public enum SessionStoreKind {
    MEMORY,
    COOKIE
  }

  /**
   * /**
   *
   * @param letterCase whether the app tells letter case in paths apart; default exact
   * @param preflight what becomes of CORS preflights; default refuse
   * @param crossSite what of other sites' doing reaches the app
   */
  public record AppTraits(LetterCase letterCase, PreflightMode preflight, CrossSite crossSite) {
    /** What holds where nothing is said of the app. */
    public static final AppTraits USUAL =
        new AppTraits(
            LetterCase.EXACT,
            PreflightMode.REFUSE,
            new CrossSite(CrossSiteMode.REFUSE_UNSAFE, false, false, Set.of()));
  }

  /**
   * @param mode what is refused of other sites' doing; default refuse-unsafe
   * @param refuseSameSite whether other hosts of the same site count as foreign; default false
   * @param refuseUnknown whether requests that change something are refused where the browser says
   *     nothing of where they come from; default false
   * @param trustedOrigins origins that may do what the app's own pages may
   */
  public record CrossSite(
      CrossSiteMode mode,
      boolean refuseSameSite,
      boolean refuseUnknown,
      Set<String> trustedOrigins) {
    public CrossSite {
      trustedOrigins = Set.copyOf(trustedOrigins);
    }
  }

  /**
   * @param audience the value that must be in a token's {@code aud}
   * @param validation how a token is judged, where its provider says nothing else
   * @param provider the only provider whose tokens are taken; empty: each provider's, by issuer
   * @param opaqueProvider of several, the provider that is asked about tokens that name no issuer
   * @param resource this API as a protected resource, whose metadata are served (RFC 9728)
   * @param cacheLifetime how long an answer about a token is used, never past its exp
   * @param staleGrace for how much longer while the provider cannot be asked; at most 60 s
   * @param binding whether and how tokens are bound to a key
   */
  public record Bearer(
      String audience,
      BearerValidation validation,
      Optional<String> provider,
      Optional<String> opaqueProvider,
      Optional<URI> resource,
      Duration cacheLifetime,
      Duration staleGrace,
      BearerBinding binding) {
    /** Tokens for {@code audience}, with the default of every other setting. */
    public static Bearer of(String audience, BearerValidation validation) {
      return new Bearer(
          audience,
          validation,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Duration.ofSeconds(60),
          Duration.ZERO,
          BearerBinding.DEFAULT);
    }
  }

  /**
   * How access tokens are bound to a key of their client (RFC 9449, RFC 8705 §3).
   *
   * @param demanded what every token has to be bound by
   * @param nonces whether DPoP proofs have to hold a nonce of this gateway (RFC 9449 §9)
   * @param listenerAsks whether the standalone gateway's TLS asks clients for a certificate
   * @param certificateHeader the field in which trusted proxies tell a client's certificate
   */
  public record BearerBinding(
      BindingDemand demanded,
      boolean nonces,
      boolean listenerAsks,
      Optional<String> certificateHeader) {
    /** Bound tokens have to be proven, others are taken too. */
    public static final BearerBinding DEFAULT =
        new BearerBinding(BindingDemand.OPTIONAL, false, false, Optional.empty());
  }

  /** What access tokens have to be bound by. */
  public enum BindingDemand {
    /** Nothing; but one that is bound has to be proven. */
    OPTIONAL,
    /** Either of the two. */
    REQUIRED,
    /** A key that signs DPoP proofs. */
    DPOP,
    /** A certificate that is shown in TLS. */
    MTLS
  }

  /** JWT access tokens (RFC 9068) or introspection (RFC 7662). */
  public enum BearerValidation {
    JWT,
    INTROSPECTION
  }

  /**
   * What happens to tokens where they do not belong.
   *
   * @param mode where a rule says nothing of its own; default enforce
   * @param names watched parameter names beside the usual ones
   * @param jwtValues what a value counts for that looks like a JWT or is the session's own
   * @param scanResponses whether text bodies of the app are looked at, to report; default false
   * @param maxPeekBytes how much of a form is read before the app gets it; default 64 KiB
   */
  public record TokenHygiene(
      HygieneMode mode,
      List<String> names,
      JwtValues jwtValues,
      boolean scanResponses,
      int maxPeekBytes) {
    public TokenHygiene {
      names = List.copyOf(names);
    }
  }

  /** What a value counts for that looks like a JWT (RFC 7519 §3), whatever its name. */
  public enum JwtValues {
    /** Nothing. */
    IGNORE,
    /** It is counted, in any mode. */
    REPORT,
    /** As much as a value of a watched name. */
    AS_TOKEN
  }

  /**
   * How other proxies ask about requests that they send to the app themselves.
   *
   * @param source where they say which request they mean
   * @param redirects whether they pass our answer on to the browser, so that it can be a redirect;
   *     else they look at the status alone
   * @param key what they must know beside having one of {@code trusted-proxies} as address
   */
  public record ForwardAuth(Source source, boolean redirects, Optional<Secret> key) {
    /** Where the request that is asked about stands. */
    public enum Source {
      X_ORIGINAL,
      X_FORWARDED,
      PATH
    }
  }

  /**
   * @param appCookies the app's own cookies that a logout expires; default {@code JSESSIONID}
   * @param appPaths path patterns of the app's own logout pages, which end the gateway's session
   *     too
   * @param withholdIdToken whether the OP's logout is told the user's subject in place of the ID
   *     token; default false
   * @param clearSiteData whether a logout sends {@code Clear-Site-Data}; default false
   */
  public record Logout(
      List<String> appCookies,
      List<String> appPaths,
      boolean withholdIdToken,
      boolean clearSiteData) {
    public Logout {
      appCookies = List.copyOf(appCookies);
      appPaths = List.copyOf(appPaths);
    }
  }

  /**
   * Sizes in bytes and deadlines of the standalone gateway.
   *
   * @param maxHeadBytes request line and fields; default 32 KiB
   * @param maxUrlBytes request target; default 8 KiB
   * @param maxHeaderFields field lines of one request; default 100
   * @param maxBodyBytes request body; default 2 GiB, -1 for no limit
   * @param connectTimeout to the upstream; default 5 s
   * @param responseTimeout how long the upstream may be silent before its answer's head is
   *     complete; default 60 s
   * @param idleTimeout of client connections; default 60 s
   * @param headTimeout from the first byte of a request to the end of its head; default 10 s
   * @param stopTimeout for running requests after SIGTERM; default 30 s
   * @param upstreamIdleTimeout how long the upstream may be silent within its answer; default 60 s
   * @param requestTimeout for a whole request, from its head to the end of the answer; empty for no
   *     such limit, which is the default
   * @param pace how slow a client may be
   * @param tunnels deadlines of WebSockets
   * @param connections how many clients' connections there may be
   * @param stopDelay for balancers to notice a stop before the port closes; default none
   */
  public record Limits(
      int maxHeadBytes,
      int maxUrlBytes,
      int maxHeaderFields,
      long maxBodyBytes,
      Duration connectTimeout,
      Duration responseTimeout,
      Duration idleTimeout,
      Duration headTimeout,
      Duration stopTimeout,
      Duration upstreamIdleTimeout,
      Optional<Duration> requestTimeout,
      Pace pace,
      Tunnels tunnels,
      Connections connections,
      Duration stopDelay) {

    /**
     * How slow a client may be with a body that it sends or takes (TH-DOS-10).
     *
     * @param minBytesPerSecond counted over the time that the gateway waited for it; 0 for no limit
     * @param grace how long it may lag before its rate counts
     */
    public record Pace(long minBytesPerSecond, Duration grace) {
      /** A modem of 1990 is faster. */
      public static final Pace USUAL = new Pace(500, Duration.ofSeconds(20));

      /**
       * Whether this much in that time is too slow.
       *
       * @param waitedNanos time in which only the client could have moved things on
       */
      public boolean tooSlow(long waitedNanos, long bytes) {
        long lag = waitedNanos - grace.toNanos();
        return lag > 0 && bytes < TimeUnit.NANOSECONDS.toSeconds(lag) * minBytesPerSecond;
      }
    }

    /**
     * Deadlines of WebSockets.
     *
     * @param idleTimeout after which one ends on which nothing has moved; default 5 min
     * @param recheck how long one may outlive its session; default 2 s
     */
    public record Tunnels(Duration idleTimeout, Duration recheck) {}

    /**
     * How many connections clients may have open.
     *
     * @param max in all; default 32768
     * @param maxPerAddress from one address; default 16384
     * @param maxRequests on one of HTTP/1; 0 for no limit, which is the default
     */
    public record Connections(int max, int maxPerAddress, int maxRequests) {
      /** The defaults. */
      public static final Connections USUAL = new Connections(32_768, 16_384, 0);
    }
  }

  /**
   * Calls to the OP.
   *
   * @param connectTimeout default 2 s
   * @param readTimeout between bytes; default 5 s
   * @param deadline for a whole call; default 10 s
   * @param threads calls that may wait at once; default 16
   * @param queue calls that may wait for a thread; default 64, more are refused at once
   * @param caBundle PEM file of further trusted certificate authorities
   * @param allowPrivateAddresses whether OP endpoints may be at private addresses on another host
   *     than the issuer's
   */
  public record Backchannel(
      Duration connectTimeout,
      Duration readTimeout,
      Duration deadline,
      int threads,
      int queue,
      Optional<Path> caBundle,
      boolean allowPrivateAddresses) {}
}
