package northwind.expenses;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All claims, in memory: they are gone when the application stops. Keeps the newest {@value
 * #CAPACITY}. Safe for concurrent use.
 */
public final class ClaimBook {
  private static final int CAPACITY = 500;
  private static final int FIRST_ID = 1001;

  private final TreeMap<Integer, Claim> claims = new TreeMap<>();
  private int nextId = FIRST_ID;

  /** The book that {@link StartListener} opened for this application. */
  static ClaimBook of(ServletContext application) {
    return (ClaimBook) application.getAttribute(ClaimBook.class.getName());
  }

  /** Puts this book where {@link #of} finds it. */
  void open(ServletContext application) {
    application.setAttribute(ClaimBook.class.getName(), this);
  }

  /** Enters a claim and gives it a number; the oldest goes when the book is full. */
  synchronized Claim submit(String owner, ClaimForm form) {
    Claim claim = new Claim(nextId++, owner, form, Claim.Status.SUBMITTED);
    claims.put(claim.getId(), claim);
    if (claims.size() > CAPACITY) {
      claims.pollFirstEntry();
    }
    return claim;
  }

  /** Records a decision; does nothing when there is no such claim. */
  synchronized void decide(int id, Claim.Status decision) {
    claims.computeIfPresent(id, (number, claim) -> claim.decided(decision));
  }

  /** The claim with that number. */
  synchronized Optional<Claim> find(int id) {
    return Optional.ofNullable(claims.get(id));
  }

  /** Every claim, the newest first. */
  synchronized List<Claim> all() {
    return new ArrayList<>(claims.descendingMap().values());
  }

  /** The claims of one person, the newest first. */
  List<Claim> ownedBy(String owner) {
    List<Claim> owned = all();
    owned.removeIf(claim -> !claim.getOwner().equals(owner));
    return owned;
  }
}
