package dev.gatehouse.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * An HTML page with its own style: no script, nothing fetched. Whatever is filled in is escaped;
 * the style stands in the page, and the policy knows it by its hash. Immutable, safe for concurrent
 * use.
 */
public final class PageTemplate {
  /** Of all our pages, by day and by night. */
  static final String COLOURS = Resource.text("colours.css");

  private final Template template;
  private final String style;
  private final String policy;

  /**
   * Reads the page.
   *
   * @param beside the class that the files stand beside
   * @param html the name of the template, in which <code>{{{style}}}</code> is the style
   * @param css the name of the style sheet, which stands behind the colours of all pages
   */
  public PageTemplate(Class<?> beside, String html, String css) {
    this.template =
        Mustache.compiler()
            .emptyStringIsFalse(true)
            .withEscaper(
                Escapers.simple(
                    new String[] {"&", "&amp;"},
                    new String[] {"<", "&lt;"},
                    new String[] {">", "&gt;"},
                    new String[] {"\"", "&quot;"},
                    new String[] {"'", "&#39;"}))
            .compile(Resource.text(beside, html));
    this.style = COLOURS + "\n" + Resource.text(beside, css);
    this.policy =
        "default-src 'none'; style-src 'sha256-"
            + sha256(style)
            + "'; base-uri 'none'; frame-ancestors 'none'";
  }

  /** The style sheet, for the template to take in. */
  public String style() {
    return style;
  }

  /** A {@code Content-Security-Policy} that says nothing of forms yet. */
  public String policy() {
    return policy;
  }

  /** The page with {@code context} filled in. */
  public byte[] fill(Object context) {
    return template.execute(context).getBytes(UTF_8);
  }

  private static String sha256(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
