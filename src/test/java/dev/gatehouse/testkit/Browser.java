package dev.gatehouse.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.identity.HeaderField;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A browser as far as HTTP goes: a cookie jar for each origin, Fetch Metadata, an address of its
 * own in 127.0.0.0/8, and no redirect that the test does not follow itself.
 */
public final class Browser {
  private static final AtomicInteger ADDRESSES = new AtomicInteger();
  private static final Set<String> CARRIES_SECRETS = Set.of("gh_s", "__Host-gh_s");

  private final String publicUrl;
  private final int port;
  private final String address;
  private final boolean overHttp2;
  private final Map<String, CookieJar> jars = new LinkedHashMap<>();

  /**
   * A browser without cookies.
   *
   * @param publicUrl the gateway's public URL; the connection goes to {@code port} on loopback
   */
  public Browser(String publicUrl, int port) {
    this(publicUrl, port, false);
  }

  /**
   * The same.
   *
   * @param overHttp2 whether the gateway is spoken to in HTTP/2
   */
  Browser(String publicUrl, int port, boolean overHttp2) {
    this(publicUrl, port, overHttp2, nextAddress());
  }

  private Browser(String publicUrl, int port, boolean overHttp2, String address) {
    this.publicUrl = publicUrl;
    this.port = port;
    this.address = address;
    this.overHttp2 = overHttp2;
  }

  /** Every browser seems to be another client. */
  private static String nextAddress() {
    int number = ADDRESSES.incrementAndGet();
    return "127."
        + (1 + number / 50_000 % 250)
        + "."
        + (number / 250 % 200)
        + "."
        + (2 + number % 250);
  }

  /** The same user in the same browser, as it is now. */
  public Browser copy() {
    Browser copy = new Browser(publicUrl, port, overHttp2, address);
    jars.forEach((origin, jar) -> copy.jars.put(origin, jar.copy()));
    return copy;
  }

  /** The address that the gateway sees. */
  public String address() {
    return address;
  }

  /** The cookies for the gateway, by name. */
  public Map<String, String> cookies() {
    return jar(publicUrl).values();
  }

  /** Plants a cookie for the gateway. */
  public Browser cookie(String name, String value) {
    jar(publicUrl).put(name, value);
    return this;
  }

  /** Loses a cookie of the gateway. */
  public Browser loseCookie(String name) {
    jar(publicUrl).drop(name);
    return this;
  }

  /** The Cookie field of a navigation to the gateway's start page. */
  public String cookieField() {
    return jar(publicUrl).field(Ask.get("/"), "/");
  }

  /** Opens a page. */
  public Reply get(String target) {
    return send(Ask.get(target));
  }

  /** Sends a request and keeps the cookies of the answer. */
  public Reply send(Ask ask) {
    Optional<Reply> reply = attempt(ask);
    assertThat(reply).as("an answer to %s %s", ask.method(), ask.target()).isPresent();
    return reply.get();
  }

  /** The same; empty where the gateway ends the connection or the stream instead. */
  public Optional<Reply> attempt(Ask ask) {
    boolean home = ask.target().startsWith("/") || ask.target().startsWith(publicUrl + "/");
    String origin = home ? publicUrl : origin(ask.target());
    String target =
        ask.target().startsWith("/") ? ask.target() : ask.target().substring(origin.length());
    target = target.split("#", 2)[0];
    byte[] message = bytes(ask, origin, target);
    Optional<Reply> reply =
        home
            ? exchange(ask.method(), message)
            : overHttp1(URI.create(origin).getPort(), ask.method(), message);
    reply.ifPresent(answer -> keep(answer, origin, home));
    return reply;
  }

  private void keep(Reply reply, String origin, boolean home) {
    for (SetCookie cookie : reply.cookies()) {
      jar(origin).take(cookie);
      if (CARRIES_SECRETS.contains(cookie.name())) {
        KnownSecrets.browserSecret(cookie.value());
      }
    }
    if (home) {
      LeakWatch.inspect(reply);
    }
  }

  /** Sends text in UTF-8 to the gateway and reads one answer; empty where it just closes. */
  public Optional<Reply> raw(String text) {
    return exchange("GET", text.getBytes(UTF_8));
  }

  private Optional<Reply> exchange(String method, byte[] message) {
    return overHttp2
        ? Http2Translation.of(message).exchange(port, address)
        : overHttp1(port, method, message);
  }

  private Optional<Reply> overHttp1(int to, String method, byte[] message) {
    try (Wire wire = Wire.open(to, address)) {
      return wire.send(message).read(method);
    }
  }

  /** The Host field for the gateway. */
  public String authority() {
    return URI.create(publicUrl).getRawAuthority();
  }

  private byte[] bytes(Ask ask, String origin, String target) {
    List<HeaderField> fields = new ArrayList<>();
    own(ask, fields, "Host", URI.create(origin).getRawAuthority());
    own(ask, fields, "User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0");
    own(ask, fields, "Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    own(ask, fields, "Accept-Language", "en-GB,en;q=0.5");
    if (ask.kind() != Ask.Kind.OLD) {
      own(ask, fields, "Sec-Fetch-Site", ask.site());
      own(ask, fields, "Sec-Fetch-Mode", ask.kind().mode);
      own(ask, fields, "Sec-Fetch-Dest", ask.kind().destination);
    }
    if (ask.method().equals("POST") && !ask.site().equals("none")) {
      own(
          ask,
          fields,
          "Origin",
          ask.site().equals("cross-site") ? "https://evil.example" : origin(origin));
    }
    String cookies = jar(origin).field(ask, target.split("\\?", 2)[0]);
    if (!cookies.isEmpty()) {
      own(ask, fields, "Cookie", cookies);
    }
    fields.addAll(ask.headers());
    if (ask.body() != null && !ask.has("Transfer-Encoding")) {
      own(ask, fields, "Content-Length", Integer.toString(ask.body().length));
    }
    own(ask, fields, "Connection", "close");
    StringBuilder head = new StringBuilder(ask.method() + " " + target + " HTTP/1.1\r\n");
    fields.forEach(f -> head.append(f.name()).append(": ").append(f.value()).append("\r\n"));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
    if (ask.body() != null) {
      all.writeBytes(ask.body());
    }
    return all.toByteArray();
  }

  private static void own(Ask ask, List<HeaderField> fields, String name, String value) {
    if (!ask.has(name)) {
      fields.add(new HeaderField(name, value));
    }
  }

  private CookieJar jar(String origin) {
    return jars.computeIfAbsent(origin, o -> new CookieJar(trustworthy(o)));
  }

  /** As browsers have it: loopback is as good as https (Secure Contexts §3.1). */
  private static boolean trustworthy(String origin) {
    return origin.startsWith("https:") || origin.startsWith("http://127.0.0.1:");
  }

  private static String origin(String url) {
    URI uri = URI.create(url.split("[?#]", 2)[0]);
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }
}
