package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.crypto.spec.PBEParameterSpec;

/** Reads the PEM files that operators have (RFC 7468) into what Java's TLS wants. */
final class PemKeyStore {
  /** The store lives in memory only; Java wants a password nevertheless. */
  static final String PASSWORD = "in-memory";

  /** The name of the one entry. */
  static final String ALIAS = "gatehouse";

  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "Ed25519");

  private PemKeyStore() {}

  /**
   * A store with one entry.
   *
   * @param certificate the chain, the server's own certificate first
   * @param privateKey the key in PKCS#8, not encrypted (RFC 5208 §5)
   * @throws IOException when a file cannot be read
   * @throws GeneralSecurityException when one does not hold what it should, or the key does not
   *     belong to the certificate; the message says which and holds nothing secret
   */
  static KeyStore read(Path certificate, Path privateKey)
      throws IOException, GeneralSecurityException {
    return of(
        certificate, Files.readAllBytes(certificate), privateKey, Files.readAllBytes(privateKey));
  }

  /** As the other, of what the files hold. */
  static KeyStore of(Path certificate, byte[] chainPem, Path privateKey, byte[] keyPem)
      throws IOException, GeneralSecurityException {
    Certificate[] chain = chain(certificate, chainPem);
    PrivateKey key = key(privateKey, new String(keyPem, US_ASCII));
    if (!belongTogether(key, chain[0])) {
      throw new GeneralSecurityException(
          privateKey + " is not the key of the first certificate in " + certificate);
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setEntry(ALIAS, new KeyStore.PrivateKeyEntry(key, chain), quickly());
    return store;
  }

  /**
   * The store never leaves memory, so nobody will guess at its password: the 10000 rounds that Java
   * has for that, once in and once out, would only delay the start by a fifth of a second.
   */
  private static KeyStore.ProtectionParameter quickly() {
    return new KeyStore.PasswordProtection(
        PASSWORD.toCharArray(),
        "PBEWithHmacSHA256AndAES_256",
        new PBEParameterSpec(new byte[16], 1));
  }

  /**
   * A store that trusts the authorities in {@code bundle} and no others.
   *
   * @throws IOException when the file cannot be read
   * @throws GeneralSecurityException when it does not hold certificates
   */
  static KeyStore trusting(Path bundle) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (Certificate authority : chain(bundle, Files.readAllBytes(bundle))) {
      store.setCertificateEntry("authority-" + store.size(), authority);
    }
    return store;
  }

  private static Certificate[] chain(Path file, byte[] pem)
      throws IOException, GeneralSecurityException {
    try (InputStream in = new ByteArrayInputStream(pem)) {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(in)
              .toArray(new Certificate[0]);
      if (chain.length == 0) {
        throw new CertificateException(file + " holds no certificate");
      }
      return chain;
    } catch (CertificateException e) {
      throw new CertificateException(file + " is not a chain of PEM certificates", e);
    }
  }

  private static PrivateKey key(Path file, String pem) throws GeneralSecurityException {
    int begin = pem.indexOf(BEGIN);
    int end = pem.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new InvalidKeySpecException(
          file
              + " is not a PKCS#8 key without a password; convert it:"
              + " openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
    } catch (IllegalArgumentException e) {
      throw new InvalidKeySpecException(file + " is not base64 between its lines", e);
    }
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        continue; // the encoding names its algorithm; only that one's factory takes it
      }
    }
    throw new InvalidKeySpecException(file + " holds no RSA, EC or Ed25519 key");
  }

  private static boolean belongTogether(PrivateKey key, Certificate certificate)
      throws GeneralSecurityException {
    if (!(certificate instanceof X509Certificate own)
        || !own.getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
      return false;
    }
    Signature signature =
        Signature.getInstance(
            switch (key.getAlgorithm()) {
              case "RSA" -> "SHA256withRSA";
              case "EC" -> "SHA256withECDSA";
              default -> "Ed25519";
            });
    byte[] sample = "gatehouse".getBytes(US_ASCII);
    signature.initSign(key);
    signature.update(sample);
    byte[] signed = signature.sign();
    signature.initVerify(own.getPublicKey());
    signature.update(sample);
    return signature.verify(signed);
  }
}
