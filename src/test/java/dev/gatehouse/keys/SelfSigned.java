package dev.gatehouse.keys;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;

/** A key with a self-signed certificate, made by the JDK's keytool. */
final class SelfSigned {
  private static final String PASSWORD = "not-a-secret";

  private SelfSigned() {}

  static KeyStore.PrivateKeyEntry entry() throws Exception {
    Path folder = Files.createTempDirectory("self-signed");
    Path file = folder.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-storetype",
                "PKCS12",
                "-validity",
                "2",
                "-dname",
                "CN=gw",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IllegalStateException("keytool failed");
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    } finally {
      Files.delete(file);
      Files.delete(folder);
    }
    return (KeyStore.PrivateKeyEntry)
        store.getEntry("k", new KeyStore.PasswordProtection(PASSWORD.toCharArray()));
  }
}
