package northwind.expenses;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.MessageDigest;

/**
 * Takes only requests that came through the web server in front of us: it shares a secret with us,
 * which nobody else can send. Without {@code front-door-secret-file} in {@code web.xml} it takes
 * all.
 */
public final class FrontDoorFilter implements Filter {
  private String header;
  private byte[] secret;

  @Override
  public void init(FilterConfig config) throws ServletException {
    header = config.getServletContext().getInitParameter("front-door-header");
    String file = config.getServletContext().getInitParameter("front-door-secret-file");
    if (file == null || file.isEmpty()) {
      return;
    }
    try {
      secret = new String(Files.readAllBytes(Paths.get(file)), UTF_8).trim().getBytes(UTF_8);
    } catch (IOException e) {
      throw new ServletException("cannot read " + file, e);
    }
    if (secret.length == 0) {
      throw new ServletException(file + " is empty");
    }
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (secret == null || isKnown(((HttpServletRequest) request).getHeader(header))) {
      chain.doFilter(request, response);
    } else {
      ((HttpServletResponse) response).setStatus(HttpServletResponse.SC_FORBIDDEN);
    }
  }

  /** Does not stop at the first difference: how long it takes tells nothing. */
  private boolean isKnown(String sent) {
    return sent != null && MessageDigest.isEqual(sent.getBytes(UTF_8), secret);
  }

  @Override
  public void destroy() {}
}
