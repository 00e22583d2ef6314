package dev.gatehouse.bench.compare;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;

/** The head of the report. */
final class HowToRead {
  private static final String TEXT =
      """
      # Gatehouse beside nginx and Apache httpd

      Written by `src/bench/compare`; no figure here is typed by hand. Last run: %s.

      | | |
      | --- | --- |
      | machine | %d cores of %s, %d MiB, %s |
      | nginx | %s |
      | Apache httpd | %s |
      | mod_auth_openidc | %s |
      | wrk | %s |
      | access logs | %s in every server; errors are always logged |

      ```sh
      src/bench/compare                  # all parts: throughput latency idle startup sessions
      src/bench/compare throughput       # one of them; its figures replace the earlier ones
      JAVA_HOME=/opt/jdk-25 src/bench/compare
      ROUNDS=9 SECONDS=10 src/bench/compare throughput latency
      ```

      ## How to read

      All servers run on the machine that also makes the load, on loopback, without TLS, in front of
      one nginx with %d processes that serves files. One of them is loaded at a time, by turns; every
      other round goes in the opposite order. What stands in a cell is the median of the rounds and, in
      parentheses, the lowest and the highest. A ratio is made within a round, and the median is that of
      the ratios. `CPU of others` is the share of the CPU time that went to processes which do not belong
      to the comparison: where it is more than a few per cent, requests per second and latencies say
      little, CPU per request still says something.

      - **CPU per request** is user and system time of all processes of the server, from
        `/proc/PID/stat`, over the requests that were answered. It does not depend on how the cores are
        shared with the load generator; requests per second do.
      - Load comes from `wrk` with 64 connections and %d threads; each measurement is preceded by a
        second that is not counted. wrk waits for an answer before it sends the next request, so its
        p50 and p99 are those of a server at its limit.
      - **p99 at half load** comes from a generator of our own that sends at a fixed rate on 64
        connections, whatever the answers do, and counts from when a request was due (no coordinated
        omission). It measures the origin too, without any proxy: what it shows there is its own noise
        and the origin's. The rate is half of what Gatehouse reached with a live session.
      - Every login is real: the redirects to an OP of the tests, the code, the token request. A way is
        measured only after it has answered with the very file, and has refused to do so without the
        credential and with a wrong one; after the measurement the file is asked for again. The bare
        proxies get no credential at all, and so less to read and to pass on than the others.
      - Gatehouse is the unpacked distribution under its own launcher with no option but the log level;
        idle connections may last ten minutes, and there may be enough of them to the origin for 5,000
        WebSockets.
        Each way in gets %d s of full load before anything is measured, or up to thrice that until it
        has answered 60,000 requests, and before latencies thrice that at their rate: until then
        the compiler takes more than the requests. Every few seconds of it begin with a login and with
        requests that are refused, as the measurements do. It tells the origin three identity headers.
      - nginx: a process for each core, `reuseport`, 128 connections kept to the origin, no temporary
        files, `X-Forwarded-For` and `-Proto` set as the others do.
      - Apache: mpm_event, a process for each core with 64 threads each, connections kept on both
        sides, no module beyond those needed, no `.htaccess`.
      - mod_auth_openidc: the same, `OIDCSessionType server-cache`, `OIDCCacheType shm`, claims as
        headers alone, a session without a write for each request.
      """;

  private HowToRead() {}

  static String text(Options options) throws IOException {
    return TEXT.formatted(
        LocalDate.now(),
        Options.cores(),
        Machine.cpu(),
        Machine.memoryMib(),
        Machine.kernel(),
        Machine.said(List.of("nginx", "-v"), 0).replace("nginx version: ", ""),
        Machine.said(List.of("apache2", "-v"), 0).replace("Server version: ", ""),
        debian("libapache2-mod-auth-openidc"),
        debian("wrk"),
        options.accessLog() ? "on" : "off",
        Options.cores(),
        Options.cores(),
        options.warmUp());
  }

  private static String debian(String name) {
    return Machine.said(List.of("dpkg-query", "-W", "-f", "${Version}", name), 0);
  }
}
