<%@ page import="java.util.List, northwind.expenses.Claim" %>
<%! private static final String[][] FILTERS = {
      {"all", "All"}, {"SUBMITTED", "Submitted"}, {"APPROVED", "Approved"}, {"REJECTED", "Rejected"}
    }; %>
<%
  String title = "My claims";
  List<?> claims = (List<?>) request.getAttribute("claims");
%>
<%@ include file="/WEB-INF/jsp/top.jspf" %>
<p class="tools">Show:
<% for (String[] filter : FILTERS) { %>
<% if (filter[0].equals(request.getAttribute("filter"))) { %>
  <b><%= filter[1] %></b>
<% } else { %>
  <a href="<%= response.encodeURL(root + "/expenses/list?show=" + filter[0]) %>"><%= filter[1] %></a>
<% } %>
<% } %>
</p>
<% if (claims.isEmpty()) { %>
<p>There are no claims to show.</p>
<% } else { %>
<div class="scroll"><table>
<tr><th scope="col">No.</th><th scope="col">Date</th><th scope="col">Purpose</th>
    <th scope="col">Category</th><th scope="col" class="number">EUR</th><th scope="col">Status</th></tr>
<% for (Object item : claims) { Claim claim = (Claim) item; %>
<tr>
  <td><a href="<%= response.encodeURL(root + "/expenses/detail?id=" + claim.getId()) %>"><%= claim.getId() %></a></td>
  <td><%= claim.getDate() %></td>
  <td><%= Html.esc(claim.getTitle()) %></td>
  <td><%= Html.esc(claim.getCategory()) %></td>
  <td class="number"><%= claim.getAmount() %></td>
  <td><%= claim.getStatus().getLabel() %></td>
</tr>
<% } %>
<tr class="total"><td colspan="4">Total</td><td class="number"><%= request.getAttribute("total") %></td><td></td></tr>
</table></div>
<% } %>
<p class="tools">
  <a class="button" href="<%= response.encodeURL(root + "/expenses/new") %>">New claim</a>
  <a class="button" href="<%= response.encodeURL(root + "/expenses/export.csv") %>">Download as CSV</a>
</p>
<%@ include file="/WEB-INF/jsp/bottom.jspf" %>
