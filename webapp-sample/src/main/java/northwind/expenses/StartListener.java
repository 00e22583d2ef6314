package northwind.expenses;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;

/** Opens the {@link ClaimBook} with a few entries when the application starts. */
public final class StartListener implements ServletContextListener {
  @Override
  public void contextInitialized(ServletContextEvent event) {
    ClaimBook book = new ClaimBook();
    seed(book, "alice", "Train to the Rotterdam office", "Travel", "84.60", "2009-03-02");
    seed(book, "alice", "Two nights, Hotel Maas", "Accommodation", "218.00", "2009-03-04");
    seed(book, "bob", "Printer paper & toner <black>", "Office supplies", "61.35", "2009-03-11");
    seed(book, "root", "Database course", "Training", "1450.00", "2009-03-16");
    seed(book, "alice", "Lunch with customer", "Meals", "47.90", "2009-03-20");
    book.decide(1001, Claim.Status.APPROVED);
    book.open(event.getServletContext());
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {}

  private static void seed(
      ClaimBook book, String owner, String title, String category, String amount, String date) {
    book.submit(owner, new ClaimForm(title, category, amount, date, ""));
  }
}
