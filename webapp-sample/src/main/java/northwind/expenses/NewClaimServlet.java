package northwind.expenses;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;

/** The form for a new claim, and what happens when it is sent. */
public final class NewClaimServlet extends PageServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    ClaimForm empty = new ClaimForm("", "", "", LocalDate.now().toString(), "");
    showForm(empty, List.of(), request, response);
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    ClaimForm form = ClaimForm.of(request);
    List<String> errors = form.errors();
    if (!errors.isEmpty()) {
      response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
      showForm(form, errors, request, response);
      return;
    }
    Claim claim = claims().submit(CurrentUser.of(request).getName(), form);
    tell(request, "Claim " + claim.getId() + " has been submitted.");
    redirect("/expenses/detail?id=" + claim.getId(), request, response);
  }

  private static void showForm(
      ClaimForm form, List<String> errors, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    request.setAttribute("form", form);
    request.setAttribute("errors", errors);
    show("new", request, response);
  }
}
