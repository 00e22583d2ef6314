package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.AttackList;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.KnownSecrets;
import dev.gatehouse.testkit.OverHttp2;
import dev.gatehouse.testkit.Reply;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to carry a token that we could think of, and beside it what is none. */
@OverHttp2
class TokenCarriersTest extends ContractTest {
  private static final String TOKEN = "carried-token-0123456789abcdef";

  @Override
  protected String configuration() {
    return """
    rules:
      - {path: /public/**, access: anonymous}
      - {path: /strip/**, access: anonymous, token-hygiene: strip, reason: old links}
      - {path: /report/**, access: anonymous, token-hygiene: report, reason: being watched}
    """;
  }

  static Stream<Arguments> carriers(String place) {
    return AttackList.columnsOf("token-carriers.txt").stream()
        .filter(columns -> columns.get(0).equals(place))
        .map(
            columns ->
                Arguments.of(carrying(TOKEN, columns.get(1)), carrying("kept", columns.get(2))));
  }

  private static String carrying(String value, String text) {
    return text.replace("TKN", value);
  }

  static Stream<Arguments> queries() {
    return carriers("query");
  }

  static Stream<Arguments> paths() {
    return carriers("path");
  }

  static Stream<Arguments> referers() {
    return carriers("referer");
  }

  /** A program's request, so that strip has it go on. */
  private Optional<Reply> send(String target, String... lines) {
    KnownSecrets.token(TOKEN);
    scene.app().forget();
    return scene
        .browser()
        .raw(
            "GET "
                + target
                + " HTTP/1.1\r\nHost: app.example\r\nAccept: */*\r\n"
                + String.join("", lines)
                + "Connection: close\r\n\r\n");
  }

  /** A container may refuse what the gate does not even see. */
  private boolean understood(Optional<Reply> reply) {
    return door.proxy() || reply.filter(App::made).isPresent();
  }

  @ParameterizedTest
  @MethodSource("queries")
  @Rule("TH-LEAK-2")
  @Rule("TH-LEAK-5")
  @Rule("TH-LEAK-6")
  @Rule("TH-LEAK-7")
  @Rule("TH-LEAK-14")
  void inTheQuery(String attack, String mended) {
    Optional<Reply> twin = send("/public/x?" + mended);
    if (!understood(twin)) {
      return;
    }
    assertThat(twin.filter(App::made)).as("%s", twin).isPresent();
    assertThat(scene.app().only().target()).isEqualTo("/public/x?" + mended);

    Reply refused = send("/public/x?" + attack).orElseThrow();
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.header("WWW-Authenticate")).contains("error=\"invalid_request\"");
    assertThat(refused.whole()).doesNotContain(TOKEN);
    assertAppUnreached();

    assertThat(send("/strip/x?" + attack).filter(App::made)).isPresent();
    assertThat(scene.app().only().everything()).doesNotContain(TOKEN).doesNotContain("ccess_token");

    assertThat(send("/report/x?" + attack).filter(App::made)).isPresent();
    assertThat(scene.app().only().target()).isEqualTo("/report/x?" + attack);
  }

  @ParameterizedTest
  @MethodSource("paths")
  @Rule("TH-LEAK-8")
  @Rule("TH-LEAK-14")
  void inThePath(String attack, String mended) {
    assertThat(send("/public" + mended).filter(App::made)).isPresent();

    for (String mode : List.of("/public", "/strip")) {
      Optional<Reply> refused = send(mode + attack);

      assertThat(refused.map(Reply::status).orElse(400)).isEqualTo(400);
      assertAppUnreached();
      refused.ifPresent(reply -> assertThat(reply.whole()).doesNotContain(TOKEN));
    }
  }

  @ParameterizedTest
  @MethodSource("referers")
  @Rule("TH-LEAK-11")
  void inReferer(String attack, String mended) {
    for (String mode : List.of("/public/x", "/strip/x", "/report/x")) {
      send(mode, "Referer: " + mended + "\r\n");
      assertThat(scene.app().only().header("Referer")).isEqualTo(mended);

      send(mode, "Referer: " + attack + "\r\n");
      assertThat(scene.app().only().everything()).doesNotContain(TOKEN);
    }
  }
}
