package dev.gatehouse.config;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where requests to some hosts and paths go. Says nothing about who may make them. Immutable.
 *
 * @param hosts of the public URLs; empty: all
 * @param path a pattern in the language of the rules, below the base path; {@code /shop/**} holds
 *     for {@code /shop} too
 * @param targets the servers that answer, at least one; all alike
 * @param replacePrefix what the app gets in the place of all that stands before {@code **}, the
 *     base path too; without a slash at its end, so that the root is empty; absent: the path goes
 *     on as it is
 * @param balance which of several targets gets a request
 * @param healthCheck how targets are asked whether they are well; empty: they are not
 * @param ejection when a target that fails gets no requests for a while
 * @param line where it stands in the file
 */
public record UpstreamRoute(
    Set<String> hosts,
    String path,
    List<UpstreamTarget> targets,
    Optional<String> replacePrefix,
    Balance balance,
    Optional<HealthCheck> healthCheck,
    Ejection ejection,
    int line) {
  /** The pattern that fits every path. */
  public static final String EVERYTHING = "/**";

  public UpstreamRoute {
    hosts = Set.copyOf(hosts);
    Objects.requireNonNull(path, "path");
    targets = List.copyOf(targets);
    Objects.requireNonNull(replacePrefix, "replacePrefix");
    Objects.requireNonNull(balance, "balance");
    Objects.requireNonNull(healthCheck, "healthCheck");
    Objects.requireNonNull(ejection, "ejection");
  }

  /** Everything goes to that one server, as it is. */
  static UpstreamRoute everythingTo(UpstreamTarget target, int line) {
    return new UpstreamRoute(
        Set.of(),
        EVERYTHING,
        List.of(target),
        Optional.empty(),
        Balance.ROUND_ROBIN,
        Optional.empty(),
        Ejection.NEVER,
        line);
  }

  /**
   * How public paths become those of the app; empty where they are the same.
   *
   * @param basePath of the public URL
   */
  public Optional<PathPrefix> prefix(String basePath) {
    String before = path.substring(0, Math.max(0, path.lastIndexOf("/**")));
    return replacePrefix.map(atApp -> new PathPrefix(basePath + before, atApp));
  }

  /** As operators know it: the hosts, if it names any, and the path. */
  public String name() {
    String names = String.join(",", new TreeSet<>(hosts));
    return names.isEmpty() ? path : names + " " + path;
  }

  /** Whether requests to {@code host} may go there. */
  public boolean isFor(String host) {
    return hosts.isEmpty() || hosts.contains(host);
  }

  /** Which of several targets gets a request. */
  public enum Balance {
    /** One after the other. */
    ROUND_ROBIN,
    /** The one with the fewest requests under way. */
    LEAST_CONNECTIONS
  }

  /**
   * How a target is asked whether it is well.
   *
   * @param target path, and query if there is one, at the app
   * @param interval between two questions; default 10 s
   * @param timeout for an answer; default 2 s
   * @param expected what statuses tell that it is well; default 200 to 399
   * @param rise how many good answers in a row bring it back; default 2
   * @param fall how many bad ones in a row take it out; default 3
   */
  public record HealthCheck(
      String target,
      Duration interval,
      Duration timeout,
      List<Statuses> expected,
      int rise,
      int fall) {
    public HealthCheck {
      expected = List.copyOf(expected);
    }

    /** Whether {@code status} tells that the target is well. */
    public boolean expects(int status) {
      return expected.stream().anyMatch(range -> status >= range.least() && status <= range.most());
    }
  }

  /** Status codes from one to another, both included. */
  public record Statuses(int least, int most) {}

  /**
   * When a target that fails gets no requests for a while; the last of a route always gets them.
   *
   * @param after failures in a row; 0: never; default 3
   * @param time the first time; each further one in a row takes twice as long; default 10 s
   * @param mostTime the longest; default 5 minutes
   * @param onStatus whether 502, 503 and 504 of the app, and no answer in time, are failures
   */
  public record Ejection(int after, Duration time, Duration mostTime, boolean onStatus) {
    /** Nothing is ejected. */
    public static final Ejection NEVER = new Ejection(0, Duration.ZERO, Duration.ZERO, false);
  }
}
