package dev.gatehouse.bench.memory;

import dev.gatehouse.access.AccessRules;
import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.ConfigReader;
import dev.gatehouse.config.Door;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.identity.IdentityMapper;
import dev.gatehouse.seal.RandomTokens;
import dev.gatehouse.session.CookieJar;
import dev.gatehouse.session.CookieNames;
import dev.gatehouse.session.MemorySessionStore;
import dev.gatehouse.session.Revocations;
import dev.gatehouse.session.SessionStore;
import dev.gatehouse.session.SessionStore.Created;
import dev.gatehouse.session.SessionStore.Lookup;
import dev.gatehouse.session.SetCookie;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.management.ObjectName;

/**
 * Fills the store of the gateway with sessions, each of ten claims, an ID token of 1 KiB and a
 * refresh token of 0.5 KiB, none like the other, and prints what they take of the heap after a
 * collection. Then it serves from the full store for a while, with logins that push out old
 * sessions, and prints what collections cost.
 *
 * <pre>
 * java -Xmx3g -cp CLASSES:gatehouse.jar dev.gatehouse.bench.memory.SessionHeap \
 *     [SESSIONS [SECONDS-OF-SERVICE [ACCESS-TOKEN-CHARS [histogram]]]]
 * </pre>
 *
 * <p>Defaults: 1000000 sessions, 20 s, 43 characters. The last lines are {@code key=value}, for
 * scripts: sessions, heap_bytes, bytes_per_session. Exits with 1 where a session is missing.
 */
public final class SessionHeap {
  private static final String CONFIG =
      """
      public-url: http://127.0.0.1:8080
      listen: 127.0.0.1:0
      upstream: http://127.0.0.1:1
      insecure-allow-http: true
      provider:
        issuer: https://op.example/realms/main
        client-id: gw
        client-secret: "s3cr3t:of%20the+client=0123456789abcdef"
        scopes: [openid, profile, email]
      identity:
        headers:
          X-Gatehouse-User: sub
          X-Gatehouse-Email: email
          X-Gatehouse-Groups: groups
          X-Gatehouse-Given-Name: given_name
          X-Gatehouse-Family-Name: family_name
          X-Gatehouse-Department: department
          X-Gatehouse-Employee: employee
        roles: groups
      rules:
        - {path: /admin/**, access: login, require: {groups: admins}}
        - {path: /ko/**, access: login, require: {locale: ko-KR}}
      """;

  private static final int KEPT_EVERY = 97;

  private final SessionStore store;
  private final Logins logins;
  private final List<CookieJar> browsers = new ArrayList<>();

  private SessionHeap(GatehouseConfig config, int accessTokenChars) {
    GatehouseConfig.Session settings = config.session();
    IdentityMapper identities =
        new IdentityMapper(config.identity(), new AccessRules(config.rules()).claimNames());
    this.store =
        new MemorySessionStore(
            settings,
            CookieNames.of(true),
            new SetCookie(true),
            new RandomTokens(new SecureRandom()),
            new Revocations(Clock.systemUTC(), settings.maxLifetime(), settings.maxSessions()));
    this.logins = new Logins(config, identities, 1, accessTokenChars);
  }

  /** Runs it; see above. */
  public static void main(String[] args) throws Exception {
    int sessions = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 20;
    int accessTokenChars = args.length > 2 ? Integer.parseInt(args[2]) : 43;
    boolean histogram = Arrays.asList(args).contains("histogram");
    GatehouseConfig config = read("");
    SessionHeap heap = new SessionHeap(config, accessTokenChars);
    // Classes, tables and code caches are no part of a session.
    heap.create(0, 2_000);
    long before = usedAfterCollection();
    long begun = System.nanoTime();
    int extra = sessions - 2_000;
    heap.create(2_000, extra);
    System.out.printf("%d sessions in %d s%n", sessions, secondsSince(begun));
    long used = usedAfterCollection();
    if (histogram) {
      System.out.println(classHistogram());
    }
    long found = heap.found();
    long held = heap.store.held().orElseThrow();
    heap.serve(sessions, seconds);
    System.out.println("jvm=" + System.getProperty("java.vm.version"));
    System.out.println("collectors=" + collectors());
    System.out.println("max_heap_bytes=" + Runtime.getRuntime().maxMemory());
    System.out.println("sessions=" + held);
    System.out.println("heap_bytes=" + used);
    System.out.println("bytes_per_session=" + (used - before) / extra);
    if (held < sessions || found < heap.browsers.size()) {
      System.out.println("missing: held " + held + ", found " + found);
      System.exit(1);
    }
  }

  private static GatehouseConfig read(String changes) throws ConfigException {
    return ConfigReader.read(CONFIG + changes, Path.of("."), Map.of(), Door.STANDALONE).config();
  }

  private void create(int first, int count) {
    Instant now = Instant.now();
    for (int i = first; i < first + count; i++) {
      CookieJar browser = login(i, now);
      if (i % KEPT_EVERY == 0) {
        browsers.add(browser);
      }
    }
  }

  private CookieJar login(int number, Instant now) {
    Created created = store.create(logins.next(number), CookieJar.NONE, now);
    String cookie = ((Created.Made) created).setCookies().get(0).split(";")[0];
    return CookieJar.read(CookieNames.of(true), List.of(cookie));
  }

  private long found() {
    Instant now = Instant.now();
    return browsers.stream()
        .filter(browser -> store.find(browser, now, true) instanceof Lookup.Found)
        .count();
  }

  /** Two hundred logins a second, as after an outage, and as many requests as go beside them. */
  private void serve(int sessions, int seconds) {
    Random random = new Random(2);
    long collectedBefore = collectionMillis();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long begun = System.nanoTime();
    long requests = 0;
    long longest = 0;
    int made = 0;
    while (System.nanoTime() < end) {
      long start = System.nanoTime();
      store.find(browsers.get(random.nextInt(browsers.size())), Instant.now(), true);
      longest = Math.max(longest, System.nanoTime() - start);
      requests++;
      if (made < TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) / 5) {
        login(sessions + made++, Instant.now());
      }
    }
    System.out.printf(
        "served: %d lookups and %d logins in %d s; longest lookup %.1f ms, collections %d ms%n",
        requests, made, seconds, longest / 1e6, collectionMillis() - collectedBefore);
  }

  private static long usedAfterCollection() throws InterruptedException {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      TimeUnit.MILLISECONDS.sleep(200);
      MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
      used = Math.min(used, heap.getUsed());
    }
    return used;
  }

  private static long collectionMillis() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .sum();
  }

  private static List<String> collectors() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .map(GarbageCollectorMXBean::getName)
        .toList();
  }

  private static String classHistogram() throws Exception {
    Object text =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
    return String.join("\n", ((String) text).lines().limit(45).toList());
  }

  private static long secondsSince(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun).toSeconds();
  }
}
