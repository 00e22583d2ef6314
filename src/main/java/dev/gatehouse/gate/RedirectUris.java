package dev.gatehouse.gate;

import dev.gatehouse.config.Provider;
import dev.gatehouse.config.PublicUrl;
import java.net.URI;

/**
 * Where the OPs send browsers back to (RFC 6749 §3.1.2). Each of several OPs has a redirect URI of
 * its own, so that an answer shows by its path alone whose it is (RFC 9700 §4.4.2, TH-CFG-12).
 * Immutable.
 *
 * @param shared whether all of them have one instead, which is safe only where each names itself in
 *     its answers
 */
record RedirectUris(PublicUrl publicUrl, boolean shared) {
  /** The redirection endpoint, of the only OP or of all; those of others are below it. */
  static final String PATH = "/gatehouse/callback";

  /** The path, below the base path, at which answers of the OP of that name arrive. */
  String path(String provider) {
    return shared || provider.equals(Provider.SINGLE) ? PATH : PATH + "/" + provider;
  }

  /** The redirect URI to be registered at the OP of that name. */
  URI of(String provider) {
    return URI.create(publicUrl.resolve(path(provider)));
  }
}
