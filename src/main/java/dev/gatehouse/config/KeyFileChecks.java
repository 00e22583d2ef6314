package dev.gatehouse.config;

import dev.gatehouse.config.GatehouseConfig.Tls;
import dev.gatehouse.config.Provider.KeyFile;
import dev.gatehouse.keys.ClientCertificate;
import dev.gatehouse.keys.KeyRefusal;
import dev.gatehouse.keys.Watched;
import java.nio.file.Path;

/**
 * Looks whether the files with this client's keys hold what they should, at the start: a key that
 * does not work is told before the first user needs it.
 */
final class KeyFileChecks {
  private final Values values;
  private final SecretFiles secretFiles;
  private final String prefix;

  KeyFileChecks(Values values, SecretFiles secretFiles, String prefix) {
    this.values = values;
    this.secretFiles = secretFiles;
    this.prefix = prefix;
  }

  /** A check of a file's content. */
  private interface Reading {
    void of(byte[] contents) throws KeyRefusal;
  }

  /** Refuses what cannot sign. */
  void checkSigning(String name, KeyFile key) {
    check(name, key.file(), key::signing);
  }

  /** Refuses what cannot decrypt. */
  void checkOpening(String name, KeyFile key) {
    check(name, key.file(), key::opening);
  }

  /** Refuses a certificate and a key that do not belong together. */
  void checkCertificate(Tls files) {
    String keyName = "client-certificate-key";
    check(
        keyName,
        files.privateKey(),
        key -> {
          ClientCertificate.checkKey(key);
          check(
              "client-certificate",
              files.certificate(),
              chain -> ClientCertificate.read(chain, key));
        });
  }

  private void check(String name, Path file, Reading reading) {
    String key = prefix + name;
    boolean secret = !name.equals("client-certificate");
    if (!values.isSound(key, key + "-password")) {
      return;
    }
    try {
      byte[] contents = Watched.contents(file);
      if (secret) {
        secretFiles.checkMode(key, values.line(key), file);
      }
      reading.of(contents);
    } catch (KeyRefusal refusal) {
      // What the file alone cannot say is told at the key that says it.
      String at =
          switch (refusal.code()) {
            case "key-password" -> key + "-password";
            case "key-algorithm" -> prefix + algorithmOf(name);
            default -> key;
          };
      values.error(refusal.code(), at, message(key, file, at, refusal));
    }
  }

  private static String algorithmOf(String name) {
    return name.equals("key") ? "algorithm" : "client-key-algorithm";
  }

  private String message(String key, Path file, String at, KeyRefusal refusal) {
    boolean here = at.equals(key) || !values.isWritten(at);
    return here
        ? "names " + file + ", which " + refusal.getMessage()
        : "is not that of " + key + ": " + file + " " + refusal.getMessage();
  }
}
