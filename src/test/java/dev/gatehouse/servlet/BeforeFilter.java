package dev.gatehouse.servlet;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.cert.X509Certificate;

/** What stands before the gateway's filter in the chain: does what the field X-Before says. */
final class BeforeFilter implements Filter {
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String told = ((HttpServletRequest) request).getHeader("X-Before");
    if ("error".equals(told) && request.getDispatcherType().name().equals("REQUEST")) {
      ((HttpServletResponse) response).sendError(503);
      return;
    }
    if ("parameters".equals(told)) {
      request.getParameter("any");
    }
    if ("certificate".equals(told)) {
      request.setAttribute(
          "jakarta.servlet.request.X509Certificate",
          new X509Certificate[] {FilterCertificateTest.CLIENT.certificate()});
    }
    if ("attributes".equals(told)) {
      request.setAttribute("dev.gatehouse.identity", "mallory");
      request.setAttribute("dev.gatehouse.servlet.passage", "mallory");
    }
    chain.doFilter(request, response);
  }
}
