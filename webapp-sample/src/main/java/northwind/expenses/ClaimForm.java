package northwind.expenses;

import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** What the user typed, as typed, and what is wrong with it. Immutable. */
public final class ClaimForm {
  /** What money can be spent on. */
  public static final List<String> CATEGORIES =
      List.of("Travel", "Accommodation", "Meals", "Office supplies", "Training", "Other");

  private static final int MAX_TITLE = 100;
  private static final int MAX_NOTES = 2000;
  private static final BigDecimal MAX_AMOUNT = new BigDecimal("99999.99");

  private final String title;
  private final String category;
  private final String amount;
  private final String date;
  private final String notes;

  /** A form with these values; null counts as empty. */
  public ClaimForm(String title, String category, String amount, String date, String notes) {
    this.title = trimmed(title);
    this.category = trimmed(category);
    this.amount = trimmed(amount).replace(',', '.');
    this.date = trimmed(date);
    this.notes = trimmed(notes);
  }

  /** The form that was sent. */
  public static ClaimForm of(HttpServletRequest request) {
    return new ClaimForm(
        request.getParameter("title"),
        request.getParameter("category"),
        request.getParameter("amount"),
        request.getParameter("date"),
        request.getParameter("notes"));
  }

  /** What is wrong, in sentences for the user; empty when all is well. */
  public List<String> errors() {
    List<String> errors = new ArrayList<>();
    if (title.isEmpty() || title.length() > MAX_TITLE) {
      errors.add("Say what the money was for, in 1 to " + MAX_TITLE + " characters.");
    }
    if (!CATEGORIES.contains(category)) {
      errors.add("Choose a category.");
    }
    BigDecimal parsed = parsedAmount();
    if (parsed == null || parsed.signum() <= 0 || parsed.compareTo(MAX_AMOUNT) > 0) {
      errors.add("Enter an amount from 0.01 to " + MAX_AMOUNT + " euro.");
    }
    if (parsedDate() == null) {
      errors.add("Enter the date as year-month-day, for example 2009-04-30.");
    }
    if (notes.length() > MAX_NOTES) {
      errors.add("Notes can have at most " + MAX_NOTES + " characters.");
    }
    return errors;
  }

  /** What it was for. */
  public String getTitle() {
    return title;
  }

  /** The category, as sent. */
  public String getCategory() {
    return category;
  }

  /** The amount, as typed. */
  public String getAmount() {
    return amount;
  }

  /** The date, as typed. */
  public String getDate() {
    return date;
  }

  /** Anything else. */
  public String getNotes() {
    return notes;
  }

  /** The amount in euro, null when it is none. */
  BigDecimal parsedAmount() {
    // A plain number and no more: BigDecimal would read 1e999999999 too.
    return amount.matches("\\d{1,7}(\\.\\d{1,2})?")
        ? new BigDecimal(amount).setScale(2, RoundingMode.UNNECESSARY)
        : null;
  }

  /** The date, null when it is none. */
  LocalDate parsedDate() {
    try {
      return LocalDate.parse(date);
    } catch (DateTimeException notADate) {
      return null;
    }
  }

  private static String trimmed(String value) {
    return value == null ? "" : value.trim();
  }
}
