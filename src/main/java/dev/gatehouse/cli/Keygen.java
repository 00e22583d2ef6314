package dev.gatehouse.cli;

import dev.gatehouse.seal.RandomTokens;
import java.security.SecureRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a fresh key for {@code session.keys}: 256 random bits in base64url (TH-SEC-9). */
@Command(
    name = "keygen",
    description = "Prints a new key for session.keys.",
    mixinStandardHelpOptions = true)
final class Keygen implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().getOut().println(new RandomTokens(new SecureRandom()).next());
  }
}
