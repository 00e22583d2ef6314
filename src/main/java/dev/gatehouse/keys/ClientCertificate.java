package dev.gatehouse.keys;

import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.seal.Digests;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** The certificate that this client shows in TLS, with its key (RFC 8705 §2). Immutable. */
public final class ClientCertificate {
  private final List<X509Certificate> chain;
  private final PrivateKey key;

  private ClientCertificate(List<X509Certificate> chain, PrivateKey key) {
    this.chain = chain;
    this.key = key;
  }

  /**
   * Reads a chain and its key in PEM form.
   *
   * @throws KeyRefusal when one is not what it should be, or they do not belong together
   */
  public static ClientCertificate read(byte[] certificates, byte[] privateKey) throws KeyRefusal {
    List<X509Certificate> chain = chain(certificates);
    PrivateKey key = PemKeys.read(privateKey, Optional.empty());
    try {
      if (!PublicHalf.belongTogether(key, chain.get(0).getPublicKey())) {
        throw new KeyRefusal(
            "certificate-mismatch",
            "begins with a certificate that is not that of client-certificate-key; put the"
                + " client's own certificate first, and name its key");
      }
    } catch (GeneralSecurityException e) {
      throw new KeyRefusal("key-type", "holds no RSA, EC or Ed25519 key that Java can use");
    }
    return new ClientCertificate(chain, key);
  }

  /**
   * Looks at the key alone, so that its faults can be told from those of the certificate.
   *
   * @throws KeyRefusal when it is no key in PEM form
   */
  public static void checkKey(byte[] privateKey) throws KeyRefusal {
    PemKeys.read(privateKey, Optional.empty());
  }

  private static List<X509Certificate> chain(byte[] pem) throws KeyRefusal {
    try {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!chain.isEmpty()) {
        return chain;
      }
    } catch (CertificateException e) {
      // said below: what the parser saw is no message for an operator
    }
    throw new KeyRefusal(
        "bad-pem", "holds no certificate in PEM form; convert it: openssl x509 -in FILE -out NEW");
  }

  /** The chain, our own certificate first. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** The private key, for the TLS handshake. */
  public PrivateKey privateKey() {
    return key;
  }

  /** The {@code x5t#S256} of our certificate (RFC 8705 §3.1). */
  public String thumbprint() {
    try {
      return Base64URL.encode(Digests.sha256(chain.get(0).getEncoded())).toString();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read can be written", e);
    }
  }

  /** The thumbprint alone. */
  @Override
  public String toString() {
    return "ClientCertificate[" + thumbprint() + "]";
  }
}
