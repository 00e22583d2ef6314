<%@ page import="northwind.expenses.Claim" %>
<%
  Claim claim = (Claim) request.getAttribute("claim");
  String title = "Claim " + claim.getId();
%>
<%@ include file="/WEB-INF/jsp/top.jspf" %>
<table class="facts">
<tr><th scope="row">Employee</th><td><%= Html.esc(claim.getOwner()) %></td></tr>
<tr><th scope="row">Date</th><td><%= claim.getDate() %></td></tr>
<tr><th scope="row">Purpose</th><td><%= Html.esc(claim.getTitle()) %></td></tr>
<tr><th scope="row">Category</th><td><%= Html.esc(claim.getCategory()) %></td></tr>
<tr><th scope="row">Amount</th><td>EUR <%= claim.getAmount() %></td></tr>
<tr><th scope="row">Status</th><td><%= claim.getStatus().getLabel() %></td></tr>
<tr><th scope="row">Notes</th><td class="notes"><%= Html.esc(claim.getNotes()) %></td></tr>
</table>
<p class="tools">
  <a class="button" href="<%= response.encodeURL(root + "/expenses/voucher.pdf?id=" + claim.getId()) %>">Print voucher (PDF)</a>
  <a href="<%= response.encodeURL(root + "/expenses/list") %>">Back to my claims</a>
</p>
<%@ include file="/WEB-INF/jsp/bottom.jspf" %>
