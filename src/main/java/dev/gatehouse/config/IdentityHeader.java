package dev.gatehouse.config;

import java.util.Objects;

/**
 * One header field that tells the app of the user.
 *
 * @param name the field's name
 * @param claim the claim that it carries; may lead into an object, as in {@code address.country}
 * @param encoding how a text is written
 * @param lists how the items of a list are
 * @param digits whether {@code true} and {@code false} are written as {@code 1} and {@code 0}
 * @param unlessDenied whether an e-mail address is left out that the OP says is not verified, for
 *     apps that take it for the user (OpenID Connect Core §5.7)
 */
public record IdentityHeader(
    String name,
    String claim,
    HeaderEncoding encoding,
    ListFormat lists,
    boolean digits,
    boolean unlessDenied) {
  public IdentityHeader {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(claim, "claim");
    Objects.requireNonNull(encoding, "encoding");
    Objects.requireNonNull(lists, "lists");
  }

  /** As the configuration's defaults have it: percent-encoded, lists with commas. */
  public IdentityHeader(String name, String claim) {
    this(name, claim, HeaderEncoding.PERCENT, ListFormat.COMMA);
  }

  /** Booleans as words, addresses as the OP has them. */
  public IdentityHeader(String name, String claim, HeaderEncoding encoding, ListFormat lists) {
    this(name, claim, encoding, lists, false, false);
  }

  IdentityHeader written(HeaderEncoding otherEncoding) {
    return new IdentityHeader(name, claim, otherEncoding, lists, digits, unlessDenied);
  }

  IdentityHeader listed(ListFormat otherLists) {
    return new IdentityHeader(name, claim, encoding, otherLists, digits, unlessDenied);
  }
}
