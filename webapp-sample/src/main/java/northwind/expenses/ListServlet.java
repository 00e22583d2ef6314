package northwind.expenses;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;

/** The user's own claims. The session remembers which of them the user wanted to see. */
public final class ListServlet extends PageServlet {
  private static final long serialVersionUID = 1L;
  private static final String FILTER = "filter";

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (!"/expenses/list".equals(request.getServletPath())) {
      redirect("/expenses/list", request, response);
      return;
    }
    String filter = filter(request);
    List<Claim> shown = claims().ownedBy(CurrentUser.of(request).getName());
    shown.removeIf(claim -> !filter.equals("all") && !claim.getStatus().name().equals(filter));
    request.setAttribute(FILTER, filter);
    request.setAttribute("claims", shown);
    request.setAttribute(
        "total", shown.stream().map(Claim::getAmount).reduce(BigDecimal.ZERO, BigDecimal::add));
    show("list", request, response);
  }

  private static String filter(HttpServletRequest request) {
    String asked = request.getParameter("show");
    if (asked != null) {
      request.getSession().setAttribute(FILTER, known(asked));
    }
    Object remembered = request.getSession().getAttribute(FILTER);
    return remembered == null ? "all" : remembered.toString();
  }

  private static String known(String asked) {
    for (Claim.Status status : Claim.Status.values()) {
      if (status.name().equals(asked)) {
        return asked;
      }
    }
    return "all";
  }
}
