package dev.gatehouse.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.access.Authentication;
import dev.gatehouse.access.AuthenticationDemand;
import dev.gatehouse.config.Provider;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.oidc.LoginOutcome;
import dev.gatehouse.oidc.RefreshOutcome;
import dev.gatehouse.page.Page;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.session.LoginTransaction;
import dev.gatehouse.session.Session;
import dev.gatehouse.session.SessionKey;
import dev.gatehouse.session.SessionStore;
import dev.gatehouse.session.SessionTokens;
import dev.gatehouse.session.TransactionCookies;
import dev.gatehouse.token.TokenBinding;
import dev.gatehouse.token.TokenVerdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A record prints all its components unless told otherwise; a log line is made in a moment. */
class PrintedValuesTest {
  private static final String VALUE = "v4lue-of-somebody";
  private static final Instant NOW = Instant.EPOCH;
  private static final HeaderField FIELD = new HeaderField("Set-Cookie", "gh_s=" + VALUE);
  private static final Map<String, Object> CLAIMS = Map.of("email", VALUE);
  private static final Identity USER =
      new Identity("https://op.example", VALUE, List.of(FIELD), Set.of(VALUE), CLAIMS);
  private static final Secret SECRET = Secret.of(VALUE);
  private static final SessionTokens TOKENS =
      new SessionTokens(Optional.of(SECRET), Optional.of(SECRET), Optional.of(NOW));
  private static final LoginTransaction TRANSACTION =
      new LoginTransaction(
          SECRET,
          Provider.SINGLE,
          "https://op.example",
          "https://app.example/cb",
          SECRET,
          SECRET,
          VALUE,
          NOW,
          false,
          AuthenticationDemand.NONE,
          Optional.empty());

  private static Session session() {
    return new Session(
        SessionKey.of(VALUE),
        Provider.SINGLE,
        USER,
        TOKENS,
        SECRET,
        Optional.of(SECRET),
        Optional.of(VALUE),
        NOW,
        NOW);
  }

  static Stream<Object> holders() {
    return Stream.of(
        FIELD,
        USER,
        TOKENS,
        TRANSACTION,
        session(),
        new Decision.Answer(303, List.of(FIELD), VALUE.getBytes(UTF_8), "signed-in"),
        new TransactionCookies.Begun(List.of(VALUE), List.of(TRANSACTION)),
        new TransactionCookies.Found.Valid(TRANSACTION),
        new SessionStore.NewSession(
            Provider.SINGLE, USER, TOKENS, Optional.of(SECRET), Optional.of(VALUE)),
        LoginDemand.of(Optional.empty(), VALUE),
        new SessionStore.Lookup.Found(session(), List.of(VALUE)),
        new SessionStore.Created.Made(session(), List.of(VALUE)),
        new LoginOutcome.LoggedIn(
            "https://op.example",
            VALUE,
            CLAIMS,
            Optional.of(VALUE),
            Optional.of(SECRET),
            SECRET,
            Optional.of(SECRET),
            Optional.of(NOW),
            Authentication.UNKNOWN),
        new RefreshOutcome.Refreshed(
            SECRET, Optional.of(SECRET), Optional.of(NOW), Optional.of(SECRET), CLAIMS),
        new TokenVerdict.Active(
            "https://op.example", VALUE, Set.of("read"), CLAIMS, NOW, TokenBinding.NONE),
        new Page(
            Page.Kind.LOGOUT_CONFIRM,
            Optional.empty(),
            Optional.empty(),
            Map.of("csrf_token", VALUE),
            Optional.of(VALUE)));
  }

  @ParameterizedTest
  @MethodSource("holders")
  @Rule("TH-SEC-3")
  void whatHoldsAValuePrintsNone(Object holder) {
    assertThat(holder.toString()).isNotEmpty().doesNotContain(VALUE);
  }
}
