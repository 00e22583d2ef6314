package dev.gatehouse.access;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who may reach the paths that one pattern names. Immutable.
 *
 * <p>A pattern is written decoded and is compared segment by segment, in exact case:
 *
 * <table>
 *   <caption>The pattern language</caption>
 *   <tr><th>pattern</th><th>matches</th></tr>
 *   <tr><td>{@code /a/b}</td><td>that path</td></tr>
 *   <tr><td>{@code /a/}</td><td>that path, with its slash</td></tr>
 *   <tr><td>{@code /a/*}</td><td>one segment: {@code /a/b}; not {@code /a/}, not {@code
 *       /a/b/c}</td></tr>
 *   <tr><td>{@code /a/**}</td><td>{@code /a/} and all below; not {@code /ab}</td></tr>
 * </table>
 *
 * <p>A rule that lets more through than the default ({@code anonymous}, {@code optional}) holds for
 * these paths and for no others: {@code /public/**} does not open {@code /public}. A rule that
 * protects (all others) holds for more: {@code /admin} and {@code /admin/**} cover {@code /admin},
 * {@code /admin/}, {@code /admin.}, {@code /admin.json} and {@code /ADMIN}, which the app may serve
 * as the same page (TH-PATH-6). {@link AccessRules} says which rule wins where several match.
 *
 * @param pattern an absolute path below the base path, such as {@code /admin/**}; {@code *} is one
 *     segment, {@code **} at the end is any number of segments
 * @param methods upper-case methods; empty for all; GET stands for HEAD too
 * @param access what a request needs
 * @param hosts the host names that it is for; empty for all
 * @param networks the only addresses from which it lets anybody pass; empty for all. From elsewhere
 *     a protecting rule refuses, and of an opening rule nothing is left, see {@link
 *     AccessRules#elsewhere}
 * @param require what the claims of the user must be like
 * @param acr the authentication contexts of which one is needed, preferred first (OpenID Connect
 *     Core §2); empty for any
 * @param scopes scope-tokens that must have been granted, all of them (RFC 6749 §3.3)
 * @param maxAge the oldest authentication that is good enough (OpenID Connect Core §3.1.2.1)
 * @param provider the name of the OP that the user must come from
 * @param handling how its requests are treated
 * @param line the line in the configuration file, 0 where there is none
 */
public record AccessRule(
    String pattern,
    Set<String> methods,
    Set<String> hosts,
    List<Cidr> networks,
    Access access,
    Requirement require,
    List<String> acr,
    Set<String> scopes,
    Optional<Duration> maxAge,
    Optional<String> provider,
    Handling handling,
    int line) {
  /**
   * A rule for all hosts and networks.
   *
   * @param require claim name to the values of which the user must have at least one; {@code acr}
   *     is a demand on the login
   */
  public AccessRule(
      String pattern,
      Set<String> methods,
      Access access,
      Map<String, Set<String>> require,
      Set<String> scopes,
      Optional<Duration> maxAge,
      Optional<String> provider,
      Handling handling,
      int line) {
    this(
        pattern,
        methods,
        Set.of(),
        List.of(),
        access,
        Requirement.of(withoutAcr(require)),
        List.copyOf(new TreeSet<>(require.getOrDefault(AuthenticationDemand.ACR, Set.of()))),
        scopes,
        maxAge,
        provider,
        handling,
        line);
  }

  /** A rule without demands on the login, and nothing out of the ordinary. */
  public AccessRule(
      String pattern,
      Set<String> methods,
      Access access,
      Map<String, Set<String>> require,
      Set<String> scopes,
      int line) {
    this(
        pattern,
        methods,
        access,
        require,
        scopes,
        Optional.empty(),
        Optional.empty(),
        Handling.USUAL,
        line);
  }

  public AccessRule {
    Objects.requireNonNull(pattern, "pattern");
    methods = Set.copyOf(methods);
    Objects.requireNonNull(access, "access");
    hosts = Set.copyOf(hosts);
    networks = List.copyOf(networks);
    Objects.requireNonNull(require, "require");
    acr = List.copyOf(acr);
    scopes = Set.copyOf(scopes);
    Objects.requireNonNull(maxAge, "maxAge");
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(handling, "handling");
  }

  private static Map<String, Set<String>> withoutAcr(Map<String, Set<String>> require) {
    Map<String, Set<String>> others = new TreeMap<>(require);
    others.remove(AuthenticationDemand.ACR);
    return others;
  }

  /** Whether it lets more through than what holds where no rule is. */
  public boolean opens() {
    return access == Access.ANONYMOUS || access == Access.OPTIONAL;
  }

  /** Whether {@code client} is where the rule lets somebody pass; an unknown address never is. */
  public boolean admits(Optional<InetAddress> client) {
    return networks.isEmpty()
        || client.filter(at -> networks.stream().anyMatch(block -> block.contains(at))).isPresent();
  }

  /** What a request needs to pass. */
  public enum Access {
    /** Nothing; the app is never told who the user is. */
    ANONYMOUS,
    /** Nothing; the app is told who the user is where a session lives. */
    OPTIONAL,
    /** A session. */
    LOGIN,
    /** An access token in the Authorization header (RFC 6750 §2.1). */
    BEARER,
    /** A session, or an access token where the request carries one. */
    LOGIN_OR_BEARER,
    /** Nobody passes. */
    DENY
  }
}
