package dev.gatehouse.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.Allocation;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import dev.gatehouse.testkit.TokenRecipe;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request costs whose token is known: it is the one that comes all day. */
class CachedTokenCostTest {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int MOST_BYTES = 1536;

  private static Scene open(String validation) {
    return Scene.open(
        DoorKind.PROXY,
        """
        bearer: {audience: https://api.example, validation: %s}
        rules:
          - {path: /api/**, access: bearer, scopes: [read]}
        """
            .formatted(validation));
  }

  private static String token(Scene scene, String validation) {
    if (validation.equals("jwt")) {
      return scene
          .op()
          .accessToken(
              TokenRecipe.correct().header("typ", "at+jwt").claim("scope", "read"),
              Map.of("email", "alice@example.com", "name", "Alice A"));
    }
    Map<String, Object> members = new HashMap<>();
    members.put("active", true);
    members.put("aud", StubOp.API);
    members.put("sub", "alice-1");
    members.put("scope", "read");
    members.put("exp", scene.clock().instant().getEpochSecond() + 300);
    return scene.op().opaqueToken(members);
  }

  private static FakeRequest request(String token) {
    return FakeRequest.get("/api/orders/17").with("Authorization", "Bearer " + token);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jwt", "introspection"})
  void aKnownTokenTakesLittleMemory(String validation) throws Exception {
    try (Scene scene = open(validation)) {
      FakeRequest request = request(token(scene, validation));
      Decision first = scene.gate().decide(request);
      while (first instanceof Decision.Pending pending) {
        first = pending.outcome().toCompletableFuture().get(20, TimeUnit.SECONDS);
      }
      assertThat(first).isInstanceOf(Decision.ToApp.class);

      double bytes =
          Allocation.bytesPerRun(
              () -> {
                if (!(scene.gate().decide(request) instanceof Decision.ToApp)) {
                  throw new AssertionError("the token is not known");
                }
              });

      System.out.println(validation + ": " + bytes + " bytes, " + nanos(scene, request) + " ns");
      assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES);
    }
  }

  private static long nanos(Scene scene, FakeRequest request) {
    int runs = 200_000;
    for (int i = 0; i < runs; i++) {
      scene.gate().decide(request);
    }
    // Of this thread alone: what else runs on the machine is another matter.
    long begun = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < runs; i++) {
      scene.gate().decide(request);
    }
    return (THREADS.getCurrentThreadCpuTime() - begun) / runs;
  }

  @Test
  void aTokenOfOtherScopesIsRefusedFromMemoryToo() {
    try (Scene scene = open("jwt")) {
      String other =
          scene
              .op()
              .accessToken(
                  TokenRecipe.correct().header("typ", "at+jwt").claim("scope", "write"), Map.of());
      scene.op().forgetCalls();

      for (int i = 0; i < 3; i++) {
        assertThat(scene.gate().decide(request(other)))
            .isInstanceOfSatisfying(
                Decision.Answer.class, answer -> assertThat(answer.status()).isEqualTo(403));
      }
      assertThat(scene.op().calls()).isEmpty();
    }
  }
}
