package dev.gatehouse.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** A key with its certificate, made by the JDK's keytool. */
public final class TlsIdentity {
  private static final String PASSWORD = "not-a-secret";
  private static final String CLIENT = "client";

  private final KeyStore store;

  private TlsIdentity(KeyStore store) {
    this.store = store;
  }

  /** Signed by itself; for a server its {@code host} is the name that it is called by. */
  public static TlsIdentity selfSigned(String host, String algorithm) {
    Path file = KeyFiles.folder().resolve("store.p12");
    keytool(file, generate(CLIENT, algorithm, host) + " -ext san=dns:" + host + " -ext bc=ca:true");
    return new TlsIdentity(load(file));
  }

  /** Signed by an authority of its own. */
  public static TlsIdentity signedByAuthority(String name) {
    Path file = KeyFiles.folder().resolve("store.p12");
    keytool(file, generate("ca", "EC", "authority") + " -ext bc=ca:true");
    keytool(file, generate(CLIENT, "RSA", name) + " -signer ca");
    return new TlsIdentity(load(file));
  }

  private static String generate(String alias, String algorithm, String name) {
    return "-genkeypair -alias "
        + alias
        + " -keyalg "
        + algorithm
        + (algorithm.equals("EC") ? " -groupname secp256r1" : "")
        + " -storetype PKCS12 -validity 2 -dname CN="
        + name;
  }

  private static void keytool(Path store, String arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    try {
      Process keytool =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IllegalStateException("keytool failed");
      }
      store.toFile().deleteOnExit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore load(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The certificate itself. */
  public X509Certificate certificate() {
    try {
      return (X509Certificate) store.getCertificate(CLIENT);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The certificate in DER form. */
  public byte[] der() {
    try {
      return certificate().getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What tokens are bound to (RFC 8705 §3.1). */
  public String thumbprint() {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(der()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Connects to a server on loopback, whoever it is, and shows this certificate if asked. */
  public SSLSocket connect(int port, String protocol) {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD.toCharArray());
      return connect(keys.getKeyManagers(), port, protocol);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same without a certificate. */
  public static SSLSocket nobody(int port, String protocol) {
    try {
      return connect(null, port, protocol);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SSLSocket connect(KeyManager[] keys, int port, String protocol)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {new Anybody()}, null);
    try {
      SSLSocket socket =
          (SSLSocket)
              context.getSocketFactory().createSocket(InetAddress.getByName("127.0.0.1"), port);
      socket.setEnabledProtocols(new String[] {protocol});
      socket.setSoTimeout(20_000);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The chain in PEM form, the certificate itself first. */
  public String chainPem() {
    try {
      StringBuilder pem = new StringBuilder();
      for (Certificate one : store.getCertificateChain(CLIENT)) {
        pem.append(KeyFiles.pem("CERTIFICATE", one.getEncoded()));
      }
      return pem.toString();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key in PEM form (PKCS#8). */
  public String keyPem() {
    try {
      PrivateKey key = (PrivateKey) store.getKey(CLIENT, PASSWORD.toCharArray());
      return KeyFiles.pem("PRIVATE KEY", key.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A socket on loopback that shows this certificate and demands one: any at all, or one of the
   * authority of {@code trusted}.
   */
  public ServerSocket demanding(TlsIdentity... trusted) {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust(trusted), null);
      SSLServerSocket socket =
          (SSLServerSocket)
              context
                  .getServerSocketFactory()
                  .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
      socket.setNeedClientAuth(true);
      return socket;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static TrustManager[] trust(TlsIdentity... trusted) throws GeneralSecurityException {
    if (trusted.length == 0) {
      return new TrustManager[] {new Anybody()};
    }
    KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
    try {
      authorities.load(null, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (TlsIdentity one : trusted) {
      authorities.setCertificateEntry("ca-" + authorities.size(), one.store.getCertificate("ca"));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    return factory.getTrustManagers();
  }

  /** An OP that knows self-signed certificates looks at them itself (RFC 8705 §2.2). */
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
