package northwind.expenses;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** What the application's servlets share: the claims, the user's part of them, and the pages. */
abstract class PageServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  static final String ADMINS = "admins";

  final ClaimBook claims() {
    return ClaimBook.of(getServletContext());
  }

  /** The claim that parameter {@code id} names, if this user may see it. */
  final Optional<Claim> requestedClaim(HttpServletRequest request) {
    CurrentUser user = CurrentUser.of(request);
    return numberOf(request)
        .flatMap(claims()::find)
        .filter(claim -> claim.getOwner().equals(user.getName()) || user.isInRole(ADMINS));
  }

  /** The value of parameter {@code id}, if it is a number. */
  static Optional<Integer> numberOf(HttpServletRequest request) {
    String id = request.getParameter("id");
    return id != null && id.matches("\\d{1,9}")
        ? Optional.of(Integer.valueOf(id))
        : Optional.empty();
  }

  /** Shows {@code /WEB-INF/jsp/NAME.jsp}. */
  static void show(String name, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    request.getRequestDispatcher("/WEB-INF/jsp/" + name + ".jsp").forward(request, response);
  }

  /** Sends the browser to another page of ours, after a form. */
  static void redirect(String path, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.sendRedirect(response.encodeRedirectURL(request.getContextPath() + path));
  }

  /** Keeps a sentence in the session, for the next page to show once. */
  static void tell(HttpServletRequest request, String message) {
    request.getSession().setAttribute("message", message);
  }
}
