package dev.gatehouse.config;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The header fields that apps expect which were written for a certain product, in its names, value
 * forms and list formats. README says where each fact comes from.
 */
enum IdentityPreset {
  /** Our own. */
  GATEHOUSE(HeaderEncoding.PERCENT) {
    @Override
    List<IdentityHeader> headers(String user) {
      return List.of(
          list("X-Gatehouse-User", "sub", ListFormat.COMMA),
          list("X-Gatehouse-Email", "email", ListFormat.COMMA),
          list("X-Gatehouse-Groups", "groups", ListFormat.COMMA));
    }
  },
  /** oauth2-proxy with {@code --pass-user-headers}; Go writes texts as UTF-8. */
  OAUTH2_PROXY(HeaderEncoding.UTF_8) {
    @Override
    List<IdentityHeader> headers(String user) {
      return List.of(
          text("X-Forwarded-User", user),
          address("X-Forwarded-Email"),
          list("X-Forwarded-Groups", "groups", ListFormat.COMMA),
          text("X-Forwarded-Preferred-Username", "preferred_username"));
    }
  },
  /**
   * Apache's mod_auth_openidc with {@code OIDCPassClaimsAs headers}: its default encoding is
   * latin1, but where it would write a question mark, we refuse.
   */
  MOD_AUTH_OPENIDC(HeaderEncoding.LATIN1_STRICT) {
    @Override
    List<IdentityHeader> headers(String user) {
      return Stream.concat(
              Stream.of(
                      "sub",
                      "iss",
                      "preferred_username",
                      "name",
                      "given_name",
                      "family_name",
                      "email",
                      "email_verified")
                  .map(claim -> text(PREFIX + claim, claim)),
              Stream.of(list(PREFIX + "groups", "groups", ListFormat.COMMA)))
          .map(IdentityPreset::withDigits)
          .toList();
    }
  },
  /** CGI's REMOTE_USER (RFC 3875 §4.1.11) as a field, and the others that Authelia sends. */
  REMOTE_USER(HeaderEncoding.UTF_8) {
    @Override
    List<IdentityHeader> headers(String user) {
      return List.of(
          text("Remote-User", user),
          text("Remote-Name", "name"),
          address("Remote-Email"),
          list("Remote-Groups", "groups", ListFormat.COMMA));
    }
  },
  /** oauth2-proxy with {@code --set-xauthrequest}, as nginx's {@code auth_request} passes it on. */
  AUTH_REQUEST(HeaderEncoding.UTF_8) {
    @Override
    List<IdentityHeader> headers(String user) {
      return List.of(
          text("X-Auth-Request-User", user),
          address("X-Auth-Request-Email"),
          list("X-Auth-Request-Groups", "groups", ListFormat.COMMA),
          text("X-Auth-Request-Preferred-Username", "preferred_username"));
    }
  },
  /** IBM's WebSEAL with {@code -c iv_user,iv_groups} and its default {@code -e utf8_uri}. */
  WEBSEAL(HeaderEncoding.URI) {
    @Override
    List<IdentityHeader> headers(String user) {
      return List.of(text("iv-user", user), list("iv-groups", "groups", ListFormat.QUOTED));
    }
  },
  /** CA's SiteMinder: the user under both of the names that agents write. */
  SITEMINDER(HeaderEncoding.UTF_8) {
    @Override
    List<IdentityHeader> headers(String user) {
      return List.of(
          text("SM_USER", user),
          text("SMUSER", user),
          text("SM_UNIVERSALID", "sub"),
          list("SM_USERGROUPS", "groups", ListFormat.CARET));
    }
  };

  private static final String PREFIX = "OIDC_CLAIM_";

  private final HeaderEncoding encoding;

  IdentityPreset(HeaderEncoding encoding) {
    this.encoding = encoding;
  }

  /**
   * The fields, in order.
   *
   * @param user the claim by which the app knows a user
   */
  abstract List<IdentityHeader> headers(String user);

  /** How this product writes texts. */
  HeaderEncoding encoding() {
    return encoding;
  }

  /** What the configuration may say. */
  static List<String> words() {
    return Stream.of(values())
        .map(preset -> preset.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .toList();
  }

  /** The one that the configuration spells so, which has been checked. */
  static IdentityPreset of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  IdentityHeader text(String name, String claim) {
    return list(name, claim, ListFormat.SINGLE);
  }

  /** Apps take it for the user, and the product refuses one that the OP says is not verified. */
  IdentityHeader address(String name) {
    return new IdentityHeader(name, "email", encoding, ListFormat.SINGLE, false, true);
  }

  IdentityHeader list(String name, String claim, ListFormat lists) {
    return new IdentityHeader(name, claim, encoding, lists);
  }

  private static IdentityHeader withDigits(IdentityHeader header) {
    return new IdentityHeader(
        header.name(), header.claim(), header.encoding(), header.lists(), true, false);
  }
}
