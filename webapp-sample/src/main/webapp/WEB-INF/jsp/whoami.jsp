<%@ page import="java.util.List" %>
<%
  String title = "Who am I";
  List<?> fields = (List<?>) request.getAttribute("fields");
%>
<%@ include file="/WEB-INF/jsp/top.jspf" %>
<h2>You</h2>
<table class="facts">
<tr><th scope="row">User</th><td id="user-name"><%= Html.esc(user.getName()) %></td></tr>
<tr><th scope="row">Name</th><td><%= Html.esc(user.getDisplayName()) %></td></tr>
<tr><th scope="row">Known from</th><td id="user-source"><%= Html.esc(user.getSource()) %></td></tr>
<tr><th scope="row">Administrator</th><td id="user-admin"><%= user.isInRole("admins") ? "yes" : "no" %></td></tr>
<tr><th scope="row">getRemoteUser()</th><td id="remote-user"><%= Html.esc(request.getRemoteUser()) %></td></tr>
<tr><th scope="row">getUserPrincipal()</th><td id="principal"><%= Html.esc(request.getUserPrincipal() == null ? null : request.getUserPrincipal().getName()) %></td></tr>
<tr><th scope="row">getAuthType()</th><td id="auth-type"><%= Html.esc(request.getAuthType()) %></td></tr>
<tr><th scope="row">isUserInRole("admins")</th><td id="in-role"><%= request.isUserInRole("admins") %></td></tr>
</table>
<h2>Your request</h2>
<table class="facts">
<tr><th scope="row">Address</th><td id="request-url"><%= Html.esc(request.getAttribute("address")) %></td></tr>
<tr><th scope="row">Secure</th><td id="secure"><%= request.isSecure() %></td></tr>
<tr><th scope="row">From</th><td id="remote-address"><%= Html.esc(request.getRemoteAddr()) %></td></tr>
</table>
<h2>Headers that arrived</h2>
<div class="scroll"><table id="headers">
<tr><th scope="col">Name</th><th scope="col">Value</th></tr>
<% for (Object item : fields) { String[] field = (String[]) item; %>
<tr><td><%= Html.esc(field[0]) %></td><td class="value"><%= Html.esc(field[1]) %></td></tr>
<% } %>
</table></div>
<%@ include file="/WEB-INF/jsp/bottom.jspf" %>
