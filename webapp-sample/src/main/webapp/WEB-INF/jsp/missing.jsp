<%@ page isErrorPage="true" %>
<% String title = "Not found"; %>
<%@ include file="/WEB-INF/jsp/top.jspf" %>
<p>There is no such page or claim. <a href="<%= root %>/">Start again.</a></p>
<%@ include file="/WEB-INF/jsp/bottom.jspf" %>
