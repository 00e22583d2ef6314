package dev.gatehouse.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import java.util.ArrayList;
import java.util.List;

/** Any Cookie field: nothing in it hides our cookie, and none of ours reaches the app. */
class CookieJarFuzzTest {
  private static final CookieNames NAMES = CookieNames.of(true);
  private static final String SECRET = "0123456789-the-value-of-a-session-9876543210";

  @FuzzTest
  @Rule("TH-SES-6")
  @Rule("TH-SES-7")
  @Rule("TH-DOS-9")
  void onlyTheCookiesOfOthersAreLeft(byte[] bytes) {
    String field = new String(bytes, ISO_8859_1);
    String left = CookieJar.withoutOwn(field);

    assertThat(pairs(left)).isEqualTo(pairs(field).stream().filter(p -> !isOwn(p)).toList());
    assertThat(left == null ? null : CookieJar.withoutOwn(left)).isEqualTo(left);
    String own = NAMES.session() + "=" + SECRET;
    for (String both : List.of(field + ";" + own, own + "; " + field)) {
      assertThat(pairs(CookieJar.withoutOwn(both))).doesNotContain(own);
      CookieJar jar = CookieJar.read(NAMES, List.of(both));
      assertThat(jar.ambiguous() ? jar.sessionChunks().isEmpty() : isFirst(jar)).isTrue();
      assertThat(jar.transactions()).hasSizeLessThanOrEqualTo(64);
    }
  }

  private static boolean isFirst(CookieJar jar) {
    return jar.sessionChunks().get(0).equals(SECRET);
  }

  private static boolean isOwn(String pair) {
    int equals = pair.indexOf('=');
    return CookieNames.reserved(trimmed(equals < 0 ? pair : pair.substring(0, equals)));
  }

  /** What another reader makes of a field: RFC 6265 §5.4 in the plainest way. */
  private static List<String> pairs(String field) {
    List<String> pairs = new ArrayList<>();
    for (String part : field == null ? new String[0] : field.split(";")) {
      int equals = part.indexOf('=');
      String pair =
          equals < 0
              ? trimmed(part)
              : trimmed(part.substring(0, equals)) + "=" + trimmed(part.substring(equals + 1));
      if (!pair.isEmpty() && !pair.equals("=")) {
        pairs.add(pair);
      }
    }
    return pairs;
  }

  private static String trimmed(String text) {
    return text.replaceAll("^[ \t]+", "").replaceAll("[ \t]+\\z", "");
  }
}
