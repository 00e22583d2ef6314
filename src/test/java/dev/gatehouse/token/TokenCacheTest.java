package dev.gatehouse.token;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.gatehouse.Rule;
import dev.gatehouse.backchannel.OpFailure;
import dev.gatehouse.config.GatehouseConfig.Bearer;
import dev.gatehouse.config.GatehouseConfig.BearerBinding;
import dev.gatehouse.config.GatehouseConfig.BearerValidation;
import dev.gatehouse.oidc.OpConnection;
import dev.gatehouse.oidc.StubOp;
import dev.gatehouse.oidc.TestClock;
import dev.gatehouse.oidc.TestTokens;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.testkit.Json;
import dev.gatehouse.testkit.LeakWatch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of tokens, for how long, and in what form. */
@ExtendWith(LeakWatch.class)
class TokenCacheTest {
  private static StubOp op;

  private final TestClock clock = new TestClock();
  private OpConnection connection;
  private TokenVerifier verifier;

  @BeforeAll
  static void startOp() {
    op = new StubOp();
  }

  @AfterAll
  static void stopOp() {
    op.close();
  }

  @BeforeEach
  void open() {
    op.reset();
    connection = OpConnection.open(op.provider(), StubOp.backchannel(), true, clock, StubOp.RANDOM);
    verify(Duration.ofSeconds(60), Duration.ZERO);
  }

  private void verify(Duration lifetime, Duration grace) {
    if (verifier != null) {
      verifier.close();
    }
    verifier =
        TokenVerifiers.open(
            new Bearer(
                TestTokens.API,
                BearerValidation.INTROSPECTION,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                lifetime,
                grace,
                BearerBinding.DEFAULT),
            op.provider(),
            StubOp.backchannel(),
            connection);
  }

  @AfterEach
  void close() {
    verifier.close();
    connection.close();
  }

  private void says(Duration untilExpiry) {
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("active", true);
    response.put("sub", "alice-1");
    response.put("aud", TestTokens.API);
    response.put("exp", clock.instant().plus(untilExpiry).getEpochSecond());
    op.serve("introspection", okJson(new String(Json.bytes(response), StandardCharsets.UTF_8)));
  }

  private void fails() {
    op.serve("introspection", aResponse().withStatus(503));
  }

  private TokenVerdict judge(BearerCredential.Token token) {
    return verifier
        .atOnce(token)
        .orElseGet(() -> verifier.verify(token).toCompletableFuture().join());
  }

  private static BearerCredential.Token token(String value) {
    return BearerCredential.Token.of(Secret.of(value));
  }

  private int calls() {
    return op.calls("introspection").size();
  }

  @Test
  @Rule("TH-BEAR-12")
  void theLifetimeIsTheOperatorsToChoose() {
    verify(Duration.ofSeconds(5), Duration.ZERO);
    says(Duration.ofSeconds(300));
    judge(token("t"));
    clock.advance(Duration.ofMillis(4999));
    judge(token("t"));
    assertThat(calls()).isEqualTo(1);

    clock.advance(Duration.ofMillis(1));
    judge(token("t"));
    assertThat(calls()).isEqualTo(2);
  }

  @Test
  @Rule("TH-BEAR-15")
  void graceBridgesAnOutageForItsTimeWithAWarningEach() {
    verify(Duration.ofSeconds(60), Duration.ofSeconds(30));
    says(Duration.ofSeconds(300));
    assertThat(judge(token("t"))).isInstanceOf(TokenVerdict.Active.class);
    fails();

    clock.advance(Duration.ofMillis(89_999));
    assertThat(judge(token("t"))).isInstanceOf(TokenVerdict.Active.class);
    assertThat(judge(token("t"))).isInstanceOf(TokenVerdict.Active.class);
    assertThat(warnings()).isEqualTo(2);
    assertThat(judge(token("another"))).isEqualTo(new TokenVerdict.Undecided(OpFailure.FAILED));
    clock.advance(Duration.ofMillis(1));
    assertThat(judge(token("t"))).isEqualTo(new TokenVerdict.Undecided(OpFailure.FAILED));
  }

  private static long warnings() {
    return LeakWatch.lines().stream()
        .filter(line -> line.contains("WARN") && line.contains("stale-grace"))
        .count();
  }

