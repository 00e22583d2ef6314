package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate (X.509 v1, RFC 5280 §4.1) that nobody trusts but whoever made it. */
final class ThrowawayCertificate {
  private static final int SEQUENCE = 0x30;

  /** {@code ecdsa-with-SHA256} (RFC 5758 §3.2). */
  private static final byte[] ALGORITHM = HexFormat.of().parseHex("300a06082a8648ce3d040302");

  /** {@code CN=localhost}. */
  private static final byte[] NAME =
      HexFormat.of().parseHex("30143112301006035504030c096c6f63616c686f7374");

  private ThrowawayCertificate() {}

  /**
   * Writes a new one and its key as PEM (RFC 7468).
   *
   * @return what trusts it and nothing else
   */
  static SSLContext make(Path certificate, Path key) throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    byte[] signed = signed(pair);
    write(certificate, "CERTIFICATE", signed);
    write(key, "PRIVATE KEY", pair.getPrivate().getEncoded());
    return trusting(
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(signed)));
  }

  private static byte[] signed(KeyPair pair) throws GeneralSecurityException {
    byte[] serial = {2, 1, 1};
    byte[] validity =
        der(
            SEQUENCE,
            der(0x17, "200101000000Z".getBytes(US_ASCII)),
            der(0x17, "491231235959Z".getBytes(US_ASCII)));
    byte[] content =
        der(SEQUENCE, serial, ALGORITHM, NAME, validity, NAME, pair.getPublic().getEncoded());
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(content);
    return der(SEQUENCE, content, ALGORITHM, der(3, new byte[1], signature.sign()));
  }

  /** One value in DER (X.690 §8.1); none of ours is longer than 65535 bytes. */
  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    value.write(tag);
    if (all.size() < 0x80) {
      value.write(all.size());
    } else if (all.size() < 0x100) {
      value.write(0x81);
      value.write(all.size());
    } else {
      value.write(0x82);
      value.write(all.size() >> 8);
      value.write(all.size());
    }
    value.writeBytes(all.toByteArray());
    return value.toByteArray();
  }

  private static void write(Path file, String label, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(
        file, "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n");
  }

  private static SSLContext trusting(Certificate certificate)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("own", certificate);
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }
}
