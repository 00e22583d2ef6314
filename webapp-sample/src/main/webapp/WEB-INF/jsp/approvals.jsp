<%@ page import="java.util.List, northwind.expenses.Claim" %>
<%
  String title = "Approvals";
  List<?> claims = (List<?>) request.getAttribute("claims");
%>
<%@ include file="/WEB-INF/jsp/top.jspf" %>
<div class="scroll"><table>
<tr><th scope="col">No.</th><th scope="col">Employee</th><th scope="col">Purpose</th>
    <th scope="col" class="number">EUR</th><th scope="col">Status</th><th scope="col">Decision</th></tr>
<% for (Object item : claims) { Claim claim = (Claim) item; %>
<tr>
  <td><a href="<%= response.encodeURL(root + "/expenses/detail?id=" + claim.getId()) %>"><%= claim.getId() %></a></td>
  <td><%= Html.esc(claim.getOwner()) %></td>
  <td><%= Html.esc(claim.getTitle()) %></td>
  <td class="number"><%= claim.getAmount() %></td>
  <td><%= claim.getStatus().getLabel() %></td>
  <td>
<% if (claim.getStatus() == Claim.Status.SUBMITTED) { %>
    <form method="post" action="<%= response.encodeURL(root + "/admin/approvals") %>">
      <input type="hidden" name="id" value="<%= claim.getId() %>">
      <button type="submit" name="decision" value="approve" aria-label="Approve claim <%= claim.getId() %>">Approve</button>
      <button type="submit" name="decision" value="reject" aria-label="Reject claim <%= claim.getId() %>">Reject</button>
    </form>
<% } %>
  </td>
</tr>
<% } %>
</table></div>
<%@ include file="/WEB-INF/jsp/bottom.jspf" %>
