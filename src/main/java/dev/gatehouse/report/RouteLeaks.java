package dev.gatehouse.report;

import dev.gatehouse.access.HygieneMode;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a route may be switched to enforce, and who would break.
 *
 * @param route the pattern of its rules
 * @param requests how many came since the start, with tokens and without
 * @param refusable leaks that enforce refuses, or would refuse; empty where none was seen
 */
public record RouteLeaks(
    String route, List<RouteMode> modes, long requests, Optional<LeakRow> refusable) {
  public RouteLeaks {
    Objects.requireNonNull(route, "route");
    modes = List.copyOf(modes);
  }

  /** What there is to say about a route. */
  public enum Verdict {
    /** Tokens are refused here, and some were. */
    REFUSING,
    /** Tokens are refused here, and none came. */
    ENFORCED,
    /** Clients send tokens here that enforce would refuse. */
    BREAKS,
    /** Requests came and none had a token that enforce would refuse. */
    SAFE,
    /** No request came: nothing is known. */
    UNUSED;

    /** The word in JSON and CSV. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What there is to say about this route. */
  public Verdict verdict() {
    if (modes.stream().allMatch(mode -> mode.mode() == HygieneMode.ENFORCE)) {
      return refusable.isPresent() ? Verdict.REFUSING : Verdict.ENFORCED;
    }
    if (refusable.isPresent()) {
      return Verdict.BREAKS;
    }
    return requests > 0 ? Verdict.SAFE : Verdict.UNUSED;
  }

  /** The verdict in a sentence for a person. */
  public String advice() {
    return switch (verdict()) {
      case REFUSING -> "Enforced: these are being refused.";
      case ENFORCED -> "Enforced: nothing had to be refused since the start.";
      case BREAKS -> "These would break.";
      case SAFE -> "Nothing seen since the start: safe to switch.";
      case UNUSED -> "No request came since the start: nothing is known yet.";
    };
  }

  /** How many requests and answers enforce refused, or would have. */
  public long refusableCount() {
    return refusable.map(LeakRow::count).orElse(0L);
  }

  /** All modes in a line. */
  public String modesText() {
    return modes.stream().map(RouteMode::toString).collect(Collectors.joining(", "));
  }

  /** Whether one of the modes is that word. */
  boolean has(String mode) {
    return modes.stream().anyMatch(each -> each.word().equals(mode));
  }
}
