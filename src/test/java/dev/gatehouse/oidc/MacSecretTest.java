package dev.gatehouse.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.config.Provider;
import dev.gatehouse.config.Provider.ClientAuthentication;
import dev.gatehouse.config.Provider.Proof;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.testkit.KeyFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ID tokens whose key is the client secret, when that changes (OpenID Connect Core §10.1). */
class MacSecretTest {
  private static final String OTHER = "0ther-0123456789abcdef-0123456789abcdef";

  @TempDir Path folder;
  private Path file;
  private StubOp op;
  private DiscoveredProvider provider;

  @BeforeEach
  void open() {
    op = new StubOp();
    file = KeyFiles.write(folder.resolve("client-secret"), StubOp.CLIENT_SECRET);
    Provider configured = configured();
    provider =
        new DiscoveredProvider(
            OpConnection.open(
                configured, StubOp.backchannel(), true, new TestClock(), StubOp.RANDOM),
            configured,
            Set.of());
  }

  private Provider configured() {
    Proof proof =
        new Proof(
            ClientAuthentication.CLIENT_SECRET_BASIC,
            Optional.of(Secret.of(StubOp.CLIENT_SECRET)),
            Optional.of(file),
            "HS256",
            Optional.empty(),
            false,
            Optional.empty());
    return Provider.of(op.issuer(), TestTokens.CLIENT_ID, proof)
        .withTokens(Provider.Tokens.DEFAULT.with(Set.of("HS256")));
  }

  @AfterEach
  void close() {
    provider.close();
    op.close();
  }

  private LoginOutcome login(String secret) {
    op.serveIdToken(op.idToken().macedBy(secret.getBytes(UTF_8)));
    return provider.complete(StubOp.GRANT);
  }

  @Test
  @Rule("TH-SEC-4")
  @Rule("TH-IDT-2")
  void newSecretVerifiesAndTheOldOneNoLonger() {
    assertThat(login(StubOp.CLIENT_SECRET)).isInstanceOf(LoginOutcome.LoggedIn.class);

    KeyFiles.write(file, OTHER);

    assertThat(login(OTHER)).isInstanceOf(LoginOutcome.LoggedIn.class);
    assertThat(login(StubOp.CLIENT_SECRET)).isEqualTo(new LoginOutcome.Refused(502, "signature"));
  }

  @Test
  @Rule("TH-SEC-4")
  @Rule("TH-IDT-2")
  void newSecretThatIsTooShortForAKeyStaysOut() {
    KeyFiles.write(file, "short-but-no-placeholder");

    assertThat(login("short-but-no-placeholder"))
        .isEqualTo(new LoginOutcome.Refused(502, "signature"));
    assertThat(login(StubOp.CLIENT_SECRET)).isInstanceOf(LoginOutcome.LoggedIn.class);
  }
}
