package dev.gatehouse.jose;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import dev.gatehouse.backchannel.JsonObject;
import dev.gatehouse.seal.Secret;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Opens tokens that the OP encrypted to this client (RFC 7516, RFC 7519 §11.2). What comes out has
 * to be signed: encryption alone says nothing of who made a token, for our key is public.
 * Immutable, safe for concurrent use.
 */
public final class TokenDecrypter {
  // RFC 8725 §3.2: no RSA1_5 (padding oracles), no "dir" and no key wrapping with the client
  // secret, no passwords (p2c is work that the sender chooses). The SHA-1 of RSA-OAEP needs no
  // collision resistance.
  private static final Set<String> RSA =
      Set.of("RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512");
  private static final String DIRECT = "ECDH-ES";
  private static final Set<String> EC =
      Set.of(DIRECT, "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW");

  /** Content encryption: octets of initialization vector and authentication tag. */
  private record Sizes(int vector, int tag) {}

  private static final Map<String, Sizes> METHODS =
      Map.of(
          "A128GCM", new Sizes(12, 16),
          "A192GCM", new Sizes(12, 16),
          "A256GCM", new Sizes(12, 16),
          "A128CBC-HS256", new Sizes(16, 16),
          "A192CBC-HS384", new Sizes(16, 24),
          "A256CBC-HS512", new Sizes(16, 32));

  private static final int PARTS = 5;
  private static final TokenDecrypter NONE = new TokenDecrypter(List::of, false);

  private final Supplier<List<JWK>> keys;
  private final boolean required;

  /**
   * Opens tokens with any of {@code keys}.
   *
   * @param keys private RSA and EC keys; others, and those for signatures, are of no use
   * @param required whether a token that is not encrypted is refused
   */
  public TokenDecrypter(Supplier<List<JWK>> keys, boolean required) {
    this.keys = keys;
    this.required = required;
  }

  /** Opens nothing: an encrypted token is refused (TH-IDT-18). */
  public static TokenDecrypter none() {
    return NONE;
  }

  /** What was in the envelope. */
  public sealed interface Opening {
    /**
     * A token that has still to be verified.
     *
     * @param token the one inside, or the very one that came where it was not encrypted
     */
    record Opened(Secret token) implements Opening {}

    /**
     * The token is not to be believed.
     *
     * @param reason one fixed word: {@code encryption} where it cannot be opened, {@code
     *     not-encrypted} where it should have been
     */
    record Refused(String reason) implements Opening {}
  }

  /** Opens {@code token}; never throws for what is in it. */
  public Opening open(Secret token) {
    String[] parts = token.reveal().split("\\.", PARTS + 1);
    if (parts.length != PARTS) {
      return required ? new Opening.Refused("not-encrypted") : new Opening.Opened(token);
    }
    // One word for all that can go wrong: which it was would help only who tries.
    return Optional.of(token.reveal())
        .filter(text -> text.length() <= CompactJws.MAX_CHARS && isSound(parts))
        .flatMap(this::decrypt)
        .<Opening>map(Opening.Opened::new)
        .orElseGet(() -> new Opening.Refused("encryption"));
  }

  private static boolean isSound(String[] parts) {
    Optional<JsonObject> header = CompactJws.decode(parts[0]).flatMap(JsonObject::parse);
    Sizes sizes = header.flatMap(h -> h.text("enc")).map(METHODS::get).orElse(new Sizes(-1, -1));
    return header.filter(TokenDecrypter::isSound).isPresent()
        && CompactJws.decode(parts[1])
            .filter(key -> key.length == 0 == header.get().get("alg").equals(DIRECT))
            .isPresent()
        && CompactJws.decode(parts[2]).filter(iv -> iv.length == sizes.vector()).isPresent()
        && CompactJws.decode(parts[3]).isPresent()
        && CompactJws.decode(parts[4]).filter(tag -> tag.length == sizes.tag()).isPresent();
  }

  private static boolean isSound(JsonObject header) {
    boolean algorithm =
        header.text("alg").filter(a -> RSA.contains(a) || EC.contains(a)).isPresent();
    // RFC 7519 §5.2: what is inside is a JWT; RFC 8725 §3.6: nothing is decompressed.
    boolean content =
        !header.has("cty") || header.text("cty").filter("JWT"::equalsIgnoreCase).isPresent();
    boolean plain = !header.has("zip") && !header.has("crit") && !header.has("b64");
    return algorithm && content && plain && (!header.has("kid") || header.text("kid").isPresent());
  }

  private Optional<Secret> decrypt(String token) {
    try {
      JWEObject jwe = JWEObject.parse(token);
      for (JWK key : candidates(jwe.getHeader().getKeyID())) {
        Optional<Secret> opened = decrypt(token, key);
        if (opened.isPresent()) {
          return opened;
        }
      }
      return Optional.empty();
    } catch (ParseException e) {
      return Optional.empty();
    }
  }

  // RFC 7516 §4.1.6: kid is a hint. An OP that was given our key without its id may call it
  // otherwise, and a wrong key opens nothing.
  private List<JWK> candidates(String kid) {
    List<JWK> opening =
        keys.get().stream()
            .filter(key -> key.isPrivate() && !KeyUse.SIGNATURE.equals(key.getKeyUse()))
            .toList();
    List<JWK> named =
        opening.stream()
            .filter(key -> key.getKeyID() != null && key.getKeyID().equals(kid))
            .toList();
    return named.isEmpty() ? opening : named;
  }

  private static Optional<Secret> decrypt(String token, JWK key) throws ParseException {
    JWEObject jwe = JWEObject.parse(token);
    try {
      Optional<JWEDecrypter> decrypter =
          decrypter(key, jwe.getHeader().getAlgorithm(), jwe.getHeader().getEncryptionMethod());
      if (decrypter.isEmpty()) {
        return Optional.empty();
      }
      jwe.decrypt(decrypter.get());
      return Optional.of(Secret.of(new String(jwe.getPayload().toBytes(), UTF_8)));
    } catch (JOSEException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<JWEDecrypter> decrypter(
      JWK key, JWEAlgorithm algorithm, EncryptionMethod method) throws JOSEException {
    boolean serves =
        key.getAlgorithm() == null
            || key.getAlgorithm().getName().equals(algorithm.getName())
            || key.getAlgorithm().getName().equals(method.getName());
    if (serves && key instanceof RSAKey rsa && RSA.contains(algorithm.getName())) {
      return Optional.of(new RSADecrypter(rsa));
    }
    return serves && key instanceof ECKey ec && EC.contains(algorithm.getName())
        ? Optional.of(new ECDHDecrypter(ec))
        : Optional.empty();
  }
}
