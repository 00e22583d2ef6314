package dev.gatehouse.oidc;

import java.util.Objects;

/**
 * Why the metadata that an OP serves cannot be used: no outage, but a configuration that does not
 * fit the OP, or an OP that does not fit the rules (threats.md §1).
 *
 * @param reason one fixed word, such as {@code issuer-mismatch}
 * @param detail for the operator, fit for a log
 */
public record MetadataRefusal(String reason, String detail) {
  public MetadataRefusal {
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(detail, "detail");
  }
}
