package northwind.expenses;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One claim as a PDF voucher, to be printed and signed. */
public final class VoucherServlet extends PageServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Optional<Claim> claim = requestedClaim(request);
    if (claim.isEmpty()) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    byte[] pdf = Pdf.of(lines(claim.get()));
    response.setContentType("application/pdf");
    response.setHeader(
        "Content-Disposition", "attachment; filename=\"voucher-" + claim.get().getId() + ".pdf\"");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setContentLength(pdf.length);
    response.getOutputStream().write(pdf);
  }

  private static List<String> lines(Claim claim) {
    List<String> lines = new ArrayList<>();
    lines.add("NORTHWIND EXPENSES                       Voucher " + claim.getId());
    lines.add("");
    lines.add("Employee:  " + claim.getOwner());
    lines.add("Date:      " + claim.getDate());
    lines.add("Category:  " + claim.getCategory());
    lines.add("Purpose:   " + claim.getTitle());
    lines.add("Amount:    EUR " + claim.getAmount());
    lines.add("Status:    " + claim.getStatus().getLabel());
    lines.add("");
    lines.addAll(List.of(claim.getNotes().split("\\R")));
    lines.add("");
    lines.add("Signature: ______________________________");
    return lines;
  }
}
