package dev.gatehouse.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gatehouse.Rule;
import dev.gatehouse.seal.Secret;
import java.util.List;
import java.util.regex.Pattern;

/** Any text for an Authorization field, or for several. */
class BearerCredentialFuzzTest {
  private static final Pattern CREDENTIAL =
      Pattern.compile("(?i:(Bearer|DPoP)) +([A-Za-z0-9._~+/-]+=*)");

  @FuzzTest
  @Rule("TH-BEAR-1")
  void aTokenIsExactlyWhatTheGrammarSays(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    List<String> fields = List.of(text.split("\n", -1));
    BearerCredential read = BearerCredential.read(fields);

    var match = CREDENTIAL.matcher(fields.get(0));
    boolean credential =
        fields.size() == 1 && text.length() <= BearerCredential.MAX_CHARS && match.matches();
    assertThat(read instanceof BearerCredential.Token).isEqualTo(credential);
    if (read instanceof BearerCredential.Token token) {
      assertThat(token.value().reveal()).isEqualTo(match.group(2));
      assertThat(token.scheme().spelling()).isEqualToIgnoringCase(match.group(1));
      assertThat(token.hash()).isEqualTo(TokenHash.of(Secret.of(match.group(2))));
    }
  }
}
