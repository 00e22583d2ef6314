package dev.gatehouse.access;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

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
 * @param require claim name to the values of which the user must have at least one
 * @param scopes scope-tokens that must have been granted, all of them (RFC 6749 §3.3)
 * @param maxAge the oldest authentication that is good enough (OpenID Connect Core §3.1.2.1)
 * @param provider the name of the OP that the user must come from
 * @param handling how its requests are treated
 * @param line the line in the configuration file, 0 where there is none
 */
public record AccessRule(
    String pattern,
    Set<String> methods,
    Access access,
    Map<String, Set<String>> require,
    Set<String> scopes,
    Optional<Duration> maxAge,
    Optional<String> provider,
    Handling handling,
    int line) {
  /** A rule without conditions on the login, and nothing out of the ordinary. */
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
    require = Map.copyOf(require);
    scopes = Set.copyOf(scopes);
    Objects.requireNonNull(maxAge, "maxAge");
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(handling, "handling");
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
