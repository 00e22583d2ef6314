package dev.gatehouse.keys;

import static dev.gatehouse.testkit.KeyFiles.pem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.Rule;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.testkit.KeyFiles;
import java.io.ByteArrayOutputStream;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files with keys of ours: which are good, how they sign, and which are refused with what remedy.
 */
class KeyReaderTest {
  private static final RSAKey RSA = KeyFiles.rsa("rsa-1");
  private static final ECKey EC = KeyFiles.ec(Curve.P_256, "ec-1");
  private static final OctetKeyPair ED = KeyFiles.ed25519("ed-1");
  private static final Map<String, Object> CLAIMS = Map.of("iss", "gw");

  /** Made by {@code openssl pkcs8 -topk8 -v2 aes-256-cbc}, password {@code right-password}. */
  private static final String ENCRYPTED =
      """
      -----BEGIN ENCRYPTED PRIVATE KEY-----
      MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjYMRDJmeuvYQICCAAw
      DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEA6Gilj7fCQ4hIkDMRPt7mAEgZC0
      +d35S38duZ1BHR3DNDaAfSgD9gy6y0uoh2qwU99I5W+PlTGZEyD08zuIeoMcki/e
      jJfPobvAt2RF850Cq3M+s5sTSDqvAyRvfwowEDuCEkOWTmuQVQoKV8yOin5HpbUs
      vfGyQx+hPf9EexVVJtj47NF3ssbAk71K314y8IaPbwkX72JjWHXjPL0iGdpIxLU=
      -----END ENCRYPTED PRIVATE KEY-----
      """;

  private static KeySet signing(String file) throws KeyRefusal {
    return KeyReader.signing(
        file.getBytes(UTF_8), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static KeyRefusal refusal(String file) {
    KeyRefusal refusal = catchThrowableOfType(KeyRefusal.class, () -> signing(file));
    assertThat(refusal).as("refusal").isNotNull();
    assertThat(refusal).hasNoCause();
    return refusal;
  }

  /** Verifies with the published half alone, as the OP would. */
  private static void assertSigns(OwnKey key) throws Exception {
    String compact = JwtSigner.sign(key, "JWT", CLAIMS).reveal();
    JWSObject jwt = JWSObject.parse(compact);
    JWK published = JWK.parse(key.published());
    assertThat(jwt.getHeader().getKeyID()).isEqualTo(published.getKeyID());
    assertThat(jwt.getHeader().getAlgorithm().getName())
        .isEqualTo(published.getAlgorithm().getName());
    assertThat(verifies(jwt, published)).isTrue();
    assertThat(jwt.getPayload().toJSONObject()).isEqualTo(CLAIMS);
  }

  private static boolean verifies(JWSObject jwt, JWK published) throws Exception {
    if (published instanceof RSAKey rsa) {
      return jwt.verify(new RSASSAVerifier(rsa));
    }
    if (published instanceof ECKey ec) {
      return jwt.verify(new ECDSAVerifier(ec));
    }
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(ed25519(((OctetKeyPair) published).getX().decode()));
    verifier.update(jwt.getSigningInput());
    return verifier.verify(jwt.getSignature().decode());
  }

  // RFC 8410 §4: SubjectPublicKeyInfo of Ed25519 is a fixed prefix and the point.
  private static PublicKey ed25519(byte[] point) throws Exception {
    byte[] info = java.util.HexFormat.of().parseHex("302a300506032b6570032100" + "00".repeat(32));
    System.arraycopy(point, 0, info, info.length - 32, 32);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(info));
  }

  @ParameterizedTest
  @Rule("TH-TOK-4")
  @CsvSource({"RSA,PS256", "Ed25519,EdDSA"})
  void pkcs8InPemSignsByTheAlgorithmThatFits(String algorithm, String name) throws Exception {
    KeyPair pair = KeyFiles.pair(algorithm);
    OwnKey key = signing(pem("PRIVATE KEY", pair.getPrivate().getEncoded())).first();

    assertThat(key.algorithm()).contains(name);
    assertThat(key.id()).isEqualTo(JWK.parse(key.published()).computeThumbprint().toString());
    assertSigns(key);
  }

  @ParameterizedTest
  @CsvSource({"secp256r1,ES256", "secp384r1,ES384", "secp521r1,ES512"})
  void publicHalfOfAnEcKeyIsFoundThoughPkcs8LacksIt(String curve, String name) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    for (int i = 0; i < 4; i++) {
      KeyPair pair = generator.generateKeyPair();
      OwnKey key = signing(pem("PRIVATE KEY", pair.getPrivate().getEncoded())).first();

      assertThat(JWK.parse(key.published()).toECKey().toPublicKey().getEncoded())
          .isEqualTo(pair.getPublic().getEncoded());
      assertThat(key.algorithm()).contains(name);
      assertSigns(key);
    }
  }

