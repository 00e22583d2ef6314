package dev.gatehouse.proxy;

import dev.gatehouse.config.PathPrefix;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.gate.Forward;
import dev.gatehouse.gate.RequestPath;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;

/**
 * Where COPY and MOVE lead (RFC 4918 §10.3), at an app whose paths are others than the public ones.
 * A place beside what is public of the app cannot be named: the field is left out then, and the app
 * refuses the request.
 */
final class Destination {
  private Destination() {}

  static boolean isIn(HttpField field) {
    return field.is("Destination");
  }

  /** The value for the app; null where there is none. */
  static String atApp(String value, Forward forward, PathPrefix prefix) {
    PublicUrl publicUrl = forward.publicUrl();
    String origin = publicUrl.origin();
    boolean absolute = value != null && value.regionMatches(true, 0, origin, 0, origin.length());
    String path = value == null ? "" : absolute ? value.substring(origin.length()) : value;
    RequestPath.Parsed parsed = RequestPath.parse(path, publicUrl.basePath(), Optional.empty());
    if (parsed instanceof RequestPath.Parsed.Ok ok && prefix.holds(ok.path().forwarded())) {
      return (absolute ? origin : "") + prefix.toApp(ok.path().forwarded());
    }
    return null;
  }
}
