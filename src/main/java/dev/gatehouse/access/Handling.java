package dev.gatehouse.access;

import java.util.Objects;
import java.util.Optional;

/**
 * What a rule says beside who may pass: how the requests that it holds for are treated. Immutable.
 *
 * @param tokenHygiene what happens to tokens where they do not belong; empty: as everywhere
 * @param reason why this rule differs from the rest, in the words of whoever wrote it
 * @param forwardToken whether the access token that let the request pass goes on to the app;
 *     default false (RFC 9700 §4.9)
 * @param forwardPathParameters whether {@code ;jsessionid=…} goes on to the app; default false
 * @param preflight what becomes of CORS preflights; empty: as everywhere
 * @param crossSite what of other sites' doing reaches the app; empty: as everywhere
 */
public record Handling(
    Optional<HygieneMode> tokenHygiene,
    Optional<String> reason,
    boolean forwardToken,
    boolean forwardPathParameters,
    Optional<PreflightMode> preflight,
    Optional<CrossSiteMode> crossSite) {
  /** Nothing out of the ordinary. */
  public static final Handling USUAL =
      new Handling(Optional.empty(), Optional.empty(), false, false);

  /** A rule that says nothing of browsers. */
  public Handling(
      Optional<HygieneMode> tokenHygiene,
      Optional<String> reason,
      boolean forwardToken,
      boolean forwardPathParameters) {
    this(
        tokenHygiene,
        reason,
        forwardToken,
        forwardPathParameters,
        Optional.empty(),
        Optional.empty());
  }

  public Handling {
    Objects.requireNonNull(tokenHygiene, "tokenHygiene");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(preflight, "preflight");
    Objects.requireNonNull(crossSite, "crossSite");
  }
}
