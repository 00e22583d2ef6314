package dev.gatehouse.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints which Gatehouse this is, which Java it runs on, and which build it is. */
@Command(
    name = "version",
    description = "Prints version, Java and build.",
    mixinStandardHelpOptions = true)
final class Version implements Runnable, IVersionProvider {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    for (String line : getVersion()) {
      spec.commandLine().getOut().println(line);
    }
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "gatehouse " + number(),
      "java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
      "build " + build()
    };
  }

  private static String number() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("unpackaged");
  }

  // The build is reproducible, so the jar's own digest names it: equal digests, equal builds.
  private static String build() {
    try {
      Path jar = Path.of(Version.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (!Files.isRegularFile(jar)) {
        return "unpackaged";
      }
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
      return "sha256:" + HexFormat.of().formatHex(digest) + " " + jar.getFileName();
    } catch (IOException | URISyntaxException e) {
      return "unknown";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
