package dev.gatehouse.proxy;

import dev.gatehouse.config.PathPrefix;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.config.UpstreamTarget;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Turns the app's own internal origin in its answers into the public one (TH-HTTP-12), and its
 * paths into public ones where they differ; all other URLs stay as they are. Immutable.
 */
final class PublicLocations {
  private final AppReferences references;
  private final AppCookies cookies;

  private PublicLocations(AppReferences references, AppCookies cookies) {
    this.references = references;
    this.cookies = cookies;
  }

  /** For the only app there is, whose paths and cookies are as the browser knows them. */
  PublicLocations(URI upstream, PublicUrl publicUrl) {
    this(new AppReferences(new AppOrigins(List.of(upstream), publicUrl), null), null);
  }

  /**
   * For one of several apps: with its Link fields and cookies.
   *
   * @param prefix null where paths are the same
   */
  static PublicLocations of(List<UpstreamTarget> app, PublicUrl publicUrl, PathPrefix prefix) {
    List<URI> origins = app.stream().map(UpstreamTarget::origin).toList();
    return new PublicLocations(
        new AppReferences(new AppOrigins(origins, publicUrl), prefix),
        new AppCookies(origins.stream().map(URI::getHost).toList(), publicUrl.host(), prefix));
  }

  /**
   * The value to send for a field of the app's answer.
   *
   * @param appPath of the request at the app
   */
  String rewrite(HttpField field, String value, String appPath) {
    HttpHeader header = field.getHeader();
    if (header == HttpHeader.LOCATION || header == HttpHeader.CONTENT_LOCATION) {
      return references.rewrite(value, appPath);
    }
    if (cookies != null) {
      if (header == HttpHeader.SET_COOKIE) {
        return cookies.rewrite(value);
      }
      if (header == HttpHeader.LINK) {
        return links(value, appPath);
      }
    }
    return header == null && field.is("Refresh") ? refresh(value, appPath) : value;
  }

  private String refresh(String value, String appPath) {
    int url = value.toLowerCase(Locale.ROOT).indexOf("url=");
    if (url < 0) {
      return value;
    }
    int begin = url + "url=".length();
    boolean quoted = begin < value.length() && "\"'".indexOf(value.charAt(begin)) >= 0;
    int closing = quoted ? value.indexOf(value.charAt(begin), begin + 1) : -1;
    if (quoted && closing > 0) {
      return value.substring(0, begin + 1)
          + references.rewrite(value.substring(begin + 1, closing), appPath)
          + value.substring(closing);
    }
    return value.substring(0, begin) + references.rewrite(value.substring(begin), appPath);
  }

  /** RFC 8288 §3: references stand between angle brackets, outside of quoted parameters. */
  private String links(String value, String appPath) {
    StringBuilder links = new StringBuilder(value.length());
    boolean quoted = false;
    int at = 0;
    while (at < value.length()) {
      char c = value.charAt(at);
      int closing = c == '<' && !quoted ? value.indexOf('>', at) : -1;
      if (closing > 0) {
        links
            .append('<')
            .append(references.rewrite(value.substring(at + 1, closing), appPath))
            .append('>');
        at = closing + 1;
        continue;
      }
      if (quoted && c == '\\' && at + 1 < value.length()) {
        links.append(c);
        at++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == '<' && !quoted) {
        return links.append(value, at, value.length()).toString(); // no end of it
      }
      links.append(value.charAt(at));
      at++;
    }
    return links.toString();
  }
}
