package dev.gatehouse.session;

import dev.gatehouse.seal.Digests;
import dev.gatehouse.seal.Sealer;
import dev.gatehouse.seal.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Seals login transactions into cookies, one cookie an attempt, so that tabs do not disturb each
 * other (TH-STATE-5). Immutable, safe for concurrent use.
 */
public final class TransactionCookies {
  /** All pending attempts of one browser together; the rest of the Cookie field is the app's. */
  private static final int MAX_COOKIE_BYTES = 6 * 1024;

  private final Sealer sealer;
  private final CookieNames names;
  private final SetCookie setCookie;
  private final Duration lifetime;
  private final int maxPending;

  /**
   * @param sealer for this purpose alone: no session cookie can serve as a transaction
   * @param lifetime from leaving for the OP to coming back
   * @param maxPending attempts in flight per browser
   */
  public TransactionCookies(
      Sealer sealer, CookieNames names, SetCookie setCookie, Duration lifetime, int maxPending) {
    this.sealer = Objects.requireNonNull(sealer, "sealer");
    this.names = Objects.requireNonNull(names, "names");
    this.setCookie = Objects.requireNonNull(setCookie, "setCookie");
    this.lifetime = Objects.requireNonNull(lifetime, "lifetime");
    this.maxPending = maxPending;
  }

  /**
   * What beginning an attempt does to the browser's cookies.
   *
   * @param setCookies the new transaction, and the removal of those that it displaces
   * @param displaced attempts that will come back without their cookie
   */
  public record Begun(List<String> setCookies, List<LoginTransaction> displaced) {
    public Begun {
      setCookies = List.copyOf(setCookies);
      displaced = List.copyOf(displaced);
    }

    /** How many and no more: the lines hold cookies (TH-SEC-3). */
    @Override
    public String toString() {
      return "Begun[" + setCookies.size() + " lines, " + displaced.size() + " displaced]";
    }
  }

  /**
   * Adds {@code transaction} to the browser's pending ones, dropping the oldest over the bounds.
   *
   * @param crossSite whether the answer of the OP is a form that the browser sends from its page:
   *     no Lax cookie travels with that (OAuth 2.0 Form Post Response Mode §2)
   */
  public Begun begin(LoginTransaction transaction, CookieJar cookies, boolean crossSite) {
    String name = names.transactionPrefix() + id(transaction.state().reveal());
    String value =
        sealer.seal(
            LoginTransactionFormat.write(transaction), transaction.createdAt().plus(lifetime));
    List<String> setCookies = new ArrayList<>();
    setCookies.add(
        crossSite
            ? setCookie.crossSite(name, value, lifetime)
            : setCookie.lasting(name, value, lifetime));

    List<LoginTransaction> displaced = new ArrayList<>();
    List<Pending> others = pending(cookies, transaction.createdAt(), setCookies);
    int bytes = name.length() + value.length() + 3;
    int count = 1;
    for (Pending other : others) {
      bytes += other.bytes();
      count++;
      if (count > maxPending || bytes > MAX_COOKIE_BYTES) {
        setCookies.add(setCookie.removal(other.name()));
        displaced.add(other.transaction());
      }
    }
    return new Begun(setCookies, displaced);
  }

  /** What the callback finds under a state. */
  public sealed interface Found {
    /** The browser's own attempt, in time. */
    record Valid(LoginTransaction transaction) implements Found {}

    /** The browser's own attempt, too late. */
    record Expired(LoginTransaction transaction) implements Found {}

    /** This browser began no attempt with this state. */
    record Missing() implements Found {}

    /** There is a cookie for this state, but it was not sealed for it. */
    record Broken() implements Found {}
  }

  /** The transaction that belongs to {@code state} in this browser. */
  public Found find(String state, CookieJar cookies, Instant now) {
    String value = cookies.transactions().get(id(state));
    if (value == null) {
      return new Found.Missing();
    }
    Optional<LoginTransaction> transaction = open(value);
    if (transaction.isEmpty() || !transaction.get().state().equals(Secret.of(state))) {
      return new Found.Broken();
    }
    boolean inTime = now.isBefore(transaction.get().createdAt().plus(lifetime));
    return inTime ? new Found.Valid(transaction.get()) : new Found.Expired(transaction.get());
  }

  /** The line that removes the cookie of the attempt with this state. */
  public String removal(String state) {
    return setCookie.removal(names.transactionPrefix() + id(state));
  }

  private record Pending(String name, int bytes, LoginTransaction transaction) {}

  /** Younger first; cookies that are nobody's attempt any more are removed on the way. */
  private List<Pending> pending(CookieJar cookies, Instant now, List<String> setCookies) {
    List<Pending> pending = new ArrayList<>();
    for (Map.Entry<String, String> cookie : cookies.transactions().entrySet()) {
      if (cookie.getKey().equals(BrowserMark.ID)) {
        continue;
      }
      String name = names.transactionPrefix() + cookie.getKey();
      Optional<LoginTransaction> transaction = open(cookie.getValue());
      if (transaction.isPresent() && now.isBefore(transaction.get().createdAt().plus(lifetime))) {
        int bytes = name.length() + cookie.getValue().length() + 3;
        pending.add(new Pending(name, bytes, transaction.get()));
      } else if (safeName(cookie.getKey())) {
        setCookies.add(setCookie.removal(name));
      }
    }
    pending.sort(Comparator.comparing((Pending p) -> p.transaction().createdAt()).reversed());
    return pending;
  }

  /** A name from the request is written back only when it is one that we could have made. */
  private static boolean safeName(String id) {
    return id.length() <= 32 && id.chars().allMatch(TransactionCookies::base64url);
  }

  private static boolean base64url(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  /** Names the cookie without telling the state. */
  static String id(String state) {
    byte[] hash = Digests.sha256(state);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(java.util.Arrays.copyOf(hash, 9));
  }

  private Optional<LoginTransaction> open(String value) {
    return sealer.open(value).flatMap(opened -> LoginTransactionFormat.read(opened.plaintext()));
  }
}
