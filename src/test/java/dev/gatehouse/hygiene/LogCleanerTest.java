package dev.gatehouse.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a log may show of a URL and of a message. */
class LogCleanerTest {
  private final LogCleaner cleaner = new LogCleaner(WatchedNames.BY_DEFAULT);

  @ParameterizedTest
  @Rule("TH-LEAK-14")
  @CsvSource({
    "page=3&q=red+shoes, page=3&q=red+shoes",
    "a=%2F&b, a=%2F&b",
    "a=1&access_token=T&b=2, a=1&access_token=***&b=2",
    "access%5Ftoken=T, access%5Ftoken=***",
    "ACCESS_TOKEN=T;b=2, ACCESS_TOKEN=***;b=2",
    "access_token[]=T, access_token[]=***",
    "code=T&state=T, code=***&state=***",
    "password=T, password=***",
    "next=%2Fp%3Faccess_token%3DT, next=***",
    "next=/p?access_token=T, next=/p?access_token=***",
    "a=1%26access_token=T, a=***",
    "a%26access_token=T, a%26access_token=***",
    "t=0123456789abcdef0123456789abcdef, t=***",
    "0123456789abcdef0123456789abcdef, ***",
    "t=%2541, t=***",
    "t=eyJhbGciOiJub25lIn0.e30.x, t=***",
    "'', ''",
  })
  void inAQuery(String query, String shown) {
    assertThat(cleaner.query(query)).isEqualTo(shown);
  }

  @ParameterizedTest
  @Rule("TH-LEAK-14")
  @CsvSource({
    "/a/b, /a/b",
    "/a%20b/c, /a%20b/c",
    "/a;access_token=T/c, /a",
    "/a/access_token=T, /a/***",
    "/a/b%3Faccess_token=T, /a/***",
    "/a/b%253Faccess_token%253DT, /a/***",
    "/a/x&access_token=T, /a/***",
    "/reset/eyJhbGciOiJub25lIn0.e30.x, /reset/***",
    "/a/b=c, /a/b=c",
  })
  void inAPath(String path, String shown) {
    assertThat(cleaner.path(path)).isEqualTo(shown);
  }

  @ParameterizedTest
  @Rule("TH-LEAK-14")
  @CsvSource({
    "Connection refused, Connection refused",
    "bad target /a?access_token=T HTTP/1.1, bad target /a?*** HTTP/1.1",
    "GET https://a.example/p?x=T failed, GET https://a.example/p?*** failed",
    "header Authorization: Bearer T, header Authorization: Bearer ***",
    "got access_token=T here, got access_token=*** here",
    "got a&id_token=T here, got a&id_token=*** here",
    "'{\"access_token\":\"T\"}', '{\"access_token\":***'",
    "access%5Ftoken=T, ***",
    "token eyJhbGciOiJub25lIn0.e30.x is bad, token *** is bad",
    "a=b c:d, a=b c:d",
  })
  void inAMessage(String text, String shown) {
    assertThat(cleaner.text(text)).isEqualTo(shown);
  }
}
