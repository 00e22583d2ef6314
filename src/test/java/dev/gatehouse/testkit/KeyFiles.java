package dev.gatehouse.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Keys as operators keep them: in files that nobody else can read. */
public final class KeyFiles {
  private KeyFiles() {}

  /** A fresh RSA key of 2048 bits. */
  public static RSAKey rsa(String id) {
    return rsa(id, 2048);
  }

  /** A fresh RSA key, perhaps a weak one. */
  public static RSAKey rsa(String id, int bits) {
    try {
      return new RSAKeyGenerator(bits, true).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A fresh EC key. */
  public static ECKey ec(Curve curve, String id) {
    try {
      return new ECKeyGenerator(curve).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A fresh Ed25519 key. */
  public static OctetKeyPair ed25519(String id) {
    KeyPair pair = pair("Ed25519");
    byte[] info = pair.getPublic().getEncoded();
    byte[] x = Arrays.copyOfRange(info, info.length - 32, info.length);
    byte[] d = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x))
        .d(Base64URL.encode(d))
        .keyID(id)
        .build();
  }

  /** A fresh pair of the JDK's; of EC on P-256, for what is usual has changed between releases. */
  public static KeyPair pair(String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("EC")) {
        generator.initialize(256);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A PEM block (RFC 7468). */
  public static String pem(String label, byte[] der) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), label);
  }

  /** A set with the private halves. */
  public static String set(JWK... keys) {
    return new JWKSet(List.of(keys)).toString(false);
  }

  /** A folder that goes with this run. */
  public static Path folder() {
    try {
      Path folder = Files.createTempDirectory("gatehouse-keys");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts {@code text} in the place of the file at once, as operators are told to. */
  public static Path write(Path file, String text) {
    return write(file, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** The same for bytes. */
  public static Path write(Path file, byte[] bytes) {
    try {
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.write(fresh, bytes);
      file.toFile().deleteOnExit();
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
      return Files.move(
          fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
