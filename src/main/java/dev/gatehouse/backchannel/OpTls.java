package dev.gatehouse.backchannel;

import dev.gatehouse.keys.ClientCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Which certificate authorities vouch for the OP: the JDK's, and those of a bundle (TH-CFG-5). */
final class OpTls {
  private OpTls() {}

  /**
   * The TLS context of calls to the OP. There is no way to trust everybody.
   *
   * @param own what is shown to a server that asks for it
   * @throws IllegalArgumentException when the bundle cannot be read or holds no certificate
   */
  static SSLContext context(Optional<Path> caBundle, Optional<ClientCertificate> own) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      KeyManager[] shown =
          own.map(certificate -> new KeyManager[] {new CertificateManager(certificate)})
              .orElse(null);
      context.init(shown, caBundle.isEmpty() ? null : trusting(caBundle.get()), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "backchannel.ca-bundle: " + caBundle.map(Path::toString).orElse("none") + ": " + e, e);
    }
  }

  private static TrustManager[] trusting(Path bundle) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    List<Certificate> authorities = new ArrayList<>(jdkAuthorities());
    authorities.addAll(bundled(bundle));
    for (Certificate authority : authorities) {
      store.setCertificateEntry("ca-" + store.size(), authority);
    }
    return managers(store);
  }

  private static List<X509Certificate> jdkAuthorities() throws GeneralSecurityException {
    for (TrustManager manager : managers(null)) {
      if (manager instanceof X509TrustManager x509) {
        return List.of(x509.getAcceptedIssuers());
      }
    }
    return List.of();
  }

  private static List<Certificate> bundled(Path bundle)
      throws GeneralSecurityException, IOException {
    try (InputStream pem = Files.newInputStream(bundle)) {
      List<Certificate> found =
          List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(pem));
      if (found.isEmpty()) {
        throw new IOException("no certificate in it");
      }
      return found;
    }
  }

  private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
