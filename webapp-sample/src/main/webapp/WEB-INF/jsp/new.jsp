<%@ page import="java.util.List, northwind.expenses.ClaimForm" %>
<%
  String title = "New claim";
  ClaimForm form = (ClaimForm) request.getAttribute("form");
  List<?> errors = (List<?>) request.getAttribute("errors");
%>
<%@ include file="/WEB-INF/jsp/top.jspf" %>
<% if (!errors.isEmpty()) { %>
<ul class="errors" role="alert">
<% for (Object error : errors) { %>
  <li><%= Html.esc(error) %></li>
<% } %>
</ul>
<% } %>
<form method="post" action="<%= response.encodeURL(root + "/expenses/new") %>">
  <p><label for="title">What was it for?</label>
    <input type="text" id="title" name="title" maxlength="100" value="<%= Html.esc(form.getTitle()) %>"></p>
  <p><label for="category">Category</label>
    <select id="category" name="category">
<% for (String category : ClaimForm.CATEGORIES) { %>
      <option<%= category.equals(form.getCategory()) ? " selected" : "" %>><%= Html.esc(category) %></option>
<% } %>
    </select></p>
  <p><label for="amount">Amount in euro</label>
    <input type="text" id="amount" name="amount" inputmode="decimal" value="<%= Html.esc(form.getAmount()) %>"></p>
  <p><label for="date">Date (year-month-day)</label>
    <input type="text" id="date" name="date" value="<%= Html.esc(form.getDate()) %>"></p>
  <p><label for="notes">Notes</label>
    <textarea id="notes" name="notes" rows="5" cols="50"><%= Html.esc(form.getNotes()) %></textarea></p>
  <p><input type="submit" class="button" value="Submit claim"></p>
</form>
<%@ include file="/WEB-INF/jsp/bottom.jspf" %>
