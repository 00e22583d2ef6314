package dev.gatehouse.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the launcher make the class-data archive that it did not find, in a process of its own and
 * when the start is over, so that the next start is quicker. Nothing depends on it.
 */
final class ArchiveInBackground {
  /** The launcher names itself here when it would like an archive. */
  private static final String LAUNCHER = "gatehouse.archive.launcher";

  /** Milliseconds from the ready line; the first requests come first. */
  private static final String DELAY = "gatehouse.archive.delay";

  /** No secret of the gateway's own goes on. */
  private static final Set<String> PASSED_ON =
      Set.of("PATH", "HOME", "JAVA_HOME", "XDG_CACHE_HOME", "CACHE_DIRECTORY");

  private static final Logger LOG = LoggerFactory.getLogger(ArchiveInBackground.class);

  private ArchiveInBackground() {}

  /** Returns when it is made, has failed, or is not wanted. */
  static void make(Properties properties) throws InterruptedException {
    String launcher = properties.getProperty(LAUNCHER);
    if (launcher == null) {
      return;
    }
    TimeUnit.MILLISECONDS.sleep(Long.parseLong(properties.getProperty(DELAY, "5000")));
    ProcessBuilder archiving =
        new ProcessBuilder("/bin/sh", launcher, "archive", "--quiet")
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    archiving
        .environment()
        .keySet()
        .removeIf(name -> !PASSED_ON.contains(name) && !name.startsWith("GATEHOUSE_JAVA_"));
    try {
      Process process = archiving.start();
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      } else if (process.exitValue() == 0) {
        LOG.info("a class-data archive is there for the next start");
      }
    } catch (IOException e) {
      LOG.info("no class-data archive for the next start: {}", e.getMessage());
    }
  }
}
