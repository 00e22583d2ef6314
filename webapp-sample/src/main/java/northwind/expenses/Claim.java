package northwind.expenses;

import java.math.BigDecimal;
import java.time.LocalDate;

/** One expense claim. Immutable; a decision makes a new one. */
public final class Claim {
  /** What can have become of a claim. */
  public enum Status {
    SUBMITTED("Submitted"),
    APPROVED("Approved"),
    REJECTED("Rejected");

    private final String label;

    Status(String label) {
      this.label = label;
    }

    /** The word that pages show. */
    public String getLabel() {
      return label;
    }
  }

  private final int id;
  private final String owner;
  private final ClaimForm details;
  private final Status status;

  /** A claim of {@code owner} with the details of a form that has no errors. */
  public Claim(int id, String owner, ClaimForm details, Status status) {
    this.id = id;
    this.owner = owner;
    this.details = details;
    this.status = status;
  }

  /** The number that people quote. */
  public int getId() {
    return id;
  }

  /** The login name of whoever spent the money. */
  public String getOwner() {
    return owner;
  }

  /** What it was for, in one line. */
  public String getTitle() {
    return details.getTitle();
  }

  /** One of {@link ClaimForm#CATEGORIES}. */
  public String getCategory() {
    return details.getCategory();
  }

  /** Euro, two decimals. */
  public BigDecimal getAmount() {
    return details.parsedAmount();
  }

  /** The day on which the money was spent. */
  public LocalDate getDate() {
    return details.parsedDate();
  }

  /** Anything else, may be empty and may have several lines. */
  public String getNotes() {
    return details.getNotes();
  }

  /** What has become of it. */
  public Status getStatus() {
    return status;
  }

  /** The same claim after a decision. */
  public Claim decided(Status decision) {
    return new Claim(id, owner, details, decision);
  }
}
