package dev.gatehouse.identity;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Who the user is, in the form the app is told: made once per login, never per request. The key of
 * a user is the pair of issuer and subject (OpenID Connect Core §5.7). Immutable.
 *
 * @param issuer the OP that vouches for the subject
 * @param subject the {@code sub} claim, exactly as the OP wrote it
 * @param userName how the app calls the user: the subject, unless another claim is configured
 * @param headers what the app receives, encoded and ready to send
 * @param roles what {@code isUserInRole} answers true to
 * @param claims the claims that rules may require, as JSON values (String, Number, Boolean, List,
 *     Map)
 */
public record Identity(
    String issuer,
    String subject,
    String userName,
    List<HeaderField> headers,
    Set<String> roles,
    Map<String, Object> claims) {
  public Identity {
    Objects.requireNonNull(issuer, "issuer");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(userName, "userName");
    headers = List.copyOf(headers);
    roles = Set.copyOf(roles);
    claims = claims instanceof ClaimMap ? claims : Map.copyOf(claims);
  }

  /** A user whom the app calls by the subject. */
  public Identity(
      String issuer,
      String subject,
      List<HeaderField> headers,
      Set<String> roles,
      Map<String, Object> claims) {
    this(issuer, subject, subject, headers, roles, claims);
  }

  /** A display name for pages: {@code name}, {@code preferred_username} or the subject. */
  public String displayName() {
    return textClaim("name").or(() -> textClaim("preferred_username")).orElse(subject);
  }

  /** What is known, not what it says: claims are personal data (TH-SEC-3). */
  @Override
  public String toString() {
    return "Identity[issuer="
        + issuer
        + ", headers="
        + headers
        + ", claims="
        + claims.keySet()
        + "]";
  }

  private Optional<String> textClaim(String name) {
    return claims.get(name) instanceof String text && !text.isBlank()
        ? Optional.of(text)
        : Optional.empty();
  }
}
