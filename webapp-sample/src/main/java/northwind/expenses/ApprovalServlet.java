package northwind.expenses;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** Everybody's claims, to be approved or rejected; for {@code admins} alone. */
public final class ApprovalServlet extends PageServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (CurrentUser.of(request).isInRole(ADMINS)) {
      super.service(request, response);
    } else {
      response.sendError(HttpServletResponse.SC_FORBIDDEN);
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    request.setAttribute("claims", claims().all());
    show("approvals", request, response);
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Optional<Claim> claim = requestedClaim(request);
    if (claim.isEmpty()) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    boolean approved = "approve".equals(request.getParameter("decision"));
    Claim.Status decision = approved ? Claim.Status.APPROVED : Claim.Status.REJECTED;
    claims().decide(claim.get().getId(), decision);
    tell(
        request,
        "Claim "
            + claim.get().getId()
            + (approved ? " has been approved." : " has been rejected."));
    redirect("/admin/approvals", request, response);
  }
}
