package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.RawHttp2;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.SeenRequest;
import dev.gatehouse.testkit.TokenRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What tells a preflight in HTTP/2, where a body needs no field that announces it. */
@ParameterizedClass(name = "{0}")
@EnumSource(
    value = DoorKind.class,
    names = {"PROXY_OVER_HTTP_2", "FILTER_IN_JETTY", "FILTER_IN_TOMCAT"})
@ExtendWith(LeakWatch.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2PreflightTest {
  private static final String BODY = "x=1&y=2";

  @Parameter DoorKind door;

  private Scene scene;

  @BeforeParameterizedClassInvocation
  void open() {
    scene =
        Scene.open(
            door,
            """
            bearer: {audience: https://api.example}
            rules:
              - {path: /api/**, access: bearer, cors-preflight: to-app}
              - {path: /pages/**, access: login, cors-preflight: to-app}
            """);
  }

  @AfterParameterizedClassInvocation
  void close() {
    scene.close();
  }

  @BeforeEach
  void forget() {
    scene.app().forget();
  }

  private static String[] head(String path, String... more) {
    List<String> fields =
        new ArrayList<>(
            List.of("origin", "https://spa.example", "access-control-request-method", "PUT"));
    fields.addAll(List.of(more));
    return RawHttp2.head("OPTIONS", path, fields.toArray(new String[0]));
  }

  private static void send(RawHttp2 client, int stream, boolean last, String[] head) {
    client.frame(
        RawHttp2.HEADERS,
        RawHttp2.END_HEADERS | (last ? RawHttp2.END_STREAM : 0),
        stream,
        RawHttp2.indexedBlock(head));
  }

  @ParameterizedTest
  @Rule("TH-BEAR-22")
  @ValueSource(strings = {"/api/x", "/pages/x"})
  void aBodyWithoutALengthMakesItNoPreflight(String path) {
    try (RawHttp2 client = RawHttp2.open(scene.port())) {
      send(client, 1, true, head(path));
      assertThat(client.await(1).status()).isEqualTo(200);
      assertThat(scene.app().only().body()).isEmpty();
      scene.app().forget();

      send(client, 3, false, head(path));
      send(client, 5, true, RawHttp2.head("GET", "/gatehouse/session"));
      assertThat(client.await(5).status()).as("while the body is on its way").isEqualTo(401);
      client.data(3, true, BODY);

      assertThat(client.awaitStatus(3, 401).status()).isEqualTo(401);
      assertThat(scene.app().seen()).isEmpty();
    }
  }

  /** What was read of it to know that it is there is not lost. */
  @ParameterizedTest
  @Rule("TH-BEAR-22")
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded"})
  void whoeverMayAskTheAppIsHeardToTheEnd(String type) {
    String token =
        scene
            .op()
            .accessToken(TokenRecipe.correct().header("typ", "at+jwt"), Map.<String, Object>of());
    try (RawHttp2 client = RawHttp2.open(scene.port())) {
      send(
          client,
          1,
          false,
          head("/api/x", "authorization", "Bearer " + token, "content-type", type));
      client.data(1, true, BODY);

      assertThat(client.await(1).status()).isEqualTo(200);
    }
    SeenRequest seen = scene.app().only();
    assertThat(seen.body()).asString().isEqualTo(BODY);
    assertThat(seen.header("X-Gatehouse-User")).isEqualTo("alice-1");
  }

  @Test
  @Rule("TH-BEAR-22")
  void aLengthOfZeroIsNoBody() {
    try (RawHttp2 client = RawHttp2.open(scene.port())) {
      send(client, 1, true, head("/api/x", "content-length", "0"));
      assertThat(client.await(1).status()).isEqualTo(200);
    }
    assertThat(scene.app().seen()).hasSize(1);
  }
}
