package dev.gatehouse.ops;

import dev.gatehouse.config.HostPort;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Who may read what is for operators: whoever reaches the management port by its own name, and no
 * other site in his browser. A name that a stranger could point at this machine (DNS rebinding) is
 * refused: what is left are addresses, {@code localhost}, and the name that the configuration
 * gives; where other machines may come at all, also names without a dot, as containers have. On
 * loopback, what a proxy passes on is refused too: it comes from elsewhere.
 */
final class OperatorAccess {
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?");

  private static final Pattern ADDRESS =
      Pattern.compile("\\[.*]|(?:[0-9]{1,3}\\.){3}[0-9]{1,3}|localhost");

  private static final List<String> PASSED_ON = List.of("Forwarded", "X-Forwarded-For", "Via");

  private final String ownName;
  private final boolean local;

  OperatorAccess(HostPort listen) {
    this.ownName = listen.host().toLowerCase(Locale.ROOT);
    this.local = listen.loopback();
  }

  boolean allows(HttpFields fields) {
    return namesUs(fields)
        && !fields.contains(HttpHeader.ORIGIN)
        && !foreign(fields)
        && !(local && PASSED_ON.stream().anyMatch(fields::contains));
  }

  private boolean namesUs(HttpFields fields) {
    List<String> hosts = fields.getValuesList(HttpHeader.HOST);
    if (hosts.size() != 1) {
      return false;
    }
    Matcher matcher = HOST.matcher(hosts.get(0));
    if (!matcher.matches()) {
      return false;
    }
    String name = matcher.group(1).toLowerCase(Locale.ROOT);
    return name.equals(ownName)
        || ADDRESS.matcher(name).matches()
        || !local && name.indexOf('.') < 0 && name.indexOf(':') < 0;
  }

  /** Another site may lead a person here, but not read, frame or embed it (Fetch Metadata). */
  private static boolean foreign(HttpFields fields) {
    String site = fields.get("Sec-Fetch-Site");
    boolean ownWish = site == null || site.equals("none") || site.equals("same-origin");
    return !ownWish
        && !("navigate".equals(fields.get("Sec-Fetch-Mode"))
            && "document".equals(fields.get("Sec-Fetch-Dest")));
  }
}
