package dev.gatehouse.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Says which files with secrets other users of the machine can read (TH-SEC-2). */
final class SecretFiles {
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Problems problems;

  SecretFiles(Problems problems) {
    this.problems = problems;
  }

  /** Warns where group or others may read or write {@code file}; silent without POSIX modes. */
  void checkMode(String key, int line, Path file) {
    try {
      Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
      mode.addAll(Files.getPosixFilePermissions(file));
      mode.retainAll(OTHERS);
      if (!mode.isEmpty()) {
        problems.warn(
            "secret-file-mode",
            key,
            line,
            "comes from " + file + ", open to other users of this machine; chmod 600 it");
      }
    } catch (IOException | UnsupportedOperationException e) {
      // Not a POSIX file system: there is no mode to judge.
      return;
    }
  }
}
