package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.App;
import dev.gatehouse.testkit.Ask;
import dev.gatehouse.testkit.Browser;
import dev.gatehouse.testkit.ContractTest;
import dev.gatehouse.testkit.KnownSecrets;
import dev.gatehouse.testkit.Reply;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What Connection and Upgrade may say. HTTP/2 has neither field (RFC 9113 §8.2.2), and RFC 8441 is
 * not offered.
 */
class ConnectionFieldsTest extends ContractTest {
  @Override
  protected String configuration() {
    return """
    cross-site: {trusted-origins: ["https://pay.example", "https://b.example:8443"]}
    rules:
      - {path: /return/**, access: login, cross-site: allow}
      - {path: /public/**, access: anonymous}
    """;
  }

  @Test
  @Rule("TH-HDR-3")
  @Rule("TH-HTTP-2")
  void connectionFieldCannotRemoveWhatTheGatewayAdds() {
    Browser user = scene.signedIn();
    for (String named :
        List.of(
            "X-Gatehouse-User",
            "x_gatehouse_user",
            "Cookie",
            "authorization",
            "HOST",
            "Content-Length",
            "Forwarded",
            "X-Forwarded-For",
            "x-forwarded-proto")) {
      scene.app().forget();
      Ask ask = Ask.get("/x").header("Connection", "close, " + named);
      Reply reply = user.send(ask);
      assertThat(reply.status()).as(named).isEqualTo(400);
      assertThat(scene.app().seen()).as(named).isEmpty();
    }
    scene.app().forget();
    assertThat(App.made(user.send(Ask.get("/x").header("Connection", "close, X-Hop")))).isTrue();
  }

  @Test
  @Rule("TH-LEAK-16")
  void anUpgradeIsLookedAtToo() {
    String head =
        "GET /public/x%s HTTP/1.1\r\nHost: app.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Origin: https://app.example\r\n\r\n";
    Optional<Reply> refused =
        scene
            .browser()
            .raw(
                head.formatted(
                    "?access_token=" + KnownSecrets.token("opaque-token-of-a-client-1234567890")));

    assertThat(refused.map(Reply::status)).contains(400);
    assertAppUnreached();
    scene.browser().raw(head.formatted("?a=1"));
    assertThat(scene.app().seen()).hasSize(1);
  }

  @ParameterizedTest
  @Rule("TH-HTTP-11")
  @Rule("TH-CSRF-4")
  @CsvSource(
      nullValues = "-",
      value = {
        "https://app.example, true",
        "https://pay.example, true",
        "https://evil.example, false",
        "https://app.example.evil.example, false",
        "null, false",
        "-, false",
      })
  void webSocketIsOpenedByOurPagesAndTrustedOnesAlone(String origin, boolean may) {
    Browser user = scene.signedIn();
    Ask ask =
        Ask.get("/return/socket")
            .kind(Ask.Kind.WEBSOCKET)
            .header("Connection", "Upgrade")
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
            .header("Cookie", user.cookieField());
    scene.app().forget();

    Reply reply = user.send(origin == null ? ask : ask.header("Origin", origin));

    if (may) {
      assertThat(scene.app().seen()).hasSize(1);
    } else {
      assertThat(reply.status()).isEqualTo(403);
      assertAppUnreached();
    }
  }
}
