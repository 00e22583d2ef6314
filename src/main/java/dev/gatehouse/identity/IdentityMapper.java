package dev.gatehouse.identity;

import dev.gatehouse.access.ClaimPath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Turns verified claims into what the app is told: once per login (TH-HDR-7 to TH-HDR-12).
 * Immutable, safe for concurrent use.
 *
 * <p>A claim name may lead into an object, such as {@code realm_access.roles}. Values are written
 * as {@link HeaderValue} says. What cannot be written without loss is refused as a whole, never
 * cut, cleaned or left out: two users must not become one.
 */
public final class IdentityMapper {
  /** The most octets of one header value. */
  public static final int MAX_VALUE_BYTES = 4 * 1024;

  /** The most octets of all identity headers, names and separators included. */
  public static final int MAX_TOTAL_BYTES = 16 * 1024;

  /** Kept for pages and for rules beside what is configured. */
  private static final Set<String> ALWAYS_KEPT =
      Set.of("name", "preferred_username", "email", "email_verified");

  private final Map<String, String> headers;
  private final Set<String> required;
  private final String rolesClaim;
  private final Set<String> wanted;

  /** As the other one, where no rule requires a claim. */
  public IdentityMapper(Map<String, String> headers, Set<String> required, String rolesClaim) {
    this(headers, required, rolesClaim, Set.of());
  }

  /**
   * @param headers header name to claim name, in order
   * @param required header names without whose claim the user is refused
   * @param rolesClaim the claim that {@code isUserInRole} reads
   * @param ruleClaims the claims that access rules require, see {@link
   *     dev.gatehouse.access.AccessRules#claimNames}
   */
  public IdentityMapper(
      Map<String, String> headers,
      Set<String> required,
      String rolesClaim,
      Set<String> ruleClaims) {
    this.headers = new LinkedHashMap<>(headers);
    this.required =
        required.stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    this.rolesClaim = Objects.requireNonNull(rolesClaim, "rolesClaim");
    Set<String> names = new LinkedHashSet<>(headers.values());
    names.add(rolesClaim);
    names.addAll(ruleClaims);
    names.removeAll(Set.of("sub", "iss"));
    this.wanted = Set.copyOf(names);
  }

  /**
   * The claims that have to be known: userinfo is asked when the ID token lacks one. Each is to be
   * looked up with {@link ClaimPath}. Subject and issuer are known anyway.
   */
  public Set<String> claimNames() {
    return wanted;
  }

  /**
   * Maps the claims of one user.
   *
   * @param claims JSON values: String, Number, Boolean, List, Map
   */
  public Mapping map(String issuer, String subject, Map<String, Object> claims) {
    if (!ClaimEncoding.isClean(issuer) || !ClaimEncoding.isClean(subject)) {
      return Mapping.Refused.CHARS;
    }
    Map<String, Object> known = known(issuer, subject, claims);
    List<HeaderField> fields = new ArrayList<>(headers.size());
    int total = 0;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      HeaderValue value = HeaderValue.of(known.get(header.getValue()));
      if (value instanceof HeaderValue.Unfit unfit) {
        return new Mapping.Refused(502, unfit.reason());
      }
      if (value instanceof HeaderValue.Text text) {
        fields.add(new HeaderField(header.getKey(), text.value()));
        total += header.getKey().length() + text.value().length() + ": \r\n".length();
        if (text.value().length() > MAX_VALUE_BYTES || total > MAX_TOTAL_BYTES) {
          return Mapping.Refused.SIZE;
        }
      } else if (required.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        return Mapping.Refused.MISSING;
      }
    }
    Set<String> roles = roles(known);
    return roles.stream().allMatch(ClaimEncoding::isClean)
        ? new Mapping.Mapped(new Identity(issuer, subject, fields, roles, known))
        : Mapping.Refused.CHARS;
  }

  /**
   * The claims of interest, each under the name by which the configuration calls it. The rest of
   * what an OP sends is nobody's business after the login.
   *
   * @param claims JSON values as the OP sent them, or what this method made of them
   */
  public Map<String, Object> kept(Map<String, Object> claims) {
    Map<String, Object> kept = new LinkedHashMap<>();
    for (Set<String> names : List.of(ALWAYS_KEPT, wanted)) {
      for (String name : names) {
        new ClaimPath(name).in(claims).ifPresent(value -> kept.put(name, value));
      }
    }
    return kept;
  }

  private Map<String, Object> known(String issuer, String subject, Map<String, Object> claims) {
    Map<String, Object> known = kept(claims);
    // Verified by themselves; a claim of userinfo cannot replace them.
    known.put("iss", issuer);
    known.put("sub", subject);
    return known;
  }

  private Set<String> roles(Map<String, Object> known) {
    // TH-IDT-16: an unverified address is no role either.
    boolean trusted =
        !rolesClaim.equals("email") || Boolean.TRUE.equals(known.get("email_verified"));
    return Optional.ofNullable(known.get(rolesClaim))
        .filter(claim -> trusted)
        .map(RoleSet::of)
        .orElse(Set.of());
  }

  /** What came of it. */
  public sealed interface Mapping {
    /** Ready to be sent with every request. */
    record Mapped(Identity identity) implements Mapping {}

    /**
     * Cannot be told to the app.
     *
     * @param status 403 for a missing required claim, 502 for what no header can carry
     * @param reason one fixed word: {@code claim-chars}, {@code claim-size}, {@code claim-type},
     *     {@code claim-missing}
     */
    record Refused(int status, String reason) implements Mapping {
      private static final Refused CHARS = new Refused(502, "claim-chars");
      private static final Refused SIZE = new Refused(502, "claim-size");
      private static final Refused MISSING = new Refused(403, "claim-missing");
    }
  }
}
