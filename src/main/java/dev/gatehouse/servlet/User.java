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
 * @param name how the app calls the user: the subject, unless {@code identity.remote-user} names
 *     another claim
 */
public record User(String issuer, String subject, String name) implements Principal, Serializable {
  private static final long serialVersionUID = 1L;

  /** Checks that issuer and subject are there; a session of an older version has no name. */
  public User {
    Objects.requireNonNull(issuer, "issuer");
    Objects.requireNonNull(subject, "subject");
    name = name == null ? subject : name;
  }

  /** A user whom the app calls by the subject. */
  public User(String issuer, String subject) {
    this(issuer, subject, subject);
  }

  /** How the app calls the user, as {@code getRemoteUser} says it too. */
  @Override
  public String getName() {
    return name;
  }

  /** The name may change; the user is the same. */
  @Override
  public boolean equals(Object other) {
    return other instanceof User that && issuer.equals(that.issuer) && subject.equals(that.subject);
  }

  @Override
  public int hashCode() {
    return Objects.hash(issuer, subject);
  }

  /** The key alone. */
  @Override
  public String toString() {
    return "User[issuer=" + issuer + ", subject=" + subject + "]";
  }
}
