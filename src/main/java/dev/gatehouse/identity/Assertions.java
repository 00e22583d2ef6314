package dev.gatehouse.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.config.IdentityMapping.Assertion;
import dev.gatehouse.keys.JwtSigner;
import dev.gatehouse.seal.RandomTokens;
import java.lang.ref.WeakReference;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Short JWTs by which the app can check who told it of the user, for one host (TH-HDR-13; RFC 7519,
 * RFC 8725 §3.8, §3.9, §3.11).
 *
 * <p>One is good for all requests of a user until half of its life is over. Then one request has
 * the next one signed in the background and goes on with the old one; only a user who comes back
 * when little of its life is left, or none, waits for a signature. Safe for concurrent use.
 */
public final class Assertions {
  /** The {@code typ} of an assertion, so that it can be taken for no other kind of JWT. */
  public static final String TYPE = "gatehouse-assertion+jwt";

  /** The claim that names the OP that vouches for {@code sub}: the pair is the key of a user. */
  public static final String OP_ISSUER = "op_iss";

  private static final int MAX_KEPT = 100_000;

  private final Assertion settings;
  private final String issuer;
  private final AssertionKeys keys;
  private final RandomTokens random;
  private final Clock clock;
  private final boolean alsoBearer;
  private final long lifetime;

  /** By the object, not by what it says: an identity is made at a login or a refresh. */
  private final Cache<Identity, Kept> kept =
      Caffeine.newBuilder().weakKeys().maximumSize(MAX_KEPT).executor(Runnable::run).build();

  /**
   * @param issuer the public URL of the host
   * @param alsoBearer whether the app gets it in {@code Authorization} too
   */
  public Assertions(
      Assertion settings,
      String issuer,
      AssertionKeys keys,
      RandomTokens random,
      Clock clock,
      boolean alsoBearer) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.issuer = Objects.requireNonNull(issuer, "issuer");
    this.keys = Objects.requireNonNull(keys, "keys");
    this.random = Objects.requireNonNull(random, "random");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.alsoBearer = alsoBearer;
    this.lifetime = settings.lifetime().toMillis();
  }

  /** The fields that assert {@code identity} to the app. */
  public List<HeaderField> of(Identity identity) {
    Kept known = kept.getIfPresent(identity);
    if (known == null) {
      known = kept.get(identity, user -> new Kept(user, sign(user)));
    }
    return known.fields();
  }

  private final class Kept {
    private final AtomicBoolean signing = new AtomicBoolean();
    // Weak like the key of the cache, which this would hold on to else.
    private final WeakReference<Identity> user;
    private volatile Signed last;

    Kept(Identity user, Signed first) {
      this.user = new WeakReference<>(user);
      this.last = first;
    }

    List<HeaderField> fields() {
      long now = clock.millis();
      Signed signed = last;
      if (signed.isLate(now)) {
        return renewed().fields();
      }
      if (signed.isHalfOver(now) && signing.compareAndSet(false, true)) {
        keys.later(
            () -> {
              try {
                renewed();
              } finally {
                signing.set(false);
              }
            });
      }
      return signed.fields();
    }

    /** At most one signature for each half of a life, however many ask. */
    private synchronized Signed renewed() {
      Identity identity = user.get();
      if (identity != null && last.isHalfOver(clock.millis())) {
        last = sign(identity);
      }
      return last;
    }
  }

  /** What is sent until it is too old. */
  private record Signed(List<HeaderField> fields, long at, long lifetime) {
    boolean isHalfOver(long now) {
      return now - at >= lifetime / 2 || now < at;
    }

    /** So little of its life is left that it might end on its way. */
    boolean isLate(long now) {
      return now - at >= lifetime * 5 / 6 || now < at;
    }
  }

  private Signed sign(Identity identity) {
    // JWT counts in seconds (RFC 7519 §2): what is younger than it says would not be valid yet.
    long at = clock.millis() / 1000 * 1000;
    Map<String, Object> claims = new LinkedHashMap<>();
    for (String name : settings.claims()) {
      Object value = identity.claims().get(name);
      if (value != null) {
        claims.put(name, value);
      }
    }
    claims.put("iss", issuer);
    claims.put("sub", identity.subject());
    claims.put(OP_ISSUER, identity.issuer());
    claims.put("aud", settings.audience());
    claims.put("iat", at / 1000);
    claims.put("exp", (at + lifetime) / 1000);
    claims.put("jti", random.next());
    String jwt = JwtSigner.sign(keys.signing(), TYPE, claims).reveal();
    HeaderField own = new HeaderField(settings.header(), jwt);
    return new Signed(
        alsoBearer ? List.of(own, new HeaderField("Authorization", "Bearer " + jwt)) : List.of(own),
        at,
        lifetime);
  }
}
