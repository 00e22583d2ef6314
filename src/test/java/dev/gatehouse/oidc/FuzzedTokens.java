package dev.gatehouse.oidc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gatehouse.backchannel.AddressRule;
import dev.gatehouse.backchannel.OpClient;
import dev.gatehouse.jose.JwsVerifier;
import dev.gatehouse.jose.PinnedKeys;
import dev.gatehouse.jose.RefetchBudget;
import dev.gatehouse.seal.Secret;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;

/**
 * Turns a fuzzer's bytes into tokens that are signed: header and claims, parted by the first line
 * end. So the fuzzer reaches what stands behind the signature.
 */
final class FuzzedTokens {
  static final String ISSUER = "https://op.example";
  static final Clock CLOCK = Clock.fixed(TestTokens.NOW, ZoneOffset.UTC);

  private static final Secret KEY = Secret.of("a-key-that-everybody-knows-0123456789");

  private FuzzedTokens() {}

  /** The compact form, signed. */
  static Secret signed(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    int end = text.indexOf('\n');
    String header = end < 0 ? "{\"alg\":\"HS256\"}" : text.substring(0, end);
    String claims = end < 0 ? text : text.substring(end + 1);
    String input = encode(header) + "." + encode(claims);
    return Secret.of(
        input + "." + TestTokens.base64url(TestKey.mac(KEY.reveal().getBytes(US_ASCII), input)));
  }

  private static String encode(String text) {
    return TestTokens.base64url(text.getBytes(ISO_8859_1));
  }

  /** Believes those tokens; has no other keys and asks nobody for any. */
  static JwsVerifier verifier() {
    OpClient client =
        new OpClient(StubOp.backchannel(), new AddressRule("op.example", false), false);
    return new JwsVerifier(
        Set.of("HS256"),
        () -> Optional.of(KEY),
        new PinnedKeys(client, Optional::empty, CLOCK),
        RefetchBudget.forLogins(CLOCK),
        RefetchBudget.forLogins(CLOCK));
  }
}
