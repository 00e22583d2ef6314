package dev.gatehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.Provider;
import dev.gatehouse.identity.IdentityMapper;
import dev.gatehouse.seal.RandomTokens;
import dev.gatehouse.seal.SealingKeys;
import dev.gatehouse.seal.Secret;
import dev.gatehouse.testkit.StandingClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SessionStoreTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final CookieNames NAMES = CookieNames.of(true);
  private static final IdentityMapper IDENTITIES =
      new IdentityMapper(
          Map.of("X-Gatehouse-User", "sub", "X-Gatehouse-Name", "name"), Set.of(), "groups");

  private static final Map<String, Provider> PROVIDERS =
      Map.of(Provider.SINGLE, op("https://op.example", "gw"));

  private final RandomTokens random = new RandomTokens(new SecureRandom());
  private final Revocations revocations =
      new Revocations(new StandingClock(), Duration.ofHours(8), 1000);
  private final SealingKeys keys = SealingKeys.fresh(random);

  enum Kind {
    MEMORY,
    COOKIE
  }

  private static Provider op(String issuer, String clientId) {
    return Provider.of(
        issuer,
        clientId,
        Provider.Proof.bySecret(
            Provider.ClientAuthentication.CLIENT_SECRET_BASIC, Secret.of("not-used")));
  }

  private SessionStore store(Kind kind) {
    return store(kind, PROVIDERS);
  }

  private static GatehouseConfig.Session limits(Kind kind, int maxSessions) {
    return new GatehouseConfig.Session(
        GatehouseConfig.SessionStoreKind.valueOf(kind.name()),
        Duration.ofMinutes(30),
        Duration.ofHours(8),
        List.of(),
        List.of(),
        maxSessions,
        List.of());
  }

  private SessionStore store(Kind kind, Map<String, Provider> providers) {
    GatehouseConfig.Session limits = limits(kind, 1000);
    SetCookie setCookie = new SetCookie(true);
    return kind == Kind.MEMORY
        ? new MemorySessionStore(limits, NAMES, setCookie, random, revocations)
        : new SealedCookieSessionStore(
            limits,
            NAMES,
            setCookie,
            random,
            revocations,
            keys.sealer("session", random),
            new SealedSessionFormat(IDENTITIES, providers));
  }

  private static SessionStore.NewSession login(Map<String, Object> claims, int idTokenLength) {
    IdentityMapper.Mapping mapping = IDENTITIES.map("https://op.example", "alice-1", claims);
    return new SessionStore.NewSession(
        "provider",
        ((IdentityMapper.Mapping.Mapped) mapping).identity(),
        SessionTokens.NONE,
        Optional.of(Secret.of("t".repeat(idTokenLength))),
        Optional.of("sid-1"));
  }

  private static CookieJar jar(List<String> setCookies) {
    List<String> pairs =
        setCookies.stream()
            .filter(line -> !line.contains("Max-Age=0"))
            .map(line -> line.substring(0, line.indexOf(';')))
            .toList();
    return CookieJar.read(NAMES, List.of(String.join("; ", pairs)));
  }

  private static SessionStore.Created.Made make(SessionStore store, SessionStore.NewSession login) {
    return (SessionStore.Created.Made) store.create(login, jar(List.of()), NOW);
  }

  private static boolean lives(SessionStore store, CookieJar jar, Instant now) {
    return store.find(jar, now, true) instanceof SessionStore.Lookup.Found;
  }

  @ParameterizedTest
  @EnumSource
  @Rule("TH-SES-1")
  void theCookieComesBackAsTheSameUser(Kind kind) {
    SessionStore store = store(kind);
    SessionStore.Created.Made made = make(store, login(Map.of("name", "山田"), 500));

    Session found =
        ((SessionStore.Lookup.Found) store.find(jar(made.setCookies()), NOW, true)).session();

    assertThat(found.identity().subject()).isEqualTo("alice-1");
    assertThat(found.identity().headers()).isEqualTo(made.session().identity().headers());
    assertThat(found.csrfToken()).isEqualTo(made.session().csrfToken());
    assertThat(found.opSessionId()).contains("sid-1");
    assertThat(found.expiresAt()).isEqualTo(NOW.plus(Duration.ofHours(8)));
    assertThat(made.setCookies())
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("; Secure")
                    .contains("; HttpOnly")
                    .contains("; SameSite=Lax")
                    .contains("; Path=/;")
                    .doesNotContain("Domain"));
  }

  @ParameterizedTest
  @EnumSource
  @Rule("TH-SES-5")
  void anIdleSessionEndsAtItsLimit(Kind kind) {
    SessionStore store = store(kind);
    CookieJar jar = jar(make(store, login(Map.of(), 10)).setCookies());

    assertThat(lives(store, jar, NOW.plus(Duration.ofMinutes(30)).minusMillis(1))).isTrue();
    SessionStore other = store(kind);
    CookieJar idle = jar(make(other, login(Map.of(), 10)).setCookies());
    assertThat(lives(other, idle, NOW.plus(Duration.ofMinutes(30)))).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  @Rule("TH-SES-5")
  void aUsedSessionEndsAtItsAbsoluteLimit(Kind kind) {
    SessionStore store = store(kind);
    CookieJar jar = jar(make(store, login(Map.of(), 10)).setCookies());
    Instant now = NOW;
    Instant end = NOW.plus(Duration.ofHours(8));
    while (now.plus(Duration.ofMinutes(20)).isBefore(end)) {
      now = now.plus(Duration.ofMinutes(20));
      SessionStore.Lookup lookup = store.find(jar, now, true);
      assertThat(lookup).as("at %s", now).isInstanceOf(SessionStore.Lookup.Found.class);
      List<String> renewed = ((SessionStore.Lookup.Found) lookup).setCookies();
      jar = renewed.isEmpty() ? jar : jar(renewed);
    }

    assertThat(lives(store, jar, end.minusMillis(1))).isTrue();
    assertThat(lives(store, jar, end)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  @Rule("TH-SES-5")
  void pollingDoesNotKeepASessionAlive(Kind kind) {
    SessionStore store = store(kind);
    CookieJar jar = jar(make(store, login(Map.of(), 10)).setCookies());

    assertThat(store.find(jar, NOW.plus(Duration.ofMinutes(20)), false))
        .isInstanceOf(SessionStore.Lookup.Found.class);
    assertThat(lives(store, jar, NOW.plus(Duration.ofMinutes(31)))).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  @Rule("TH-OUT-1")
  @Rule("TH-SES-9")
  void anEndedSessionIsDeadThoughItsCookieIsReplayed(Kind kind) {
    SessionStore store = store(kind);
    SessionStore.Created.Made made = make(store, login(Map.of(), 10));
    CookieJar jar = jar(made.setCookies());
    assertThat(lives(store, jar, NOW)).isTrue();

    store.end(made.session(), NOW);

    assertThat(lives(store, jar, NOW)).isFalse();
    assertThat(store.expire(jar)).allMatch(line -> line.contains("=; Max-Age=0; Path=/"));
  }

  @ParameterizedTest
  @EnumSource
  @Rule("TH-SES-3")
  void aCookieThatTheBrowserBroughtIsNeverAdopted(Kind kind) {
    SessionStore store = store(kind);
    CookieJar fixed = CookieJar.read(NAMES, List.of("__Host-gh_s=fixed"));

    SessionStore.Created.Made made =
        (SessionStore.Created.Made) store.create(login(Map.of(), 10), fixed, NOW);

    assertThat(made.setCookies().get(0)).doesNotContain("fixed");
    assertThat(lives(store, fixed, NOW)).isFalse();
    assertThat(lives(store, jar(made.setCookies()), NOW)).isTrue();
  }

  @Test
  @Rule("TH-SES-12")
  void everyCookieFitsIntoABrowserAndChunksBelongTogether() {
    SessionStore store = store(Kind.COOKIE);
    Map<String, Object> claims = Map.of("groups", groups(250));
    List<String> one = chunks(make(store, login(claims, 1000)));
    List<String> two = chunks(make(store, login(claims, 1000)));

    assertThat(one).hasSizeGreaterThan(1);
    assertThat(one).allMatch(line -> line.length() <= 4096);
    assertThat(lives(store, jar(one), NOW)).isTrue();
    for (int i = 0; i < one.size(); i++) {
      List<String> missing = new ArrayList<>(one);
      missing.remove(i);
      assertThat(lives(store, jar(missing), NOW)).as("without %d", i).isFalse();
      List<String> mixed = new ArrayList<>(one);
      mixed.set(i, two.get(i));
      assertThat(lives(store, jar(mixed), NOW)).as("mixed at %d", i).isFalse();
    }
  }

  /** Without the lines that take away what a larger session may have left. */
  private static List<String> chunks(SessionStore.Created.Made made) {
    return made.setCookies().stream().filter(line -> !line.contains("=; Max-Age=0")).toList();
  }

  @Test
  @Rule("TH-SES-12")
  void whatFitsIntoNoCookiesIsSaidToBeTooLarge() {
    SessionStore store = store(Kind.COOKIE);

    assertThat(store.create(login(Map.of("groups", groups(2000)), 10), jar(List.of()), NOW))
        .isInstanceOf(SessionStore.Created.TooLarge.class);
  }

  @Test
  void aLongIdTokenIsLeftOutOfTheCookie() {
    SessionStore store = store(Kind.COOKIE);
    SessionStore.Created.Made made = make(store, login(Map.of("groups", groups(100)), 8000));

    SessionStore fresh = store(Kind.COOKIE);
    Session found =
        ((SessionStore.Lookup.Found) fresh.find(jar(made.setCookies()), NOW, true)).session();

    assertThat(found.idToken()).isEmpty();
    assertThat(found.identity().roles()).hasSize(100);
  }

  @Test
  @Rule("TH-SES-11")
  void aSealedSessionIsGoodForTheSameOpAndClientAlone() {
    CookieJar jar = jar(make(store(Kind.COOKIE), login(Map.of(), 10)).setCookies());
    String issuer = "https://op.example";

    assertThat(lives(store(Kind.COOKIE, Map.of("provider", op(issuer, "gw"))), jar, NOW)).isTrue();
    for (Map<String, Provider> changed :
        List.of(
            Map.of("provider", op(issuer, "other")),
            Map.of("staff", op(issuer, "gw")),
            Map.of("provider", op("https://other.example", "gw"), "staff", op(issuer, "gw")))) {
      assertThat(store(Kind.COOKIE, changed).find(jar, NOW, true))
          .isInstanceOf(SessionStore.Lookup.None.class);
    }
  }

  @Test
  @Rule("TH-QUIRK-10")
  void aSessionWhoseTokensHaveNoKnownLifeIsSealedToo() {
    SessionStore.NewSession login = login(Map.of(), 10);
    SessionTokens tokens =
        SessionTokens.received(
            Secret.of("at"), Optional.empty(), Optional.empty(), NOW.plusSeconds(900));
    SessionStore.NewSession assuming =
        new SessionStore.NewSession(
            login.provider(), login.identity(), tokens, login.idToken(), login.opSessionId());
    CookieJar jar = jar(make(store(Kind.COOKIE), assuming).setCookies());

    SessionStore.Lookup found = store(Kind.COOKIE).find(jar, NOW, true);

    assertThat(found).isInstanceOf(SessionStore.Lookup.Found.class);
    SessionTokens read = ((SessionStore.Lookup.Found) found).session().tokens();
    assertThat(read.assumed()).isTrue();
    assertThat(read.refreshDue(NOW)).isFalse();
    assertThat(read.refreshDue(NOW.plusSeconds(900))).isTrue();
  }

  @Test
  @Rule("TH-SES-2")
  void theStoreKnowsAHashAndNotTheCookie() {
    SessionStore.Created.Made made = make(store(Kind.MEMORY), login(Map.of(), 10));
    String id = jar(made.setCookies()).sessionChunks().get(0);

    assertThat(id).hasSize(43);
    assertThat(made.session().key()).isEqualTo(SessionKey.of(id));
    assertThat(made.session().key().toString()).hasSize(8).doesNotContain(id.substring(0, 8));
  }

  private static List<String> groups(int count) {
    return IntStream.range(0, count).mapToObj(i -> "group-" + i + "-abcdefghij").toList();
  }

  @Test
  void howeverManyRunOutAtOnceNoneOfThemIsCounted() {
    AtomicLong nanos = new AtomicLong();
    SessionStore store =
        new MemorySessionStore(
            limits(Kind.MEMORY, 10_000),
            NAMES,
            new SetCookie(true),
            random,
            revocations,
            nanos::get);
    for (int i = 0; i < 2500; i++) {
      make(store, login(Map.of(), 10));
    }
    assertThat(store.held()).hasValue(2500);

    nanos.addAndGet(Duration.ofHours(1).toNanos());

    assertThat(store.held()).hasValue(0);
  }

  @Test
  void noMoreAreKeptThanThereMayBe() {
    SessionStore store = store(Kind.MEMORY);
    for (int i = 0; i < 2500; i++) {
      make(store, login(Map.of(), 10));
    }
    assertThat(store.held()).hasValue(1000);
  }
}
