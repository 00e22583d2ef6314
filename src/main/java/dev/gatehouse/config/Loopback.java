package dev.gatehouse.config;

import java.util.regex.Pattern;

/**
 * Which hosts cannot leave this machine, judged by their spelling: a name that DNS could point
 * elsewhere is none of them.
 */
public final class Loopback {
  private static final Pattern HOST =
      Pattern.compile(
          "(?i)localhost|127(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}"
              + "|\\[?(?:::1|0:0:0:0:0:0:0:1)]?");

  private Loopback() {}

  /** Whether {@code host} is {@code localhost}, 127.0.0.0/8 in full, or {@code ::1}. */
  public static boolean isHost(String host) {
    return HOST.matcher(host).matches();
  }
}
