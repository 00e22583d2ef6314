package northwind.expenses;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The diagnostic page: who the user is for us, and which request headers arrived. */
public final class WhoAmIServlet extends PageServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    List<String[]> fields = new ArrayList<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      for (String value : Collections.list(request.getHeaders(name))) {
        fields.add(new String[] {name, shown(name, value)});
      }
    }
    request.setAttribute("fields", fields);
    // Within the JSP the address would be the JSP's own.
    request.setAttribute("address", request.getRequestURL().toString());
    response.setHeader("Cache-Control", "no-store");
    show("whoami", request, response);
  }

  /** The value, without what a page must not show: whoever reads it could become the user. */
  private static String shown(String name, String value) {
    if (name.equalsIgnoreCase("Cookie")) {
      return value.replaceAll("=[^;]*", "=(hidden)");
    }
    if (name.equalsIgnoreCase("Authorization")) {
      return value.replaceAll(" .*", " (hidden)");
    }
    return value;
  }
}
