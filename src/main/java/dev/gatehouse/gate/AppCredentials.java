package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.config.IdentityMapping;
import dev.gatehouse.config.IdentityMapping.AppAuthorization;
import dev.gatehouse.identity.AssertionKeys;
import dev.gatehouse.identity.Assertions;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.seal.RandomTokens;
import dev.gatehouse.seal.Secret;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What the app of one host gets beside the identity headers, to be sure of them or to let the user
 * in as it always has: a signed assertion, and something in Authorization. Made once for a user or
 * a token, never for a request. Safe for concurrent use.
 */
final class AppCredentials {
  private static final String AUTHORIZATION = "Authorization";
  private static final int MAX_KEPT = 100_000;

  private final Optional<Assertions> assertions;
  private final AppAuthorization authorization;
  private final Optional<HeaderField> forAll;
  private final Cache<Identity, HeaderField> basics =
      Caffeine.newBuilder().weakKeys().maximumSize(MAX_KEPT).executor(Runnable::run).build();
  private final Cache<Secret, HeaderField> tokens =
      Caffeine.newBuilder().weakKeys().maximumSize(MAX_KEPT).executor(Runnable::run).build();

  AppCredentials(
      IdentityMapping identity,
      String publicUrl,
      Optional<AssertionKeys> keys,
      RandomTokens random,
      Clock clock) {
    this.authorization = identity.authorization();
    boolean alsoBearer = authorization instanceof AppAuthorization.BearerAssertion;
    this.assertions =
        identity
            .assertion()
            .flatMap(
                settings ->
                    keys.map(
                        signing ->
                            new Assertions(
                                settings, publicUrl, signing, random, clock, alsoBearer)));
    this.forAll =
        authorization instanceof AppAuthorization.Basic basic
            ? basic.user().map(user -> basic(user, basic.password()))
            : Optional.empty();
  }

  /** Whether the app's Authorization is the gateway's alone, so that the client's own must go. */
  boolean ownAuthorization() {
    return !(authorization instanceof AppAuthorization.None);
  }

  /** Whether an access token of the session is among them. */
  boolean haveAccessToken() {
    return authorization instanceof AppAuthorization.BearerAccessToken;
  }

  /**
   * Adds what goes with {@code user}.
   *
   * @param accessToken that of the session, where it is good
   */
  void addTo(List<HeaderField> added, Identity user, Optional<Secret> accessToken) {
    if (assertions.isPresent()) {
      added.addAll(assertions.get().of(user));
    }
    if (forAll.isPresent()) {
      added.add(forAll.get());
    } else if (authorization instanceof AppAuthorization.Basic basic) {
      added.add(basics.get(user, someone -> basic(someone.userName(), basic.password())));
    } else if (authorization instanceof AppAuthorization.BearerAccessToken
        && accessToken.isPresent()
        && isToken(accessToken.get())) {
      added.add(tokens.get(accessToken.get(), AppCredentials::bearer));
    }
  }

  private static HeaderField basic(String user, Secret password) {
    String credentials = user + ":" + password.reveal();
    return new HeaderField(
        AUTHORIZATION, "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)));
  }

  private static HeaderField bearer(Secret token) {
    return new HeaderField(AUTHORIZATION, "Bearer " + token.reveal());
  }

  /** RFC 6749 §A.12: what an OP gives may hold nothing that ends a field. */
  private static boolean isToken(Secret token) {
    String text = token.reveal();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= 0x20 || text.charAt(i) >= 0x7f) {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
