package dev.gatehouse.access;

import java.util.List;

/**
 * Finds the most specific rule for a method and a canonical path (TH-PATH-8). What no rule names
 * needs a login (TH-CFG-15). Immutable, safe for concurrent use.
 */
public final class AccessRules {
  /** Compiles {@code rules}. */
  public AccessRules(List<AccessRule> rules) {}

  /** The rule that holds; never null. */
  public AccessRule find(String method, String canonicalPath) {
    throw new IllegalStateException("not written yet");
  }
}
