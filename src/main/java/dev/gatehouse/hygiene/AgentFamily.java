package dev.gatehouse.hygiene;

import java.util.List;

/** What kind of client sends a request, in one of a few fixed words. */
public final class AgentFamily {
  private static final String OTHER = "other";
  private static final int LONGEST_READ = 512;

  /** Mark in User-Agent and word; the first that fits, since most browsers claim to be others. */
  private static final List<String[]> FAMILIES =
      List.of(
          new String[] {"bot", "bot"},
          new String[] {"crawl", "bot"},
          new String[] {"spider", "bot"},
          new String[] {"Edg", "Edge"},
          new String[] {"OPR/", "Opera"},
          new String[] {"SamsungBrowser", "Samsung Internet"},
          new String[] {"Whale/", "Whale"},
          new String[] {"KAKAOTALK", "KakaoTalk"},
          new String[] {"NAVER(", "Naver"},
          new String[] {"Firefox/", "Firefox"},
          new String[] {"FxiOS", "Firefox"},
          new String[] {"Chrome/", "Chrome"},
          new String[] {"CriOS", "Chrome"},
          new String[] {"Safari/", "Safari"},
          new String[] {"Trident/", "Internet Explorer"},
          new String[] {"MSIE", "Internet Explorer"},
          new String[] {"curl/", "curl"},
          new String[] {"Wget/", "Wget"},
          new String[] {"okhttp", "OkHttp"},
          new String[] {"Apache-HttpClient", "Apache HttpClient"},
          new String[] {"Java/", "Java"},
          new String[] {"Java-http-client", "Java"},
          new String[] {"python", "Python"},
          new String[] {"Python", "Python"},
          new String[] {"Go-http-client", "Go"},
          new String[] {"node", "Node.js"},
          new String[] {"axios", "Node.js"},
          new String[] {"Postman", "Postman"},
          new String[] {"CFNetwork", "Apple app"},
          new String[] {"Dalvik", "Android app"});

  private AgentFamily() {}

  /**
   * The family of a client.
   *
   * @param userAgent the User-Agent field; may be null
   */
  public static String of(String userAgent) {
    if (userAgent == null || userAgent.isEmpty()) {
      return "none";
    }
    String read = userAgent.substring(0, Math.min(userAgent.length(), LONGEST_READ));
    for (String[] family : FAMILIES) {
      if (read.contains(family[0])) {
        return family[1];
      }
    }
    return OTHER;
  }
}
