package dev.gatehouse.backchannel;

import dev.gatehouse.keys.ClientCertificate;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Shows one certificate to every server that asks for one. The JDK's own managers look whether the
 * server names the issuer, which it cannot for a self-signed one (RFC 8705 §2.2).
 */
final class CertificateManager extends X509ExtendedKeyManager {
  private static final String ALIAS = "gatehouse";

  private final ClientCertificate certificate;

  CertificateManager(ClientCertificate certificate) {
    this.certificate = certificate;
  }

  @Override
  public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
    return choose(keyTypes);
  }

  @Override
  public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
    return choose(keyTypes);
  }

  private String choose(String[] keyTypes) {
    return Arrays.stream(keyTypes).anyMatch(this::fits) ? ALIAS : null;
  }

  // The JDK calls Ed25519 keys EdDSA, and asks for RSASSA-PSS where any RSA key will do.
  private boolean fits(String keyType) {
    return certificate.privateKey().getAlgorithm().equals(keyType);
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return fits(keyType) ? new String[] {ALIAS} : new String[0];
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return certificate.chain().toArray(new X509Certificate[0]);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return certificate.privateKey();
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    return new String[0];
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return null;
  }
}
