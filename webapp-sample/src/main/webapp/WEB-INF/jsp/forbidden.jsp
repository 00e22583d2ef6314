<%@ page isErrorPage="true" %>
<% String title = "Not for you"; %>
<%@ include file="/WEB-INF/jsp/top.jspf" %>
<p>This page is for the accounts department. If you belong there, ask extension 4711 to add you to
the group <i>admins</i>.</p>
<%@ include file="/WEB-INF/jsp/bottom.jspf" %>