  @Test
  @Rule("TH-BEAR-15")
  void graceNeverOutlivesTheToken() {
    verify(Duration.ofSeconds(60), Duration.ofSeconds(60));
    says(Duration.ofSeconds(70));
    assertThat(judge(token("t"))).isInstanceOf(TokenVerdict.Active.class);
    fails();

    clock.advance(Duration.ofSeconds(69));
    assertThat(judge(token("t"))).isInstanceOf(TokenVerdict.Active.class);
    clock.advance(Duration.ofSeconds(1));
    assertThat(judge(token("t"))).isEqualTo(new TokenVerdict.Undecided(OpFailure.FAILED));
  }

  @Test
  @Rule("TH-BEAR-15")
  @Rule("TH-BEAR-16")
  void graceHelpsNoTokenThatWasRefusedOrForgotten() {
    verify(Duration.ofSeconds(60), Duration.ofSeconds(60));
    says(Duration.ofSeconds(300));
    judge(token("t"));
    judge(token("u"));
    clock.advance(Duration.ofSeconds(61));
    op.serve("introspection", okJson("{\"active\":false}"));
    assertThat(judge(token("t"))).isInstanceOf(TokenVerdict.Rejected.class);
    verifier.forget(Secret.of("u"));
    fails();
    clock.advance(Duration.ofSeconds(11));

    assertThat(judge(token("t"))).isEqualTo(new TokenVerdict.Undecided(OpFailure.FAILED));
    assertThat(judge(token("u"))).isEqualTo(new TokenVerdict.Undecided(OpFailure.FAILED));
  }

  @Test
  @Rule("TH-BEAR-16")
  void anAnswerThatWasOnItsWayAtALogoutIsNotKept() {
    says(Duration.ofSeconds(300));
    Map<String, Object> slow = Map.of("active", true, "sub", "alice-1", "aud", TestTokens.API);
    op.serve(
        "introspection",
        okJson(new String(Json.bytes(slow), StandardCharsets.UTF_8)).withFixedDelay(500));
    CompletionStage<TokenVerdict> asked = verifier.verify(token("t"));
    CompletableFuture<TokenVerdict> answer = asked.toCompletableFuture();
    org.awaitility.Awaitility.await().until(() -> calls() == 1 || answer.isDone());

    verifier.forgetSubject(op.issuer(), "alice-1");
    answer.join();

    assertThat(verifier.atOnce(token("t"))).isEmpty();
  }

  // By signature, so that no buffer of the OP in this very process holds the token.
  @Test
  @Rule("TH-BEAR-12")
  @Rule("TH-SEC-3")
  void noTokenIsLeftInMemory(@TempDir Path folder) throws IOException {
    try (TokenVerifier bySignature =
        TokenVerifiers.open(
            Bearer.of(TestTokens.API, BearerValidation.JWT),
            op.provider(),
            StubOp.backchannel(),
            connection)) {
      judgedOnce(bySignature, "warm-up"); // fetches the keys
      String backwards = judgedOnce(bySignature, "looked-for");
      Path dump = folder.resolve("heap.hprof");
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpHeap(dump.toString(), true);

      assertThat(count(dump, backwards)).as("what is held").isPositive();
      assertThat(count(dump, reversed(backwards))).isZero();
    }
  }

  /** A token that is known from now on, written backwards: itself it is held by nobody here. */
  private static String judgedOnce(TokenVerifier verifier, String id) {
    String token = TestTokens.accessToken(op.issuer()).claim("jti", id).compact();
    BearerCredential.Token credential = token(token);
    assertThat(
            verifier
                .atOnce(credential)
                .orElseGet(() -> verifier.verify(credential).toCompletableFuture().join()))
        .isInstanceOf(TokenVerdict.Active.class);
    return reversed(token);
  }

  private static String reversed(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  /** How often the dump holds {@code text} in one byte a character. */
  private static int count(Path dump, String text) throws IOException {
    byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
    int found = 0;
    try (FileChannel channel = FileChannel.open(dump)) {
      long size = Files.size(dump);
      for (long from = 0; from < size; from += 256 << 20) {
        long length = Math.min(size - from, (256 << 20) + wanted.length);
        MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, from, length);
        for (int i = 0; i + wanted.length <= length; i++) {
          int same = 0;
          while (same < wanted.length && bytes.get(i + same) == wanted[same]) {
            same++;
          }
          found += same == wanted.length ? 1 : 0;
        }
      }
    }
    return found;
  }
}
