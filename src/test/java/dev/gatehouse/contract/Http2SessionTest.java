package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.DoorKind;
import dev.gatehouse.testkit.Form;
import dev.gatehouse.testkit.LeakWatch;
import dev.gatehouse.testkit.Plan;
import dev.gatehouse.testkit.RawHttp2;
import dev.gatehouse.testkit.Scene;
import dev.gatehouse.testkit.StubOp;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose request it is where one connection carries those of many, piece by piece. */
@ExtendWith(LeakWatch.class)
class Http2SessionTest {
  private static final String NOBODY = "";
  private static final int ROUNDS = 30;

  private static Scene scene;
  private static Browser alice;

  @BeforeAll
  static void open() {
    scene = Scene.open(DoorKind.PROXY_OVER_HTTP_2, "");
    alice = scene.signedIn();
  }

  @AfterAll
  static void close() {
    scene.close();
  }

  @BeforeEach
  void forget() {
    scene.app().forget();
  }

  private static RawHttp2 connect() {
    return RawHttp2.open(scene.port());
  }

  private static String sessionId() {
    return alice.cookies().get(Scene.SESSION_COOKIE);
  }

  /** The head of a navigation, and further fields. */
  private static String[] head(String method, String path, String... more) {
    List<String> fields = new ArrayList<>(List.of("accept", "text/html"));
    fields.addAll(List.of(more));
    return RawHttp2.head(method, path, fields.toArray(new String[0]));
  }

  @Test
  @Rule("TH-HDR-1")
  @Rule("TH-SES-7")
  void usersOfOneConnectionAreNeverMixedUp() {
    Browser bob = scene.signedIn(Plan.honest().user(StubOp.BOB));
    List<String> cookies = List.of(alice.cookieField(), NOBODY, bob.cookieField());
    List<String> users = List.of("alice-1", NOBODY, "bob-2");
    try (RawHttp2 client = connect()) {
      for (int i = 0; i < ROUNDS * 3; i++) {
        String cookie = cookies.get(i % 3);
        String[] fields =
            cookie.isEmpty()
                ? head("GET", "/optional/" + i + "?show")
                : head("GET", "/optional/" + i + "?show", "cookie", cookie);
        client.headers(1 + 2 * i, true, fields);
      }
      for (int i = 0; i < ROUNDS * 3; i++) {
        String shown = client.await(1 + 2 * i).text();
        for (String user : users) {
          if (!user.isEmpty()) {
            assertThat(shown.contains(user)).as(shown).isEqualTo(user.equals(users.get(i % 3)));
          }
        }
      }
    }
    assertThat(scene.app().seen()).hasSize(ROUNDS * 3);
  }

  @Test
  @Rule("TH-OUT-1")
  void anOpenConnectionKeepsNoSessionThatHasEnded() {
    Browser leaver = scene.signedIn();
    String cookie = leaver.cookieField();
    try (RawHttp2 client = connect()) {
      client.headers(1, true, head("GET", "/x", "cookie", cookie));
      assertThat(client.await(1).status()).isEqualTo(200);

      Form form = Form.in(leaver.get("/gatehouse/logout"));
      assertThat(leaver.send(form.submission()).status()).isEqualTo(303);

      client.headers(3, true, head("GET", "/x", "cookie", cookie));
      assertThat(client.await(3).status()).isEqualTo(302);
    }
    assertThat(scene.app().seen()).hasSize(1);
  }

  /** A bar parts fields; what is parted elsewhere than between cookies is no cookie. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "__Host-gh_|s=MINE",
        "__Host-gh_s|=MINE",
        "__Host-gh_s=|MINE",
        "__Host-gh_s|MINE",
        "=|__Host-gh_s|=|MINE",
        "a=\"__Host-gh_s=|MINE\"",
        "__Host-gh_s=MINE|__Host-gh_s=x",
        "__Host-gh_s=x|a=1|__Host-gh_s=MINE",
      })
  @Rule("TH-SES-7")
  void piecesOfACookieAreNone(String pieces) {
    try (RawHttp2 client = connect()) {
      client.headers(1, true, cookies("a=1||__Host-gh_s=MINE||b=2"));
      assertThat(client.await(1).status()).isEqualTo(200);
      assertThat(scene.app().only().header("X-Gatehouse-User")).isEqualTo("alice-1");
      assertThat(scene.app().only().everything()).doesNotContain(sessionId());
      scene.app().forget();

      client.headers(3, true, cookies(pieces));
      assertThat(client.await(3).status()).as(pieces).isEqualTo(302);
    }
    assertThat(scene.app().seen()).isEmpty();
  }

  private static String[] cookies(String pieces) {
    List<String> fields = new ArrayList<>();
    for (String piece : pieces.replace("MINE", sessionId()).split("\\|", -1)) {
      fields.addAll(List.of("cookie", piece));
    }
    return head("GET", "/x", fields.toArray(new String[0]));
  }

  @Test
  @Rule("TH-HDR-2")
  void trailersMakeNobodySomebody() {
    String[] fields = {
      "cookie", alice.cookieField(), "x-gatehouse-user", "evil-admin", "authorization", "Bearer x"
    };
    String[] post =
        head("POST", "/optional/x", "origin", "https://app.example", "content-type", "text/plain");
    try (RawHttp2 client = connect()) {
      client.headers(1, false, post);
      client.data(1, false, "abc");
      client.headers(1, true, fields);
      assertThat(client.await(1).status()).isEqualTo(200);
    }
    assertThat(scene.app().only().body()).isEqualTo("abc".getBytes());
    assertThat(scene.app().only().header("X-Gatehouse-User")).isNull();
    assertThat(scene.app().only().everything()).doesNotContain("evil-admin", sessionId());
  }

  /** Whoever ends the TLS in front may say either; the public URL says what it is. */
  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  @Rule("TH-AUTHZ-4")
  @Rule("TH-HTTP-7")
  void theSchemeOfARequestChangesNothing(String scheme) {
    try (RawHttp2 client = connect()) {
      String[] stranger = head("GET", "/x");
      String[] friend = head("GET", "/x", "cookie", alice.cookieField());
      stranger[3] = scheme;
      friend[3] = scheme;
      client.headers(1, true, stranger);
      client.headers(3, true, friend);

      RawHttp2.Stream sent = client.await(1);
      assertThat(sent.status()).isEqualTo(302);
      assertThat(sent.fields.get("Location"))
          .contains("redirect_uri=https%3A%2F%2Fapp.example%2Fgatehouse%2Fcallback");
      assertThat(sent.fields.getValuesList("Set-Cookie"))
          .isNotEmpty()
          .allMatch(c -> c.contains("; Secure"));
      assertThat(client.await(3).status()).isEqualTo(200);
    }
    assertThat(scene.app().only().header("X-Forwarded-Proto")).isEqualTo("https");
  }
}
