package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.Reply;
import dev.gatehouse.testkit.Wire;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of several apps gets a request, and what becomes of paths on the way there and back. */
class SeveralUpstreamsTest {
  private static volatile String answer;
  private static RawUpstream rest;
  private static RawUpstream shop;
  private static RawUpstream docs;
  private static RawUpstream old;
  private static Door door;

  @BeforeAll
  static void open() {
    rest = naming("rest");
    shop = naming("shop");
    docs = naming("docs");
    old = naming("old");
    door =
        Door.reading(
            """
            upstream: %s
            upstreams:
              - {path: /shop/**, target: %s}
              - {path: /shop/*/public, target: %s}
              - {host: docs.example, path: /**, target: %s}
              - {host: docs.example, path: /shop/new/**, target: %s}
              - {path: /old/**, target: %s, replace-prefix: /legacy/app}
              - {path: /bare/**, target: %s, replace-prefix: /}
            """
                .formatted(
                    rest.uri(),
                    shop.uri(),
                    rest.uri(),
                    docs.uri(),
                    old.uri(),
                    old.uri(),
                    old.uri()));
  }

  private static RawUpstream naming(String name) {
    return new RawUpstream(
        call -> {
          call.body();
          String head =
              answer == null ? "" : answer.replace("PORT", "" + call.socket().getLocalPort());
          call.send(
              "HTTP/1.1 200 OK\r\nX-App: " + name + "\r\n" + head + "Content-Length: 0\r\n\r\n");
          return true;
        });
  }

  @AfterAll
  static void close() {
    door.close();
    List.of(rest, shop, docs, old).forEach(RawUpstream::close);
  }

  private static Reply ask(String host, String target, String fields) {
    try (Wire wire = door.wire()) {
      return wire.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "\r\n")
          .read("GET")
          .orElseThrow();
    }
  }

  private static String arrived(RawUpstream app) {
    return app.calls().get(app.calls().size() - 1).target();
  }

  @ParameterizedTest
  @CsvSource({
    "app.example, /, rest",
    "app.example, /shop, shop",
    "app.example, /shop/, shop",
    "app.example, /shop/a/b?c=/old/x, shop",
    "app.example, /shopping, rest",
    "app.example, /Shop/a, rest",
    "app.example, /shop/a/public, rest",
    "app.example, /shop/a/public/b, shop",
    "app.example, /x/old/a, rest",
    "docs.example, /, docs",
    "docs.example, /shop/a, docs",
    "docs.example, /shop/new/a, old",
    "docs.example, /old/a, docs"
  })
  void theMostSpecificPathOfTheHostWins(String host, String target, String app) {
    assertThat(ask(host, target, "").header("X-App")).isEqualTo(app);
  }

  @ParameterizedTest
  @Rule("TH-PATH-1")
  @CsvSource({
    "/old/a/b?c=d, /legacy/app/a/b?c=d",
    "/old, /legacy/app",
    "/old/, /legacy/app/",
    "/old/legacy/app, /legacy/app/legacy/app",
    "/old/%20a, /legacy/app/%20a",
    "/bare/a/b, /a/b",
    "/bare/, /",
    "/bare, /",
    "/bare?x, /?x",
    "/bare/bare/a, /bare/a"
  })
  void thePrefixAloneIsReplaced(String target, String expected) {
    assertThat(ask("app.example", target, "").header("X-App")).isEqualTo("old");
    assertThat(arrived(old)).isEqualTo(expected);
  }

  @Test
  void aPathGoesOnAsItIsWithoutAnotherPrefix() {
    ask("app.example", "/shop/a%2Cb?c", "");
    assertThat(arrived(shop)).isEqualTo("/shop/a%2Cb?c");
  }

  @ParameterizedTest
  @Rule("TH-HTTP-12")
  @CsvSource(
      delimiter = '|',
      value = {
        "Location | http://127.0.0.1:PORT/legacy/app/x?y=/legacy/app#z | https://app.example/old/x?y=/legacy/app#z",
        "Location | http://app.example/legacy/app | https://app.example/old",
        "Location | /legacy/app/x | /old/x",
        "Location | /legacy/apple | /legacy/apple",
        "Location | /elsewhere | /elsewhere",
        "Location | http://127.0.0.1:PORT/elsewhere | https://app.example/elsewhere",
        "Location | x/y | x/y",
        "Location | ../../../legacy/app/z | /old/z",
        "Location | ?a=b | ?a=b",
        "Location | https://other.example/legacy/app/x | https://other.example/legacy/app/x",
        "Location | //other.example/legacy/app/x | //other.example/legacy/app/x",
        "Location | mailto:a@b | mailto:a@b",
        "Content-Location | /legacy/app/x | /old/x",
        "Refresh | 0; url=/legacy/app/x | 0; url=/old/x",
        "Refresh | 0; url='/legacy/app/x' | 0; url='/old/x'",
        "Link | </legacy/app/a.css>; rel=preload, <https://o.example/b>; title=\"</legacy/app/>\" | </old/a.css>; rel=preload, <https://o.example/b>; title=\"</legacy/app/>\"",
        "Set-Cookie | a=b; Path=/legacy/app/x; Secure | a=b; Path=/old/x; Secure",
        "Set-Cookie | a=b; path=/; HttpOnly | a=b; path=/old; HttpOnly",
        "Set-Cookie | __Host-a=b; Path=/; Secure | __Host-a=b; Path=/; Secure",
        "Set-Cookie | a=b; Domain=127.0.0.1; Path=/legacy/app | a=b; Path=/old",
        "Set-Cookie | a=b; Domain=app.example | a=b; Domain=app.example",
        "Set-Cookie | a=b; Domain=other.example | a=b; Domain=other.example",
        "Set-Cookie | a=/legacy/app; Path | a=/legacy/app; Path",
        "X-Other | /legacy/app/x | /legacy/app/x"
      })
  void whatTheAppSaysOfItselfBecomesPublic(String field, String value, String expected) {
    answer = field + ": " + value + "\r\n";
    try {
      assertThat(ask("app.example", "/old/sub/page", "").header(field)).isEqualTo(expected);
    } finally {
      answer = null;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://app.example/old/b, https://app.example/legacy/app/b",
    "/old/b, /legacy/app/b",
    "https://app.example/secret, ''",
    "https://app.example/old/../secret, ''",
    "https://app.example/old%2F..%2Fsecret, ''",
    "https://app.example/oldest, ''",
    "https://evil.example/old/b, ''"
  })
  void aDestinationIsInWhatIsPublicOfTheApp(String destination, String expected) {
    ask("app.example", "/old/a", "Destination: " + destination + "\r\n");
    assertThat(String.join("", old.calls().get(old.calls().size() - 1).fields("Destination")))
        .isEqualTo(expected);
  }

  @Test
  void whatNoUpstreamNamesIsNotFound() {
    try (Door gaps =
            Door.reading("upstreams:\n  - {path: /shop/**, target: %s}\n".formatted(shop.uri()));
        Wire wire = gaps.wire()) {
      assertThat(
              wire.send("GET /x HTTP/1.1\r\nHost: app.example\r\n\r\n").read("GET").orElseThrow())
          .satisfies(
              reply -> {
                assertThat(reply.status()).isEqualTo(404);
                assertThat(reply.text()).isEqualTo("NOT_FOUND no-upstream");
              });
    }
  }
}
