package dev.gatehouse.servlet;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The body as the app sees it, where the filter has read of it before. Kept for all dispatches of a
 * request; each method gets the request that the app sees at that moment. Used by one thread at a
 * time.
 */
interface AppBody {
  /** The bytes; the same stream every time. */
  ServletInputStream stream(HttpServletRequest shown) throws IOException;

  /**
   * The parameters that the app sees.
   *
   * @param ofContainer what the container says: those of the query, and where it has read the body
   *     into parts itself, those of the body
   */
  Map<String, List<String>> parameters(
      HttpServletRequest shown, Map<String, List<String>> ofContainer);

  /** By how many bytes the body is longer than the client announced; negative where shorter. */
  int grown();
}
