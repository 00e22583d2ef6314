<% String title = "Welcome"; %>
<%@ include file="/WEB-INF/jsp/top.jspf" %>
<p>Claim what you have spent on behalf of Northwind Traders: fill in a form, print the voucher, keep
the receipt. Claims that reach us by the 20th are paid with the month's salary.</p>
<ul>
  <li><a href="<%= response.encodeURL(root + "/expenses/list") %>">Your claims</a> and what became of them</li>
  <li><a href="<%= response.encodeURL(root + "/expenses/new") %>">Enter a new claim</a></li>
  <li><a href="<%= response.encodeURL(root + "/admin/approvals") %>">Approvals</a>, for the accounts department</li>
  <li><a href="<%= response.encodeURL(root + "/whoami") %>">Who am I</a>, when support asks you</li>
</ul>
<%@ include file="/WEB-INF/jsp/bottom.jspf" %>
