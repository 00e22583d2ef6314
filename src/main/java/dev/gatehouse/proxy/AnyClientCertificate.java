package dev.gatehouse.proxy;

import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * TLS that asks clients for a certificate and takes any, or none. A certificate makes nobody known
 * here: an access token names the one that it is bound to by its hash (RFC 8705 §3), which may be
 * signed by nobody but itself (§2.2, §6.2). That the client holds its key, the handshake proves.
 */
final class AnyClientCertificate extends SslContextFactory.Server {
  AnyClientCertificate() {
    setWantClientAuth(true);
  }

  @Override
  protected TrustManager[] getTrustManagers(KeyStore store, Collection<? extends CRL> crls) {
    return new TrustManager[] {new Anybody()};
  }

  /** Judges no issuer, and names none: a client may show what it likes. */
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    // This side never is a client.
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      throw new UnsupportedOperationException();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
