package dev.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** The program of the standalone gateway: {@code java -jar gatehouse.jar COMMAND}. */
public final class Gatehouse {
  /** The configuration is refused: {@code EX_CONFIG} of sysexits.h. */
  static final int REFUSED = 78;

  private Gatehouse() {}

  /** Runs one command and ends the process with its exit status. */
  public static void main(String[] arguments)
      throws InterruptedException, IOException, GeneralSecurityException {
    Logging.useShippedSetUp();
    PrintWriter out = new PrintWriter(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, UTF_8);
    System.exit(execute(out, err, arguments));
  }

  /** Picocli comes in only where it is needed: it takes a quarter of a start. */
  private static int execute(PrintWriter out, PrintWriter err, String... arguments)
      throws InterruptedException, IOException, GeneralSecurityException {
    if (arguments.length == 1 && arguments[0].equals(Rehearsal.COMMAND)) {
      Rehearsal.perform(err);
      return 0;
    }
    Optional<PlainRun> plain = PlainRun.of(arguments);
    return plain.isPresent()
        ? plain.get().serving(System.getenv(), out, err).call()
        : Commands.line(System.getenv(), arguments).setOut(out).setErr(err).execute(arguments);
  }
}
