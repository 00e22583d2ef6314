package dev.gatehouse.bench.compare;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Another JVM, asked by jcmd of the JDK that runs this one. */
final class Jvm {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +[0-9]+ +([0-9]+)");

  private Jvm() {}

  /** Collects all garbage. */
  static void collect(long pid) {
    ask(pid, "GC.run");
  }

  /** What is in use of its heap; it is counted after a collection. */
  static long heapKib(long pid) {
    String histogram = ask(pid, "GC.class_histogram");
    Matcher total = TOTAL.matcher(histogram);
    if (!total.find()) {
      throw new CompareFailure("jcmd does not say what is on the heap: " + histogram);
    }
    return Long.parseLong(total.group(1)) / 1024;
  }

  private static String ask(long pid, String command) {
    return Machine.output(
        List.of(System.getProperty("java.home") + "/bin/jcmd", String.valueOf(pid), command));
  }
}
