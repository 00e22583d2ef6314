package dev.gatehouse.keys;

import dev.gatehouse.seal.Digests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What files hold now, so that a secret or key that is replaced there takes over without a restart
 * (TH-SEC-4). What is wrong in them stays out: the last good value stays in use, and the log says
 * so once. Files are compared by content, for two changes can have one time. Safe for concurrent
 * use.
 */
public final class Watched<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Watched.class);
  private static final int MAX_BYTES = 256 * 1024;

  /** Makes a value of the files' contents. */
  public interface Reading<T> {
    /**
     * Reads {@code contents}, one for each file.
     *
     * @throws KeyRefusal when they are not what they should be
     */
    T read(List<byte[]> contents) throws KeyRefusal;
  }

  private final String setting;
  private final List<Path> files;
  private final Reading<T> reading;
  private byte[] seen; // digest of what was read last, good or bad; guarded by this
  private boolean readable = true; // guarded by this
  private volatile T value;

  private Watched(String setting, List<Path> files, Reading<T> reading, T value) {
    this.setting = setting;
    this.files = List.copyOf(files);
    this.reading = reading;
    this.value = value;
  }

  /** A value that stands in no file. */
  public static <T> Watched<T> fixed(T value) {
    return new Watched<>("", List.of(), contents -> value, value);
  }

  /**
   * A value that has been read before; {@code files} may hold another one since.
   *
   * @param setting its key in the configuration, for the log
   */
  public static <T> Watched<T> from(T value, String setting, List<Path> files, Reading<T> reading) {
    return new Watched<>(setting, files, reading, value);
  }

  /**
   * Reads the files for the first time.
   *
   * @param setting their key in the configuration, for the log
   * @throws KeyRefusal when they cannot be read or are not what they should be
   */
  public static <T> Watched<T> open(String setting, List<Path> files, Reading<T> reading)
      throws KeyRefusal {
    List<byte[]> contents = new ArrayList<>();
    for (Path file : files) {
      contents.add(contents(file));
    }
    Watched<T> watched = new Watched<>(setting, files, reading, reading.read(contents));
    synchronized (watched) {
      watched.seen = digest(contents);
    }
    return watched;
  }

  /**
   * The bytes of a file with a key.
   *
   * @throws KeyRefusal when it is missing, too large or cannot be read
   */
  public static byte[] contents(Path file) throws KeyRefusal {
    if (!Files.exists(file)) {
      throw new KeyRefusal("missing-file", "does not exist; create it");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new KeyRefusal("file-too-large", "has more than 256 KiB; no key is that long");
      }
      return bytes;
    } catch (IOException e) {
      throw new KeyRefusal("unreadable-file", "this user cannot read; check its owner and mode");
    }
  }

  /** The value as it was seen last; never does I/O. */
  public T last() {
    return value;
  }

  /** The value as it is now: looks at the files first. For work that asks the OP anyway. */
  public T current() {
    look();
    return value;
  }

  /** Looks whether the files hold another value; keeps the last good one where they hold none. */
  public synchronized void look() {
    if (files.isEmpty()) {
      return;
    }
    try {
      List<byte[]> contents = new ArrayList<>();
      for (Path file : files) {
        contents.add(contents(file));
      }
      readable = true;
      byte[] now = digest(contents);
      if (!Arrays.equals(now, seen)) {
        seen = now;
        T fresh = read(contents);
        if (!fresh.equals(value)) {
          LOG.info("{}: the changed file is in use", setting);
          value = fresh;
        }
      }
    } catch (KeyRefusal refusal) {
      keep(refusal);
    }
  }

  // A parser that stumbles must not end the looking at this file and at others. What it says may be
  // what it found.
  private T read(List<byte[]> contents) throws KeyRefusal {
    try {
      return reading.read(contents);
    } catch (RuntimeException stumble) {
      throw new KeyRefusal("bad-key", "holds what cannot be read; write it anew");
    }
  }

  // A broken content is reported once, an unreadable file once until it can be read again.
  private void keep(KeyRefusal refusal) {
    boolean unreadable =
        refusal.code().endsWith("-file") || refusal.code().equals("file-too-large");
    if (!unreadable || readable) {
      LOG.warn(
          "{}: its file changed, and now {} [{}]; the last good value stays in use",
          setting,
          refusal.getMessage(),
          refusal.code());
    }
    if (unreadable) {
      readable = false;
      seen = null;
    }
  }

  private static byte[] digest(List<byte[]> contents) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] content : contents) {
      all.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).array());
      all.writeBytes(content);
    }
    return Digests.sha256(all.toByteArray());
  }
}
