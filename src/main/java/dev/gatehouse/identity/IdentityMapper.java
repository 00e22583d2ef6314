package dev.gatehouse.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.gatehouse.access.ClaimPath;
import dev.gatehouse.access.ClaimText;
import dev.gatehouse.config.HeaderEncoding;
import dev.gatehouse.config.IdentityHeader;
import dev.gatehouse.config.IdentityMapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  /** The most octets of the claims in an assertion: in base64 and signed they come to 4 KiB. */
  static final int MAX_ASSERTED_BYTES = 1_800;

  /** The most field lines of one name: servers commonly take a hundred lines in all. */
  static final int MAX_LINES = 50;

  private static final String EMAIL = "email";
  private static final String EMAIL_VERIFIED = "email_verified";

  /** Kept for pages and for rules beside what is configured. */
  private static final Set<String> ALWAYS_KEPT =
      Set.of("name", "preferred_username", EMAIL, EMAIL_VERIFIED);

  private final List<IdentityHeader> headers;
  private final Set<String> required;
  private final String rolesClaim;
  private final String userClaim;
  private final boolean basicName;
  private final List<String> asserted;
  private final Set<String> wanted;
  private final Recurring<List<String>> shapes = new Recurring<>();
  private final Recurring<Object> values = new Recurring<>();
  private final Recurring<HeaderField> lines = new Recurring<>();
  private final Recurring<Set<String>> roleSets = new Recurring<>();

  /** Headers in the default encoding, where no rule requires a claim. */
  public IdentityMapper(Map<String, String> headers, Set<String> required, String rolesClaim) {
    this(headers, required, rolesClaim, Set.of());
  }

  /** Headers in the default encoding. */
  public IdentityMapper(
      Map<String, String> headers,
      Set<String> required,
      String rolesClaim,
      Set<String> ruleClaims) {
    this(new IdentityMapping(headers, required, rolesClaim), ruleClaims);
  }

  /**
   * @param mapping header names and claims, and how they are written
   * @param ruleClaims the claims that access rules require, see {@link
   *     dev.gatehouse.access.AccessRules#claimNames}
   */
  public IdentityMapper(IdentityMapping mapping, Set<String> ruleClaims) {
    this.headers = mapping.fields();
    this.required =
        mapping.required().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    this.rolesClaim = mapping.roles();
    this.userClaim = mapping.user();
    this.basicName =
        mapping.authorization() instanceof IdentityMapping.AppAuthorization.Basic basic
            && basic.user().isEmpty();
    this.asserted = mapping.assertion().map(IdentityMapping.Assertion::claims).orElse(List.of());
    Set<String> names = new LinkedHashSet<>();
    headers.forEach(header -> names.add(header.claim()));
    names.add(rolesClaim);
    names.add(userClaim);
    if (userClaim.equals(EMAIL)) {
      names.add(EMAIL_VERIFIED);
    }
    mapping.assertion().ifPresent(assertion -> names.addAll(assertion.claims()));
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
    Object user = known.get(userClaim);
    if (user == null || !trusted(userClaim, known)) {
      return Mapping.Refused.MISSING;
    }
    Optional<String> userName = ClaimText.of(user).filter(name -> !name.isEmpty());
    if (userName.isEmpty()) {
      return new Mapping.Refused(502, "claim-type");
    }
    // RFC 7617 §2: a colon would end the name, and begin the password.
    if (!ClaimEncoding.isClean(userName.get()) || basicName && userName.get().contains(":")) {
      return Mapping.Refused.CHARS;
    }
    if (userName.get().length() > MAX_VALUE_BYTES || assertedBytes(known) > MAX_ASSERTED_BYTES) {
      return Mapping.Refused.SIZE;
    }
    List<HeaderField> fields = new ArrayList<>(headers.size());
    int total = 0;
    for (IdentityHeader header : headers) {
      HeaderValue value = HeaderValue.of(claim(header, known), header);
      if (value instanceof HeaderValue.Unfit unfit) {
        return new Mapping.Refused(502, unfit.reason());
      }
      if (value instanceof HeaderValue.Text text) {
        int size = 0;
        for (String line : text.values()) {
          HeaderField field = lines.one(field(header, shared(line, known.get(header.claim()))));
          fields.add(field);
          size += field.octets().length();
          total += field.name().length() + field.octets().length() + ": \r\n".length();
        }
        if (size > MAX_VALUE_BYTES || total > MAX_TOTAL_BYTES || text.values().size() > MAX_LINES) {
          return Mapping.Refused.SIZE;
        }
      } else if (required.contains(header.name().toLowerCase(Locale.ROOT))) {
        return Mapping.Refused.MISSING;
      }
    }
    Set<String> roles = roles(known);
    return roles.stream().allMatch(ClaimEncoding::isClean)
        ? new Mapping.Mapped(
            new Identity(
                issuer,
                subject,
                shared(userName.get(), user),
                fields,
                roleSets.one(Set.copyOf(roles)),
                ClaimMap.of(known, shapes)))
        : Mapping.Refused.CHARS;
  }

  /** What is written of a claim is mostly the claim itself: one text is enough for both. */
  private String shared(String text, Object claim) {
    return text.equals(claim) ? (String) claim : (String) values.one(text);
  }

  /** Strings and lists of strings: these are what users have in common. */
  private Object shared(Object claim) {
    if (claim instanceof String) {
      return values.one(claim);
    }
    return claim instanceof List<?> list && list.stream().allMatch(String.class::isInstance)
        ? values.one(List.copyOf(list))
        : claim;
  }

  private static Object claim(IdentityHeader header, Map<String, Object> known) {
    Object verified = known.get(EMAIL_VERIFIED);
    boolean denied = verified != null && !Boolean.TRUE.equals(verified);
    return header.unlessDenied() && denied ? null : known.get(header.claim());
  }

  /** What the chosen claims take in an assertion; it has to fit into a header like any value. */
  private int assertedBytes(Map<String, Object> known) {
    Map<String, Object> chosen = new LinkedHashMap<>();
    asserted.forEach(name -> chosen.put(name, known.get(name)));
    return asserted.isEmpty() ? 0 : JSONObjectUtils.toJSONString(chosen).getBytes(UTF_8).length;
  }

  private static HeaderField field(IdentityHeader header, String value) {
    return header.encoding() == HeaderEncoding.UTF_8
        ? HeaderField.utf8(header.name(), value)
        : new HeaderField(header.name(), value);
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
    known.replaceAll((name, claim) -> shared(claim));
    // Verified by themselves; a claim of userinfo cannot replace them.
    known.put("iss", issuer);
    known.put("sub", subject);
    return known;
  }

  private Set<String> roles(Map<String, Object> known) {
    return Optional.ofNullable(known.get(rolesClaim))
        .filter(claim -> trusted(rolesClaim, known))
        .map(RoleSet::of)
        .orElse(Set.of());
  }

  /** TH-IDT-16: an unverified address is no role and no user name. */
  private static boolean trusted(String claim, Map<String, Object> known) {
    return !claim.equals(EMAIL) || Boolean.TRUE.equals(known.get(EMAIL_VERIFIED));
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
