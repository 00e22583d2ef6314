package dev.gatehouse.oidc;

import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.Quirks;
import dev.gatehouse.config.Provider.SenderConstraint;
import dev.gatehouse.seal.Secret;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which successful token responses are believed (RFC 6749 §5.1). Immutable. */
final class TokenResponseRules {
  private static final BigDecimal YEAR_SECONDS =
      BigDecimal.valueOf(Duration.ofDays(365).toSeconds());

  private static final String BEARER = "Bearer";

  private final Set<String> askedScopes;
  private final Quirks quirks;
  private final WarnOnce oddities;
  private final String tokenType;
  private final Duration maxLifetime;
  private final Clock clock;

  TokenResponseRules(Provider provider, Clock clock) {
    this.askedScopes = Set.copyOf(provider.request().scopes());
    this.quirks = provider.quirks();
    this.oddities = new WarnOnce(provider.issuer());
    // RFC 9449 §5: a token that should be bound to our key and is not may be used by any thief.
    this.tokenType =
        provider.tokens().senderConstraint() == SenderConstraint.DPOP ? "DPoP" : BEARER;
    this.maxLifetime = provider.tokens().maxLifetime();
    this.clock = clock;
  }

  /** Judges the body of a 200. */
  TokenResponse read(JsonObject body) {
    Optional<Secret> accessToken = token(body, "access_token");
    if (accessToken.isEmpty()) {
      return new TokenResponse.Refused(502, "token-error");
    }
    // RFC 6749 §7.1: a type that we do not know must not be used; the name in any case (§5.1).
    if (!isOfRightType(body)) {
      return new TokenResponse.Refused(502, "token-type");
    }
    if (body.get("scope") != null && body.text("scope").isEmpty()) {
      return new TokenResponse.Refused(502, "token-error");
    }
    return new TokenResponse.Tokens(
        accessToken.get(),
        expiresAt(body.get("expires_in")),
        body.text("id_token").filter(text -> !text.isEmpty()).map(Secret::of),
        // Where nothing limits a grant, what would keep it alive for months is not kept
        // (TH-QUIRK-4).
        token(body, "refresh_token").filter(token -> !askedScopes.isEmpty()),
        body.text("scope").map(this::scopes));
  }

  private boolean isOfRightType(JsonObject body) {
    if (quirks.missingTokenType() && tokenType.equals(BEARER) && !body.has("token_type")) {
      oddities.warn(
          "token-type-missing",
          "the token response has no token_type; as configured, the token is taken as Bearer");
      return true;
    }
    return body.text("token_type").map(tokenType::equalsIgnoreCase).orElse(false);
  }

  // RFC 6749 appendix A.12, A.17: 1*VSCHAR. Anything else could break out of a header field.
  private static Optional<Secret> token(JsonObject body, String name) {
    return body.text(name)
        .filter(text -> !text.isEmpty() && text.chars().allMatch(c -> c >= 0x20 && c <= 0x7e))
        .map(Secret::of);
  }

  private Set<String> scopes(String text) {
    String separator = quirks.commaSeparatedScopes() ? "[ ,]+" : " ";
    return new LinkedHashSet<>(List.of(text.split(separator)));
  }

  // TH-QUIRK-9, -10: digits in a string are read; what is no plausible number is as good as absent,
  // never "for ever"; zero and less means that it has expired.
  private Optional<Instant> expiresAt(Object expiresIn) {
    Optional<BigDecimal> seconds = number(expiresIn);
    if (seconds.isEmpty() || seconds.get().compareTo(YEAR_SECONDS) > 0) {
      oddities.warn(
          "no-expires-in",
          "the token response has no usable expires_in; default-token-lifetime is assumed");
      return Optional.empty();
    }
    if (seconds.get().signum() <= 0) {
      return Optional.of(clock.instant());
    }
    return seconds.get().stripTrailingZeros().scale() > 0
        ? Optional.empty()
        : Optional.of(
            clock
                .instant()
                .plusSeconds(Math.min(seconds.get().longValue(), maxLifetime.toSeconds())));
  }

  private static Optional<BigDecimal> number(Object value) {
    if (value instanceof Number number) {
      return Optional.of(new BigDecimal(number.toString()));
    }
    return value instanceof String digits && digits.matches("[0-9]{1,18}")
        ? Optional.of(new BigDecimal(digits))
        : Optional.empty();
  }
}
