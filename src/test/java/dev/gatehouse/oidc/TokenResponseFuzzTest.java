package dev.gatehouse.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.ClientAuthentication;
import dev.gatehouse.seal.Secret;
import java.time.Duration;
import java.util.Optional;

/** Any JSON object for a token response. */
class TokenResponseFuzzTest {
  private static final Provider PROVIDER =
      Provider.of(
          FuzzedTokens.ISSUER,
          TestTokens.CLIENT_ID,
          Provider.Proof.bySecret(
              ClientAuthentication.CLIENT_SECRET_BASIC, Secret.of(StubOp.CLIENT_SECRET)));
  private static final TokenResponseRules RULES =
      new TokenResponseRules(PROVIDER, FuzzedTokens.CLOCK);

  @FuzzTest
  @Rule("TH-TOK-7")
  @Rule("TH-QUIRK-10")
  void tokensAreVisibleAndNothingLivesForEver(byte[] bytes) {
    Optional<TokenResponse> read = JsonObject.parse(bytes).map(RULES::read);
    if (read.isEmpty() || !(read.get() instanceof TokenResponse.Tokens tokens)) {
      return;
    }
    assertThat(tokens.accessToken().reveal()).matches("[ -~]+");
    tokens.refreshToken().ifPresent(token -> assertThat(token.reveal()).matches("[ -~]+"));
    tokens.scopes().ifPresent(scopes -> assertThat(scopes).noneMatch(scope -> scope.contains(" ")));
    tokens
        .expiresAt()
        .ifPresent(
            end ->
                assertThat(end)
                    .isBetween(
                        FuzzedTokens.CLOCK.instant(),
                        FuzzedTokens.CLOCK.instant().plus(Duration.ofDays(366))));
  }
}
