package dev.gatehouse.cli;

import dev.gatehouse.config.UpstreamTrust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS with the app as somebody would speak it who goes past the gateway: with no certificate. */
final class DirectTls {
  private DirectTls() {}

  /**
   * Trusts whom the gateway trusts.
   *
   * @throws IOException when the authorities cannot be read
   * @throws GeneralSecurityException when they are none
   */
  static SSLContext context(UpstreamTrust trust) throws IOException, GeneralSecurityException {
    if (trust.caBundle().isEmpty()) {
      return SSLContext.getDefault();
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(trust.caBundle().get())) {
      for (Certificate authority :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + store.size(), authority);
      }
    }
    TrustManagerFactory trusting =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusting.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trusting.getTrustManagers(), null);
    return context;
  }
}
