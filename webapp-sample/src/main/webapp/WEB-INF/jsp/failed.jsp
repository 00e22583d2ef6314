<%@ page isErrorPage="true" %>
<% String title = "Something went wrong"; %>
<%@ include file="/WEB-INF/jsp/top.jspf" %>
<p>That did not work, and it is our fault. Try again, or call extension 4711.</p>
<%@ include file="/WEB-INF/jsp/bottom.jspf" %>
