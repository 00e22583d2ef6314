package dev.gatehouse.servlet;

import java.io.Serializable;
import java.security.Principal;
import java.util.Objects;

/**
 * What {@code getUserPrincipal} returns. Equal where issuer and subject are: the pair is the key of
 * a user (OpenID Connect Core §5.7). Immutable; holds nothing that a session must not keep.
 *
 * @param issuer the OP that vouches for the subject
 * @param subject the {@code sub} claim
 */
public record User(String issuer, String subject) implements Principal, Serializable {
  private static final long serialVersionUID = 1L;

  /** Checks that both are there. */
  public User {
    Objects.requireNonNull(issuer, "issuer");
    Objects.requireNonNull(subject, "subject");
  }

  /** The subject, as {@code getRemoteUser} says it too. */
  @Override
  public String getName() {
    return subject;
  }
}
