package dev.gatehouse.page;

import java.util.List;

/** Renders the gateway's pages. Immutable, safe for concurrent use. */
public final class Pages {
  /**
   * @param basePath path of the public URL, empty or such as {@code /shop}; prefixed to every link
   */
  public Pages(String basePath) {}

  /** The HTML page, in the best of the languages asked for (RFC 9110 §12.5.4). */
  public Page.Rendered html(Page page, List<String> acceptLanguage) {
    throw new IllegalStateException("not written yet");
  }

  /** The same as {@code application/problem+json} (RFC 9457), in English. */
  public Page.Rendered problem(Page page, int status) {
    throw new IllegalStateException("not written yet");
  }
}