  static Stream<JWK> jwks() {
    return Stream.of(RSA, EC, KeyFiles.ec(Curve.P_384, "ec-3"), ED);
  }

  @ParameterizedTest
  @MethodSource("jwks")
  void jwkKeepsItsId(JWK jwk) throws Exception {
    OwnKey key = signing(jwk.toJSONString()).first();

    assertThat(key.id()).isEqualTo(jwk.getKeyID());
    assertSigns(key);
  }

  @Test
  void algorithmAndIdOfTheSettingsWin() throws Exception {
    KeySet keys =
        KeyReader.signing(
            RSA.toJSONString().getBytes(UTF_8),
            Optional.empty(),
            Optional.of("main-2026"),
            Optional.of("RS256"));

    assertThat(keys.first().id()).isEqualTo("main-2026");
    assertThat(keys.first().algorithm()).contains("RS256");
    assertSigns(keys.first());
  }

  @Test
  void algorithmOfTheJwkIsKept() throws Exception {
    RSAKey jwk = new RSAKey.Builder(RSA).algorithm(com.nimbusds.jose.JWSAlgorithm.RS512).build();

    assertThat(signing(jwk.toJSONString()).first().algorithm()).contains("RS512");
  }

  @Test
  @Rule("TH-SEC-4")
  void firstOfASetSignsAndAllArePublishedWithoutAPrivateMember() throws Exception {
    KeySet keys = signing(KeyFiles.set(EC, RSA, ED.toPublicJWK()));

    assertThat(keys.first().id()).isEqualTo("ec-1");
    assertThat(keys.keys()).extracting(OwnKey::id).containsExactly("ec-1", "rsa-1", "ed-1");
    for (OwnKey key : keys.keys()) {
      assertThat(key.published())
          .containsEntry("use", "sig")
          .containsKeys("kid", "alg", "kty")
          .doesNotContainKeys("d", "p", "q", "dp", "dq", "qi", "oth", "k", "x5c", "key_ops");
    }
  }

  @Test
  void keysForEncryptionInASetDoNotSign() throws Exception {
    RSAKey forEncryption = new RSAKey.Builder(RSA).keyUse(KeyUse.ENCRYPTION).build();
    String set = KeyFiles.set(forEncryption, EC);

    assertThat(signing(set).keys()).extracting(OwnKey::id).containsExactly("ec-1");
    assertThat(KeyReader.opening(set.getBytes(UTF_8), Optional.empty()).keys())
        .extracting(OwnKey::id)
        .containsExactly("rsa-1", "ec-1");
    assertThat(refusal(KeyFiles.set(forEncryption)).code()).isEqualTo("key-use");
  }

  @Test
  @Rule("TH-SEC-3")
  void noKeyPrintsItself() throws Exception {
    KeySet keys = signing(RSA.toJSONString());

    assertThat(keys.toString() + keys.first())
        .contains("rsa-1")
        .doesNotContain(RSA.getPrivateExponent().toString())
        .doesNotContain(RSA.getFirstPrimeFactor().toString());
  }

  @Test
  void pkcs12OpensWithItsPassword() throws Exception {
    byte[] store = store("right-password");
    OwnKey key =
        KeyReader.signing(
                store, Optional.of(Secret.of("right-password")), Optional.empty(), Optional.empty())
            .first();

    assertSigns(key);
    for (Optional<Secret> password :
        java.util.List.of(Optional.<Secret>empty(), Optional.of(Secret.of("wrong-password")))) {
      KeyRefusal refusal =
          catchThrowableOfType(
              KeyRefusal.class,
              () -> KeyReader.signing(store, password, Optional.empty(), Optional.empty()));
      assertThat(refusal.code()).isEqualTo("key-password");
      assertThat(refusal.getMessage()).doesNotContain("wrong-password");
    }
  }

