package dev.gatehouse.oidc;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what is odd about an OP the first time that it shows, not with every login. Safe for
 * concurrent use.
 */
final class WarnOnce {
  private static final Logger LOG = LoggerFactory.getLogger(WarnOnce.class);

  private final String issuer;
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  WarnOnce(String issuer) {
    this.issuer = issuer;
  }

  /**
   * Warns of {@code finding}.
   *
   * @param finding one fixed word
   * @param meaning for the operator; nothing that came from the OP
   */
  void warn(String finding, String meaning) {
    if (said.add(finding)) {
      LOG.warn("{}: {}: {}", finding, issuer, meaning);
    }
  }
}
