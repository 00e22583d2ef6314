package dev.gatehouse.config;

import dev.gatehouse.config.Node.Scalar;
import java.util.regex.Pattern;

/** Judges scope-tokens: several in one text would be asked for, or required, as one. */
final class ScopeToken {
  // RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
  private static final Pattern FORM = Pattern.compile("[!#-\\[\\]-~]+");

  private ScopeToken() {}

  /** Refuses {@code scope} at {@code key} if it is none. */
  static void check(Values values, String key, Scalar scope) {
    if (!FORM.matcher(scope.text()).matches() && values.isSound(key)) {
      values.error(
          "scope", key, "is " + scope.shown() + "; write each scope as an item of its own");
    }
  }
}