  private static byte[] store(String password) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    KeyStore.PrivateKeyEntry made = SelfSigned.entry();
    store.setKeyEntry(
        "k",
        made.getPrivateKey(),
        password.toCharArray(),
        new Certificate[] {made.getCertificate()});
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    store.store(out, password.toCharArray());
    return out.toByteArray();
  }

  @Test
  void pemWithAPasswordOpensWithIt() throws Exception {
    byte[] file = ENCRYPTED.getBytes(UTF_8);

    assertSigns(
        KeyReader.signing(
                file, Optional.of(Secret.of("right-password")), Optional.empty(), Optional.empty())
            .first());
    KeyRefusal wrong =
        catchThrowableOfType(
            KeyRefusal.class,
            () ->
                KeyReader.signing(
                    file, Optional.of(Secret.of("wrong")), Optional.empty(), Optional.empty()));
    assertThat(wrong.code()).isEqualTo("key-password");
    assertThat(refusal(new String(file, UTF_8)).getMessage()).contains("-password");
  }

  static Stream<Arguments> refused() throws Exception {
    KeyPair rsa = KeyFiles.pair("RSA");
    String pkcs8 = pem("PRIVATE KEY", rsa.getPrivate().getEncoded());
    RSAKey weak = KeyFiles.rsa("weak", 1024);
    RSAKey mixed =
        new RSAKey.Builder(KeyFiles.rsa("other").toRSAPublicKey())
            .privateKey(RSA.toRSAPrivateKey())
            .build();
    return Stream.of(
        Arguments.of("empty", "", "empty", ""),
        Arguments.of("white space", "  \n", "key-format", "PKCS#12"),
        Arguments.of("prose", "no key at all", "key-format", "openssl pkcs8"),
        Arguments.of("old RSA", pem("RSA PRIVATE KEY", new byte[9]), "key-format", "pkcs8 -topk8"),
        Arguments.of("old EC", pem("EC PRIVATE KEY", new byte[9]), "key-format", "pkcs8 -topk8"),
        Arguments.of("SSH", pem("OPENSSH PRIVATE KEY", new byte[9]), "key-format", "ssh-keygen"),
        Arguments.of("cut", pkcs8.substring(0, pkcs8.length() - 40), "bad-pem", "copy it again"),
        Arguments.of("not DER", pem("PRIVATE KEY", new byte[40]), "key-type", "RSA, EC"),
        Arguments.of("two keys", pkcs8 + pkcs8, "several-keys", "JWK set"),
        Arguments.of(
            "public PEM",
            pem("PUBLIC KEY", rsa.getPublic().getEncoded()),
            "public-key-only",
            "priv"),
        Arguments.of("public JWK", EC.toPublicJWK().toJSONString(), "public-key-only", "private"),
        Arguments.of(
            "public first", KeyFiles.set(EC.toPublicJWK(), RSA), "public-key-only", "first"),
        Arguments.of("weak RSA", weak.toJSONString(), "weak-key", "1024 bits"),
        Arguments.of("weak second", KeyFiles.set(EC, weak), "weak-key", "2048"),
        Arguments.of(
            "symmetric",
            new OctetSequenceKey.Builder(new byte[32]).build().toJSONString(),
            "symmetric-key",
            "client-secret"),
        Arguments.of("mixed halves", mixed.toJSONString(), "bad-key", "belong together"),
        Arguments.of(
            "other curve",
            new ECKey.Builder(EC).build().toJSONString().replace("P-256", "secp256k1"),
            "bad-key",
            "JWK"),
        Arguments.of(
            "same id twice", KeyFiles.set(EC, KeyFiles.ec(Curve.P_256, "ec-1")), "key-id", "kid"),
        Arguments.of("null in a set", "{\"keys\":[null]}", "bad-key", "JWK set"),
        Arguments.of("empty set", "{\"keys\":[]}", "bad-key", "JWK set"),
        Arguments.of("no JWK", "{\"a\":1}", "bad-key", "JWK"),
        Arguments.of("cut JSON", RSA.toJSONString().substring(0, 900), "bad-key", "JWK"),
        Arguments.of(
            "unfit alg",
            EC.toJSONString().replace("\"kid\"", "\"alg\":\"RS256\",\"kid\""),
            "key-algorithm",
            "ES256"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  @Rule("TH-SEC-3")
  void fileThatCannotSignIsRefusedWithTheRemedy(
      String what, String file, String code, String remedy) {
    KeyRefusal refusal = refusal(file);

    assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
    assertThat(refusal.getMessage()).contains(remedy).hasSizeLessThan(300);
    assertThat(refusal.getMessage())
        .doesNotContain(RSA.getPrivateExponent().toString().substring(0, 12))
        .doesNotContain(EC.getD().toString().substring(0, 12))
        .doesNotContain("MII");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HS256", "ES384", "RS256", "none", "es256", "EdDSA", ""})
  void algorithmThatDoesNotFitTheKeyIsRefused(String algorithm) {
    KeyRefusal refusal =
        catchThrowableOfType(
            KeyRefusal.class,
            () ->
                KeyReader.signing(
                    EC.toJSONString().getBytes(UTF_8),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(algorithm)));

    assertThat(refusal.code()).isEqualTo("key-algorithm");
    assertThat(refusal.getMessage()).contains("ES256");
  }

  @Test
  void privateScalarOutsideOfTheCurveIsNoKey() {
    ECKey wrong = new ECKey.Builder(EC).d(Base64URL.encode(new byte[32])).build();

    assertThat(refusal(wrong.toJSONString()).code()).isEqualTo("bad-key");
  }
}
